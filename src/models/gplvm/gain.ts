/**
 * The error of a spectrum's normalisation. Spectra are divided by a noisy measurement of their own brightness, so each
 * stands off by a factor 1 + δ, all its pixels together: x = (1 + δ) f(z) + noise. The factor is known as well as the
 * measurement was, which follows the spectrum's noise: δ_n ~ N(0, c / ⟨p u²⟩_n), with ⟨p u²⟩ the mean squared S/N of
 * its observed pixels and c learnt (about 1/8 when eight pixels are averaged, next to 0 when all are).
 * Everything in standardised units: u = f in units of the outputs' scatter. Axes: N objects, P pixels.
 */
import {
  add,
  divide,
  exp,
  greater,
  log,
  maximum,
  multiply,
  reciprocal,
  square,
  stopGradient,
  subtract,
  sum,
  type Tensor,
} from '../../graph/index.ts';
import { noiseRatio } from './likelihoods/gaussian.ts';
import type { FunctionMarginals, Likelihood, Observations } from './likelihoods/likelihood.ts';

/** ln c at the start: one pixel in a hundred. */
export const INITIAL_LOG_GAIN_SHARE = Math.log(0.01);

/**
 * 1 / variance of δ under its prior, N × 1.
 *
 * @param precision 1/σ², N × P; 0 = not observed
 * @param typical u of the mean spectrum, length P
 * @param logShare ln c, scalar
 */
export function gainPrecision(precision: Tensor, typical: Tensor, logShare: Tensor): Tensor {
  const observed = maximum(sum(greater(precision, 0), [1], true), 1);
  const squaredSnr = divide(sum(multiply(precision, square(typical)), [1], true), observed);
  // Objects without pixels keep a δ of small, finite scatter.
  return divide(add(squaredSnr, 1), exp(logShare));
}

export interface GainCorrected {
  /** With the gain's best value taken off, N × P. */
  readonly observed: Observations;
  /** With what the gain's uncertainty adds, N × P. */
  readonly marginals: FunctionMarginals;
  /** KL(q(δ) ‖ prior) of each object, N × 1. */
  readonly divergence: Tensor;
}

/**
 * Takes the gain of every object off by its exact Gaussian posterior given the functions' means: δ ~ N(g, 1/Π) with
 * Π = π + Σ w u², g = Σ w u (x − f) / Π, π the precision by the prior. For functions that are known exactly, the Gaussian
 * likelihood of `observed` less `divergence` is ln N(x; f, W⁻¹ + u uᵀ/π), constants apart.
 *
 * Derivatives treat q(δ) and u as fixed. For q(δ), the best there is, nothing is lost by the envelope theorem. Holding u
 * makes the likelihood that of x = f + δu + noise: derivatives along f are off by a factor of order 1 + δ.
 *
 * @param typical u of the mean spectrum, length P: centre over scale
 * @param weightFactor of the pixels' likelihood: by it w falls for pixels that lie far out
 */
export function withoutGain(
  observed: Observations,
  marginals: FunctionMarginals,
  typical: Tensor,
  logShare: Tensor,
  weightFactor: Likelihood['weightFactor'],
): GainCorrected {
  const prior = gainPrecision(observed.precision, typical, logShare);
  const spectrum = stopGradient(add(marginals.mean, typical));
  const ofNoise = stopGradient(divide(observed.precision, noiseRatio(observed)));
  const residual = stopGradient(subtract(observed.value, marginals.mean));
  const factor = weightFactor === null ? 1 : weightFactor(multiply(ofNoise, square(residual)));
  const weighted = multiply(multiply(ofNoise, factor), spectrum);
  const posterior = add(sum(multiply(weighted, spectrum), [1], true), stopGradient(prior));
  const gain = divide(sum(multiply(weighted, residual), [1], true), posterior);
  const variance = reciprocal(posterior);
  const excess = add(multiply(add(square(gain), variance), prior), subtract(log(posterior), log(prior)));
  return {
    observed: { ...observed, value: subtract(observed.value, multiply(gain, spectrum)) },
    marginals: { ...marginals, variance: add(marginals.variance, multiply(square(spectrum), variance)) },
    divergence: multiply(subtract(excess, 1), 0.5),
  };
}
