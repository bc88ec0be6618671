import type { Random } from '../base/index.ts';
import type { Clustering } from './clustering.ts';
import type { Points } from './kd-tree.ts';

/** Points that the mean is taken over: the error of the mean is then about 0.01. */
const SAMPLE = 2000;

/**
 * Mean silhouette (Rousseeuw 1987) of a clustering: (b − a)/max(a, b) with a the mean distance to the other members of
 * one's own cluster and b that to the members of the next nearest one; 1 = tight and apart, 0 = one blob. Noise is left
 * out, a cluster of one point counts 0. Of more than 2000 points a sample is drawn, and distances are taken within it.
 *
 * @param points N × D
 * @returns NaN when fewer than two clusters are seen
 */
export function silhouette(points: Points, { clusters, cluster }: Clustering, random: Random): number {
  const order = random.permutation(points.rows).filter((index) => cluster[index] >= 0);
  const sample = order.subarray(0, SAMPLE);
  const size = new Int32Array(clusters);
  for (const index of sample) size[cluster[index]]++;
  if (size.filter((members) => members > 0).length < 2) return Number.NaN;
  const sums = new Float64Array(clusters);
  let total = 0;
  for (const index of sample) {
    sums.fill(0);
    for (const other of sample) sums[cluster[other]] += distance(points, index, other);
    total += ofOne(cluster[index], sums, size);
  }
  return total / sample.length;
}

function ofOne(own: number, sums: Float64Array, size: Int32Array): number {
  if (size[own] === 1) return 0;
  const a = sums[own] / (size[own] - 1);
  let b = Number.POSITIVE_INFINITY;
  for (let c = 0; c < size.length; c++) if (c !== own && size[c] > 0) b = Math.min(b, sums[c] / size[c]);
  return Math.max(a, b) === 0 ? 0 : (b - a) / Math.max(a, b);
}

function distance({ columns: d, data }: Points, a: number, b: number): number {
  let square = 0;
  for (let k = 0; k < d; k++) square += (data[a * d + k] - data[b * d + k]) ** 2;
  return Math.sqrt(square);
}
