import {
  add,
  constant,
  divide,
  greater,
  input,
  matmul,
  multiply,
  parameter,
  reciprocal,
  square,
  subtract,
  type Tensor,
  where,
} from '../../graph/index.ts';
import { refinedPosterior, weightedGram } from '../layers/linear-posterior.ts';
import { identityMatrix } from '../layers/solve.ts';
import type { DecoderGraph, EncoderGraph, ModelShape } from '../model.ts';
import { scatterVariance } from '../scatter/scatter-network.ts';
import { lossWeights } from '../weights.ts';

/** How observed pixels count when a spectrum is projected on the components. */
export interface Projection {
  readonly weighting: { readonly kind: 'noise'; readonly snrCap: number } | { readonly kind: 'equal' };
  /** The prior's precision as a share of 1 / componentVariance; small = plain least squares. */
  readonly priorShare: number;
}

/**
 * Coefficients by least squares over the observed pixels, with a prior N(0, Λ) as weak as `priorShare` says:
 * ẑ = C V W (x − μ), C = (V W Vᵀ + A)⁻¹. Their covariance is that of ẑ − z for the pixels' true noise R = 1/ivar + s²,
 * whatever the weights W were: C (AΛA + V W R W Vᵀ) C. With W = R⁻¹ and A = Λ⁻¹ that is C itself.
 */
export function encoderGraph({ pixels, latents }: ModelShape, projection: Projection): EncoderGraph {
  const flux = input('flux', ['N', pixels]);
  const ivar = input('ivar', ['N', pixels]);
  const basis = parameter('basis', [latents, pixels]);
  const variance = parameter('componentVariance', [latents]);
  const priorPrecision = divide(projection.priorShare, variance);
  const observed = greater(ivar, 0);
  const weights = divide(pixelWeights(flux, ivar, observed, projection), parameter('noiseScale', [1]));
  const centred = subtract(flux, parameter('mean', [pixels]));
  const { mean, covariance } = refinedPosterior({ centred, weights, basis, priorPrecision });
  // Where nothing was observed the weight is 0, and any finite noise will do.
  const noise = add(reciprocal(where(observed, ivar, 1)), parameter('modelVariance', [pixels]));
  // W R first: w² alone may leave float32's range.
  const fromNoise = weightedGram(multiply(weights, multiply(weights, noise)), basis);
  const fromPrior = multiply(identityMatrix(latents), multiply(square(priorPrecision), variance));
  const latentCovariance = matmul(matmul(covariance, add(fromNoise, fromPrior)), covariance);
  return { inputs: { flux, ivar }, outputs: { latentMean: mean, latentCovariance } };
}

function pixelWeights(flux: Tensor, ivar: Tensor, observed: Tensor, { weighting }: Projection): Tensor {
  return weighting.kind === 'noise' ? lossWeights(flux, ivar, weighting.snrCap) : where(observed, constant(1), 0);
}

export function decoderGraph({ pixels, latents }: ModelShape): DecoderGraph {
  const latent = input('latent', ['N', latents]);
  const flux = add(matmul(latent, parameter('basis', [latents, pixels])), parameter('mean', [pixels]));
  return { inputs: { latent }, outputs: { flux, fluxVariance: scatterVariance(latent, { pixels, latents }) } };
}
