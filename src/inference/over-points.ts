import { type LongWorkOptions, type Matrix, zeros } from '../base/index.ts';
import { type DecodedPoints, type Gaussians, sigmaPoints } from '../linalg/index.ts';
import { inChunks, part } from './chunks.ts';

/** Some of the objects at work. */
export interface PointsAtWork {
  /** Objects `from` … `to` − 1. */
  readonly from: number;
  readonly to: number;
  /** Their sigma points, those of the first object before those of the second. */
  readonly points: Matrix;
  /** For what is decoded there: zeros so far. */
  readonly at: DecodedPoints;
  /** What is wanted of each object, (to − from) × columns: views of the result. */
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/**
 * Mean and variance, N × `columns` each, of something decoded from latents that are known as Gaussians.
 *
 * @param visit decodes the points and writes mean and variance
 * @throws InterruptedError when `options.signal` fires
 */
export async function overSigmaPoints(
  stage: string,
  latents: Gaussians,
  columns: number,
  options: LongWorkOptions,
  visit: (work: PointsAtWork) => Promise<void>,
): Promise<{ readonly mean: Matrix; readonly variance: Matrix }> {
  const { rows } = latents.mean;
  const mean = zeros(rows, columns);
  const variance = zeros(rows, columns);
  const pointsEach = 1 + 2 * latents.mean.columns;
  await inChunks(stage, rows, pointsEach, options, async (from, to) => {
    const points = sigmaPoints(latents, from, to);
    const at = { decoded: zeros(points.rows, columns), scatter: zeros(points.rows, columns), pointsEach };
    await visit({ from, to, points, at, mean: part(mean, from, to), variance: part(variance, from, to) });
  });
  return { mean, variance };
}
