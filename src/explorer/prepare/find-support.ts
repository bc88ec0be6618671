import { type LatentAxes, latentAxes, turnToAxes } from '../../analysis/index.ts';
import { type Matrix, Random, row, zeros } from '../../base/index.ts';
import { buildKdTree, nearestTo } from '../../neighbours/index.ts';
import type { Support } from '../protocol.ts';
import { NEIGHBOUR } from '../support.ts';

/** Objects that stand for the rest: enough to be dense, few enough to be searched at every move of a slider. */
const LARGEST_SAMPLE = 2000;
const CENTRAL = 0.99;
/** Deviations below this share of the largest are roundings, as of a latent that a model never uses. */
const LEAST_DEVIATION = 1e-4;

/**
 * What tells a supported point of latent space from one beyond the objects. For an object of the sample its own place
 * does not count as a neighbour, so that it is judged as any other.
 *
 * @param means N × Q latent means, N ≥ 1
 */
export function findSupport(means: Matrix): Support {
  const { rows: n, columns: q } = means;
  const axes = latentAxes(means);
  const whitening = whiteningOf(axes);
  const white = turnToAxes(means, { origin: axes.centroid, vectors: whitening });
  const distances = Float64Array.from({ length: n }, (_, object) =>
    row(white, object).reduce((sum, value) => sum + value * value, 0),
  );
  const sample = new Random(1).permutation(n).subarray(0, LARGEST_SAMPLE).sort();
  return {
    mean: [...axes.centroid],
    precision: precisionOf(whitening, q),
    distance99: percentile(distances),
    sample: [...sample],
    nearest99: percentile(distancesToNeighbour(white, sample)),
  };
}

/** Of every object to its 5th nearest of the sample, itself left out. */
function distancesToNeighbour(white: Matrix, sample: Uint32Array): Float64Array {
  const sampled = zeros(sample.length, white.columns);
  sample.forEach((object, s) => {
    row(sampled, s).set(row(white, object));
  });
  const k = Math.min(NEIGHBOUR + 1, sample.length);
  const { distance } = nearestTo(buildKdTree(sampled), white, k);
  const own = new Set(sample);
  // An object of the sample finds itself, or a twin, at distance 0 first.
  const at = (object: number) => Math.min(k, own.has(object) ? NEIGHBOUR + 1 : NEIGHBOUR) - 1;
  return Float64Array.from({ length: white.rows }, (_, object) => distance[object * k + at(object)]);
}

/** Q × Q: W of |W δ|² = squared Mahalanobis distance, from the axes on which the latents do not correlate. */
function whiteningOf({ vectors, deviation }: LatentAxes): Float64Array {
  const q = deviation.length;
  // Of one object, or of many at one place, any other unit is as good as the next.
  const widest = deviation[0] > 0 ? deviation[0] : 1;
  return vectors.map((component, i) => component / Math.max(deviation[Math.floor(i / q)], LEAST_DEVIATION * widest));
}

/** WᵀW, Q × Q. */
function precisionOf(whitening: Float64Array, q: number): number[] {
  return Array.from({ length: q * q }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < q; k++) sum += whitening[k * q + Math.floor(at / q)] * whitening[k * q + (at % q)];
    return sum;
  });
}

function percentile(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(CENTRAL * sorted.length) - 1)];
}
