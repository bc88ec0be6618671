import { add, divide, exp, log, multiply, square, subtract, type Tensor } from '../../../graph/index.ts';
import type { FunctionMarginals, Likelihood, Observations } from './likelihood.ts';

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** 1 + p s²: what the excess noise makes of the variance 1/p; 1 where p = 0. */
export function noiseRatio({ precision, logNoise }: Observations): Tensor {
  return add(multiply(precision, exp(logNoise)), 1);
}

/** (x − f)² + v. */
export function expectedSquare({ value }: Observations, { mean, variance }: FunctionMarginals): Tensor {
  return add(square(subtract(value, mean)), variance);
}

/** N(x; f, 1/p + s²): the known noise of each value and a scatter that is learnt. */
export const gaussian: Likelihood = {
  standardised: true,
  expectedLogDensity(observed, marginals) {
    const ratio = noiseRatio(observed);
    // w = 1/(1/p + s²), written so that p = 0 gives 0.
    const weight = divide(observed.precision, ratio);
    return multiply(add(multiply(weight, expectedSquare(observed, marginals)), log(ratio)), -0.5);
  },
  weightFactor: null,
  constantOf: (precision) => 0.5 * Math.log(precision) - HALF_LOG_TWO_PI,
};
