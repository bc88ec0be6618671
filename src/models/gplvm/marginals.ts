/** The Gaussian that a decoder gives for each of its outputs. Axes: N points, M inducing inputs, F features (M and
 * those of a linear term), D outputs. */
import { add, matmul, maximum, multiply, slice, square, subtract, sum, type Tensor } from '../../graph/index.ts';
import type { FunctionMarginals } from './likelihoods/likelihood.ts';

/** A share of the prior variance below which rounding may have brought what is left of it. */
const LEAST_VARIANCE = 1e-6;

export interface InducingPosterior {
  /** Means m of the features' weights, F × D. */
  readonly mean: Tensor;
  /** Their covariances S, packed lower triangles with the off-diagonals doubled, D × F(F+1)/2. */
  readonly covariance: Tensor;
}

/**
 * Mean aᵀm and variance k(z, z) − aᵀa + aᵀSa of the functions (Hensman et al. 2013, whitened), N × D.
 *
 * @param features a, N × F; the first `inducing` are those of inducing inputs
 * @param products packed a aᵀ, N × F(F+1)/2
 * @param priorVariance k(z, z) of the stationary terms, scalar
 */
export function functionMarginals(
  features: Tensor,
  products: Tensor,
  priorVariance: Tensor,
  inducing: number,
  { mean, covariance }: InducingPosterior,
): FunctionMarginals {
  const unexplained = subtract(priorVariance, sum(square(slice(features, 1, 0, inducing)), [1], true));
  const floor = multiply(priorVariance, LEAST_VARIANCE);
  return {
    mean: matmul(features, mean),
    variance: add(matmul(products, covariance, { transposeB: true }), maximum(unexplained, floor)),
  };
}
