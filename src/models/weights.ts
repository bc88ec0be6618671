import { type Matrix, zeros } from '../base/index.ts';
import { add, constant, divide, multiply, square, type Tensor } from '../graph/index.ts';

/**
 * The greatest signal-to-noise ratio a pixel is credited with, so that a few very bright pixels do not own the loss
 * (VAE paper, section 3).
 */
export const MAXIMUM_PIXEL_SNR = 50;

/**
 * Weights of pixels in a loss, N × P: the inverse variance with a noise floor of |flux| / maximumSnr added in
 * quadrature, w = 1 / (1/ivar + (flux/maximumSnr)²). Zero where unobserved.
 */
export function lossWeights(flux: Tensor, ivar: Tensor, maximumSnr = MAXIMUM_PIXEL_SNR): Tensor {
  // Written so that ivar = 0 gives 0 and nothing is divided by zero.
  const floor = multiply(square(flux), constant(1 / maximumSnr ** 2));
  return divide(ivar, add(constant(1), multiply(ivar, floor)));
}

/** `lossWeights` for matrices in memory. */
export function lossWeightsOf(flux: Matrix, ivar: Matrix, maximumSnr = MAXIMUM_PIXEL_SNR): Matrix {
  const weights = zeros(flux.rows, flux.columns);
  const perSnr = 1 / maximumSnr ** 2;
  for (let i = 0; i < weights.data.length; i++) {
    const w = ivar.data[i];
    weights.data[i] = w / (1 + w * flux.data[i] * flux.data[i] * perSnr);
  }
  return weights;
}
