import { zeros } from '../../base/index.ts';
import { excessVariance } from '../../models/index.ts';
import type { LabelEstimate, LabelledSpectra } from './baseline.ts';

/** Squares of residuals count up to this many variances when settings are compared: no stray object decides. */
const CLIP = 25;

/**
 * c of the model r ~ N(0, noise + c · shape): how far true labels scatter about predictions beyond their measurement,
 * as maximum likelihood has it with residuals clipped at 5σ (models/model-variance.ts). Where the residuals are no wider
 * than the noise it is the least that they can tell from 0, its standard error √(2 / Σ (shape/noise)²): no prediction
 * claims to be exact.
 *
 * @param residual length N, measured minus predicted
 * @param noise length N: variance of the measurements
 * @param shape length N: relative variance of the predictions, above 0; 1 for all unless given
 */
export function scatterBeyondNoise(residual: Float64Array, noise: Float64Array, shape?: Float64Array): number {
  const scaled = zeros(residual.length, 1);
  const certainty = zeros(residual.length, 1);
  let information = 0;
  for (let n = 0; n < residual.length; n++) {
    const by = shape === undefined ? 1 : shape[n];
    scaled.data[n] = residual[n] / Math.sqrt(by);
    certainty.data[n] = by / noise[n];
    information += 0.5 * (by / noise[n]) ** 2;
  }
  return Math.max(excessVariance(scaled, certainty)[0], 1 / Math.sqrt(information));
}

/**
 * Mean over objects of −ln N(measured; predicted, variance + noise) up to a constant, with residuals clipped at 5σ: by
 * this the settings of a baseline are chosen on the validation objects.
 */
export function predictionCost({ mean, variance }: LabelEstimate, { value, noise }: LabelledSpectra): number {
  let sum = 0;
  for (let n = 0; n < value.length; n++) {
    const total = variance[n] + noise[n];
    sum += Math.log(total) + Math.min((value[n] - mean[n]) ** 2 / total, CLIP);
  }
  return (0.5 * sum) / value.length;
}

/** Predictions of held-out objects, completed by one variance for all, which is returned too. */
export function withHeldOutScatter(mean: Float64Array, heldOut: LabelledSpectra): LabelEstimate & { scatter: number } {
  const residual = heldOut.value.map((value, n) => value - mean[n]);
  const scatter = scatterBeyondNoise(residual, heldOut.noise);
  return { mean, variance: new Float64Array(mean.length).fill(scatter), scatter };
}
