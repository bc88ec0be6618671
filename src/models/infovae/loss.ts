/** The InfoVAE objective (VAE paper, eq. 11–13; Zhao et al. 2019), each term as a mean per spectrum. */
import {
  add,
  divide,
  exp,
  mean,
  multiply,
  negate,
  square,
  squaredDistance,
  subtract,
  sum,
  type Tensor,
} from '../../graph/index.ts';

/** KL(N(μ, σ²) ‖ N(0, 1)) summed over latents: ½ Σ (μ² + σ² − 1 − ln σ²). Both N × Q; the result is a scalar. */
export function gaussianDivergence(latentMean: Tensor, logVariance: Tensor): Tensor {
  const each = subtract(add(square(latentMean), exp(logVariance)), add(logVariance, 1));
  return multiply(mean(sum(each, [1])), 0.5);
}

/**
 * The squared maximum mean discrepancy between two samples (eq. 13) with the kernel exp(−|u − v|²/Q): the mean over
 * all pairs, a point with itself included.
 *
 * @param u samples of the latent distributions, m × Q
 * @param v samples of the prior, n × Q
 */
export function maximumMeanDiscrepancy(u: Tensor, v: Tensor, latents: number): Tensor {
  const kernelMean = (a: Tensor, b: Tensor) => mean(exp(negate(divide(squaredDistance(a, b), latents))));
  const within = add(kernelMean(u, u), kernelMean(v, v));
  return subtract(within, multiply(kernelMean(u, v), 2));
}
