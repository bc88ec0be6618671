/**
 * Whether a point of latent space is backed by objects. A model decodes any point to a spectrum, also where no object
 * ever was; Portillo et al. (2020, section 4) warn of such extrapolation. Two questions are asked: how far out the point
 * lies (Mahalanobis distance), and how lonely (distance to the 5th nearest object in the same units), each against the
 * 99th percentile over the objects themselves. Axes: S sampled objects, Q latents.
 */
import type { Support } from './protocol.ts';

export interface LatentJudgement {
  /** Mahalanobis distance from the middle of the objects, in standard deviations. */
  readonly distance: number;
  /** To the 5th nearest of the sampled objects, in the same units. */
  readonly nearest: number;
  readonly supported: boolean;
  /** Sentences for people; none where the point is supported. */
  readonly warnings: readonly string[];
}

/** The neighbour whose distance tells how lonely a point is. */
export const NEIGHBOUR = 5;

/**
 * @param sampleLatents S × Q, row-major: latents of `support.sample`
 * @param latent length Q, the run's own latents
 */
export function judgeLatent(support: Support, sampleLatents: Float32Array, latent: ArrayLike<number>): LatentJudgement {
  const measure = distanceMeasure(support, latent);
  const distance = Math.sqrt(measure(Float64Array.from(support.mean), 0));
  const nearest = Math.sqrt(
    nthSmallest(support.sample.length, NEIGHBOUR, (s) => measure(sampleLatents, s * latent.length)),
  );
  const warnings: string[] = [];
  if (distance ** 2 > support.distance99) {
    warnings.push(
      `This point lies ${distance.toFixed(1)} standard deviations from the middle of the training objects, farther out than 99% of them: what is shown is extrapolated (Portillo et al. 2020, section 4).`,
    );
  }
  if (nearest > support.nearest99) {
    warnings.push(
      `Few training objects are near this point: the ${NEIGHBOUR}th nearest is ${nearest.toFixed(1)} standard deviations away, farther than from 99% of them (${support.nearest99.toFixed(1)}): what is shown is hardly backed by data.`,
    );
  }
  return { distance, nearest, supported: warnings.length === 0, warnings };
}

/** Squared Mahalanobis distance from `latent` to the Q numbers at a place of an array. */
function distanceMeasure({ precision }: Support, latent: ArrayLike<number>) {
  const q = latent.length;
  const offset = new Float64Array(q);
  const weights = Float64Array.from(precision);
  const place = Float64Array.from(latent);
  return (points: Float32Array | Float64Array, from: number): number => {
    for (let i = 0; i < q; i++) offset[i] = place[i] - points[from + i];
    let square = 0;
    for (let i = 0; i < q; i++) {
      let inner = 0;
      for (let j = 0; j < q; j++) inner += weights[i * q + j] * offset[j];
      square += offset[i] * inner;
    }
    return Math.max(0, square);
  };
}

/** The n-th smallest of some values, or the largest where there are fewer. */
function nthSmallest(count: number, n: number, valueAt: (index: number) => number): number {
  const smallest: number[] = [];
  for (let index = 0; index < count; index++) {
    const value = valueAt(index);
    if (smallest.length === n && value >= smallest[n - 1]) continue;
    let slot = smallest.length < n ? smallest.length : n - 1;
    for (; slot > 0 && smallest[slot - 1] > value; slot--) smallest[slot] = smallest[slot - 1];
    smallest[slot] = value;
  }
  return smallest.at(-1) ?? 0;
}
