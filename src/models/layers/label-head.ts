/**
 * Labels as further measurements of the same object (VAE paper, section 4): a small network predicts them from the
 * latents, and their Gaussian log likelihood, with the inverse variance of each measurement, joins the loss.
 * N objects, K labels. Inside the network labels are standardised by the training split.
 */
import { type Random, UserError } from '../../base/index.ts';
import {
  add,
  clamp,
  divide,
  exp,
  expand,
  log,
  mean,
  multiply,
  parameter,
  subtract,
  sum,
  type Tensor,
} from '../../graph/index.ts';
import type { DecoderGraph, ModelShape, Parameters } from '../model.ts';
import { ACTIVATIONS } from './activation.ts';
import { type DenseLayer, dense, denseActivated, initialDense, layersBetween } from './dense.ts';

export interface LabelHead {
  /** K */
  readonly labels: number;
  readonly layers: readonly DenseLayer[];
}

/** Wide enough to bend, narrow beside a decoder of spectra. */
const HIDDEN = 64;
/** ln s² of the label scatter stays between: neither may a label outweigh all pixels, nor exp overflow. */
const LOG_SCATTER_BOUND = 12;

/**
 * @param model its name, for people
 * @throws UserError when the dataset knows no labels
 */
export function labelHead({ latents, labels = 0 }: ModelShape, model: string): LabelHead {
  if (labels === 0) {
    throw new UserError(`${model}: labels=true needs a dataset with labels; give them to import with --labels TABLE.`);
  }
  return { labels, layers: layersBetween('labels', [latents, HIDDEN, labels]) };
}

/** Starting values of the head and of `labelLogScatter`, ln s² of each standardised label about its prediction. */
export function initialLabelHead({ labels, layers }: LabelHead, random: Random): Parameters {
  return Object.assign(
    { labelLogScatter: { shape: [labels], data: new Float32Array(labels) } },
    ...layers.map((layer) => initialDense(layer, random.stream(layer.name))),
  );
}

function standardisedLabels({ layers }: LabelHead, latent: Tensor): Tensor {
  return dense(layers[layers.length - 1], denseActivated(layers.slice(0, -1), ACTIVATIONS.relu, latent));
}

/**
 * −ln p of the observed labels per object, up to a constant: ½ Σ [(y − y′)²/(σ² + s²) + ln(σ² + s²)].
 *
 * @param label N × K, standardised
 * @param noise N × K: σ², in the same units
 * @param seen N × K: 1 where the label was measured, else 0
 */
export function labelLoss(head: LabelHead, latent: Tensor, label: Tensor, noise: Tensor, seen: Tensor): Tensor {
  const logScatter = clamp(parameter('labelLogScatter', [head.labels]), -LOG_SCATTER_BOUND, LOG_SCATTER_BOUND);
  const variance = add(noise, exp(logScatter));
  const residual = subtract(standardisedLabels(head, latent), label);
  const terms = add(divide(multiply(residual, residual), variance), log(variance));
  return multiply(mean(sum(multiply(terms, seen), [1])), 0.5);
}

/** A decoder that gives the labels beside the spectrum, in their own units. */
export function withLabels(decoder: DecoderGraph, head: LabelHead): DecoderGraph {
  const { labels } = head;
  const scaled = multiply(standardisedLabels(head, decoder.inputs.latent), parameter('labelScale', [labels]));
  return {
    inputs: decoder.inputs,
    outputs: {
      ...decoder.outputs,
      labelMean: add(scaled, parameter('labelCentre', [labels])),
      labelVariance: expand(parameter('labelModelVariance', [labels]), ['N', labels]),
    },
  };
}
