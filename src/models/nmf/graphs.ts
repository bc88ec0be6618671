import {
  add,
  divide,
  greater,
  input,
  matmul,
  multiply,
  parameter,
  reciprocal,
  relu,
  subtract,
  type Tensor,
  where,
} from '../../graph/index.ts';
import { weightedGram } from '../layers/linear-posterior.ts';
import { identityMatrix } from '../layers/solve.ts';
import type { DecoderGraph, EncoderGraph, ModelShape } from '../model.ts';
import { scatterVariance } from '../scatter/scatter-network.ts';
import { lossWeights } from '../weights.ts';
import { applied, heldCovariance, solveNonNegative } from './non-negative-solve.ts';

export interface Projection {
  readonly snrCap: number;
  /** Whether negative fluxes count as zero. */
  readonly clip: boolean;
}

/**
 * Coefficients z ≥ 0 that minimise Σ w (x − zH)²/φ over the observed pixels plus the population's own spread,
 * Σ (z − m)²/v: next to nothing for an ordinary spectrum, all there is for one without a pixel. The covariance is that
 * of the free coefficients for the pixels' true noise R = 1/ivar + s² (as `pca` states it), plus `heldCovariance`.
 */
export function encoderGraph({ pixels, latents }: ModelShape, { snrCap, clip }: Projection): EncoderGraph {
  const flux = input('flux', ['N', pixels]);
  const ivar = input('ivar', ['N', pixels]);
  const templates = parameter('templates', [latents, pixels]);
  const mean = parameter('populationMean', [latents]);
  const variance = parameter('populationVariance', [latents]);
  const data = subtract(clip ? relu(flux) : flux, parameter('background', [pixels]));
  const weights = divide(lossWeights(flux, ivar, snrCap), parameter('noiseScale', [1]));
  const fromPrior = multiply(identityMatrix(latents), reciprocal(variance));
  const problem = {
    a: add(weightedGram(weights, templates), fromPrior),
    b: add(project(data, weights, templates), divide(mean, variance)),
  };
  const solution = solveNonNegative(problem);
  const { x, freeInverse } = solution;
  // Once more from what x leaves of the data, which takes away most of float32's rounding.
  const left = project(subtract(data, matmul(x, templates)), weights, templates);
  const slope = add(left, divide(subtract(mean, x), variance));
  const latentMean = relu(add(x, applied(freeInverse, slope)));
  // Where nothing was observed the weight is 0, and any finite noise will do.
  const noise = add(reciprocal(where(greater(ivar, 0), ivar, 1)), parameter('modelVariance', [pixels]));
  const fromNoise = weightedGram(multiply(weights, multiply(weights, noise)), templates);
  const ofFree = matmul(matmul(freeInverse, add(fromNoise, fromPrior)), freeInverse);
  const latentCovariance = add(ofFree, heldCovariance(problem, solution));
  return { inputs: { flux, ivar }, outputs: { latentMean, latentCovariance } };
}

function project(flux: Tensor, weights: Tensor, templates: Tensor): Tensor {
  return matmul(multiply(weights, flux), templates, { transposeB: true });
}

export function decoderGraph({ pixels, latents }: ModelShape): DecoderGraph {
  const latent = input('latent', ['N', latents]);
  const flux = add(matmul(latent, parameter('templates', [latents, pixels])), parameter('background', [pixels]));
  return { inputs: { latent }, outputs: { flux, fluxVariance: scatterVariance(latent, { pixels, latents }) } };
}
