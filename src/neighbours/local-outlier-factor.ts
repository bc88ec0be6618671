import type { LongWorkOptions } from '../base/index.ts';
import { buildKdTree, type Points } from './kd-tree.ts';
import { nearestNeighbours } from './nearest.ts';

/** Keeps the density of points with k duplicates finite; scikit-learn adds the same. */
const SMALLEST_REACH = 1e-10;

/**
 * Local outlier factor of every point (Breunig et al. 2000): how much less dense a point's neighbourhood is than those
 * of its k nearest neighbours; about 1 amid others, larger the more alone. With
 *
 *     reach(a, b) = max(distance of b's k-th neighbour, |a − b|),   density(a) = 1 / mean over neighbours of reach(a, b)
 *
 * the factor is the mean density of the neighbours over the point's own. Exactly k neighbours count, as in scikit-learn;
 * of equally distant ones the first in the input.
 *
 * @param points N × D, finite
 * @returns length N
 * @throws RangeError unless 1 ≤ k < N and all coordinates are finite
 * @throws InterruptedError when `options.signal` fires
 */
export function localOutlierFactor(points: Points, k: number, options: LongWorkOptions = {}): Float64Array {
  const { index, distance } = nearestNeighbours(buildKdTree(points), k, options);
  const n = points.rows;
  const density = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let reach = 0;
    for (let slot = i * k; slot < (i + 1) * k; slot++) {
      reach += Math.max(distance[slot], distance[index[slot] * k + k - 1]);
    }
    density[i] = 1 / (reach / k + SMALLEST_REACH);
  }
  const factor = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let slot = i * k; slot < (i + 1) * k; slot++) sum += density[index[slot]];
    factor[i] = sum / k / density[i];
  }
  return factor;
}
