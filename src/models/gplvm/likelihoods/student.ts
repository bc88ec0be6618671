import { add, divide, log, multiply, type Tensor } from '../../../graph/index.ts';
import { expectedSquare, noiseRatio } from './gaussian.ts';
import type { FunctionMarginals, Likelihood, Observations } from './likelihood.ts';

/** Heavy enough that a cosmic ray tells nothing, light enough to be nearly Gaussian within 2σ. */
export const DEGREES_OF_FREEDOM = 4;

/**
 * Student's t of ν degrees of freedom with scale² 1/p + s²: pixels that lie far out count little. The expectation is
 * replaced by the bound −(ν + 1)/2 ln(1 + w ((x − f)² + v)/ν), Jensen's inequality on the concave logarithm, which is
 * also what the representation as a scale mixture of Gaussians gives with its best factorised posterior
 * (Tipping & Lawrence 2005).
 */
export const student: Likelihood = {
  standardised: true,
  expectedLogDensity(observed, marginals) {
    const ratio = noiseRatio(observed);
    const weight = divide(observed.precision, ratio);
    const tail = log(add(multiply(weight, scaled(observed, marginals)), 1));
    return multiply(add(multiply(tail, DEGREES_OF_FREEDOM + 1), log(ratio)), -0.5);
  },
  // The mean precision of the scale mixture, relative to 1/scale², given the deviation.
  weightFactor: (squaredDeviation) => divide(DEGREES_OF_FREEDOM + 1, add(squaredDeviation, DEGREES_OF_FREEDOM)),
  // Γ(5/2) / (Γ(2) √(4π)) = 3/8
  constantOf: (precision) => 0.5 * Math.log(precision) + Math.log(3 / 8),
};

function scaled(observed: Observations, marginals: FunctionMarginals): Tensor {
  return multiply(expectedSquare(observed, marginals), 1 / DEGREES_OF_FREEDOM);
}
