import { z } from 'zod';
import type { Random } from '../../base/index.ts';
import { add, clamp, exp, input, multiply, type Tensor } from '../../graph/index.ts';
import { networkFitting, SPECTRA, WEIGHT } from '../autoencoder/fitting.ts';
import { type Coder, decoderGraph, encoderGraph } from '../autoencoder/graphs.ts';
import { reconstructionLoss } from '../autoencoder/loss.ts';
import {
  decodeScaled,
  encodeHidden,
  initialNetwork,
  type MirroredNetwork,
  mirroredNetwork,
} from '../autoencoder/network.ts';
import { recipeFor } from '../autoencoder/recipes.ts';
import { widthAndLambdaSpace } from '../autoencoder/search-space.ts';
import { networkSettings } from '../autoencoder/settings.ts';
import { defineModel } from '../define.ts';
import { ACTIVATION_NAMES, ACTIVATIONS } from '../layers/activation.ts';
import { type DenseLayer, dense } from '../layers/dense.ts';
import { fittingWithLabels, labelsSetting, labelTerm } from '../layers/label-fitting.ts';
import { type LabelHead, labelHead, withLabels } from '../layers/label-head.ts';
import type { LossGraph, ModelShape, Parameters } from '../model.ts';
import { gaussianDivergence, maximumMeanDiscrepancy } from './loss.ts';
import { anchorsOf, refinedEncoder } from './refined-encoder.ts';

/** Far outside what training visits; keeps exp from overflowing if it strays. */
const LOG_VARIANCE_BOUND = 20;

/** From the nearest anchor, all but one or two in a hundred spectra have settled by then. */
const REFINE_STEPS = 5;

/** The InfoVAE of Portillo et al. (2020), section 2 and 3. */
export const infovae = defineModel({
  name: 'vae',
  title: 'VAE',
  summary:
    'InfoVAE: an encoder and decoder network with a latent distribution held to a standard normal (Portillo et al. 2020)',
  settings: (shape) =>
    z.object({
      ...networkSettings(shape),
      encoder: z
        .enum(['refined', 'plain'])
        .default('refined')
        .describe(
          'refined: latents are fitted through the decoder to the pixels and their noise; plain: the network alone, as in the paper',
        ),
      refineSteps: z.number().int().positive().default(REFINE_STEPS).describe('steps of the refined encoder'),
      activation: z
        .enum(['auto', ...ACTIVATION_NAMES])
        .default('auto')
        .describe(
          'between layers: relu (the paper), silu (smooth), or auto: silu for the refined encoder, relu for the plain',
        ),
      lambda: z.number().nonnegative().default(recipeFor(shape).lambda).describe('λ, weight of the MMD term (eq. 12)'),
      alpha: z.number().default(0).describe('α, weight taken from the KL term (eq. 12)'),
      warmUp: z
        .number()
        .int()
        .nonnegative()
        .default(0)
        .describe('epochs over which the KL term rises to its full weight; 20 or so revives latents that die early'),
      labels: labelsSetting(),
      priorSamples: z.number().int().positive().default(200).describe('samples of the prior in the MMD (eq. 13)'),
    }),
  searchSpace: widthAndLambdaSpace,
  build(settings, shape) {
    const activation = settings.activation === 'auto' ? AUTOMATIC_ACTIVATION[settings.encoder] : settings.activation;
    const network = mirroredNetwork(shape, settings.hidden, ACTIVATIONS[activation]);
    const heads = posteriorHeads(network, shape);
    const coder = infovaeCoder(network, heads);
    const labels = settings.labels ? labelHead(shape, 'vae') : null;
    const plainEncoder = () => encoderGraph(shape, coder, settings);
    const refined = settings.encoder === 'refined';
    const decoder = () => decoderGraph(shape, coder);
    const graphs = {
      encoder: refined ? () => refinedEncoder(shape, network, settings.refineSteps) : plainEncoder,
      decoder: () => (labels === null ? decoder() : withLabels(decoder(), labels)),
    };
    const fitting = networkFitting({
      settings: { ...settings, returnToBest: refined },
      graphs,
      initialParameters: (random) => initialParameters(network, heads, settings.warmUp > 0, random),
      lossGraph: (rows) => infovaeLoss(rows, shape, network, { ...heads, labels }, settings),
      ...(refined ? { afterDescent: (...fitted) => anchorsOf(plainEncoder(), network, ...fitted) } : {}),
    });
    const latentPrior = () => new Float32Array(shape.latents).fill(1);
    return { ...graphs, latentPrior, fitting: labels === null ? fitting : fittingWithLabels(fitting, labels, graphs) };
  },
});

/** Latents can be fitted through a smooth decoder; creases make them jump. */
const AUTOMATIC_ACTIVATION = { refined: 'silu', plain: 'relu' } as const;

interface PosteriorHeads {
  readonly mean: DenseLayer;
  readonly logVariance: DenseLayer;
}

/** Latent means and log variances have weights of their own (eq. 6 and 7). */
function posteriorHeads({ codeWidth }: MirroredNetwork, { latents }: ModelShape): PosteriorHeads {
  const head = (name: string): DenseLayer => ({ name, inputs: codeWidth, outputs: latents });
  return { mean: head('latentMean'), logVariance: head('logVariance') };
}

/** ln σ² = −5, σ = 0.08 */
const NARROW_LOG_VARIANCE = -5;

/**
 * With a warm-up, posteriors also start narrow: a latent that carries little would otherwise drown in its own noise
 * (σ = 1 at first) before the decoder has learnt to read it, and stay dead.
 */
function initialParameters(
  network: MirroredNetwork,
  heads: PosteriorHeads,
  startNarrow: boolean,
  random: Random,
): Parameters {
  const initial = initialNetwork(network, [heads.mean, heads.logVariance], random);
  if (startNarrow) initial[`${heads.logVariance.name}.bias`].data.fill(NARROW_LOG_VARIANCE);
  return initial;
}

function latentDistribution(network: MirroredNetwork, heads: PosteriorHeads, spectra: Tensor) {
  const hidden = encodeHidden(network, spectra);
  const logVariance = clamp(dense(heads.logVariance, hidden), -LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND);
  return { latentMean: dense(heads.mean, hidden), logVariance };
}

function infovaeCoder(network: MirroredNetwork, heads: PosteriorHeads): Coder {
  return {
    encode(spectra) {
      const { latentMean, logVariance } = latentDistribution(network, heads, spectra);
      return { latentMean, latentVariance: exp(logVariance) };
    },
    decode: (latent) => decodeScaled(network, latent),
  };
}

export interface InfovaeCoefficients {
  readonly lambda: number;
  readonly alpha: number;
  readonly priorSamples: number;
  readonly warmUp: number;
}

/**
 * The loss of a minibatch per spectrum (eq. 12). The MMD term carries a factor Q: the paper's code multiplies it by
 * (batch · Q) beside sums over the batch, and only so does its λ have the values of Table 1.
 */
function infovaeLoss(
  rows: number,
  { pixels, latents }: ModelShape,
  network: MirroredNetwork,
  heads: PosteriorHeads & { readonly labels: LabelHead | null },
  { lambda, alpha, priorSamples, warmUp }: InfovaeCoefficients,
): LossGraph {
  const spectra = input(SPECTRA, [rows, pixels]);
  const weight = input(WEIGHT, [rows, pixels]);
  const noise = input('noise', [rows, latents]);
  const prior = input('prior', [priorSamples, latents]);
  const { latentMean, logVariance } = latentDistribution(network, heads, spectra);
  // A sample of q(z|x), eq. 8.
  const latent = add(latentMean, multiply(exp(multiply(logVariance, 0.5)), noise));
  const reconstruction = reconstructionLoss(spectra, decodeScaled(network, latent), weight);
  const divergence = gaussianDivergence(latentMean, logVariance);
  const discrepancy = multiply(maximumMeanDiscrepancy(latent, prior, latents), latents);
  const share = warmUp > 0 ? input('warmUp', []) : null;
  const coefficient = share === null ? 1 - alpha : multiply(share, 1 - alpha);
  const regularisation = add(multiply(divergence, coefficient), multiply(discrepancy, alpha + lambda - 1));
  const labelled = heads.labels === null ? null : labelTerm(rows, heads.labels, latent);
  const objective = add(reconstruction, regularisation);
  return {
    inputs: [
      { tensor: spectra, fill: { from: 'rows', of: SPECTRA } },
      { tensor: weight, fill: { from: 'rows', of: WEIGHT } },
      { tensor: noise, fill: { from: 'normal' } },
      { tensor: prior, fill: { from: 'normal' } },
      ...(share === null ? [] : [{ tensor: share, fill: { from: 'warmUp' } } as const]),
      ...(labelled?.inputs ?? []),
    ],
    loss: labelled === null ? objective : add(objective, labelled.loss),
    terms: { reconstruction, divergence, discrepancy, ...(labelled === null ? {} : { labels: labelled.loss }) },
  };
}
