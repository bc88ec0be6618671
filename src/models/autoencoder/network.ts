/**
 * The network of the VAE paper (section 2, Fig. 1 with more hidden layers): an encoder P–h1–h2 and its mirror image
 * Q–h2–h1–P as decoder, an activation (ReLU in the paper) between, linear code and output. What turns the encoder's last hidden layer into a code
 * is each model's own.
 */
import type { Random } from '../../base/index.ts';
import type { Tensor } from '../../graph/index.ts';
import type { Activation } from '../layers/activation.ts';
import { type DenseLayer, dense, denseActivated, initialDense, layersBetween } from '../layers/dense.ts';
import type { ModelShape, Parameters } from '../model.ts';

export interface MirroredNetwork {
  readonly encoder: readonly DenseLayer[];
  /** Width of what the encoder's last hidden layer gives. */
  readonly codeWidth: number;
  readonly decoder: readonly DenseLayer[];
  readonly activation: Activation;
}

export function mirroredNetwork(
  { pixels, latents }: ModelShape,
  hidden: readonly number[],
  activation: Activation,
): MirroredNetwork {
  return {
    encoder: layersBetween('encoder', [pixels, ...hidden]),
    codeWidth: hidden.at(-1) ?? pixels,
    decoder: layersBetween('decoder', [latents, ...hidden.toReversed(), pixels]),
    activation,
  };
}

/** Scaled spectra (N × P) → the last hidden layer (N × codeWidth). */
export function encodeHidden({ encoder, activation }: MirroredNetwork, spectra: Tensor): Tensor {
  return denseActivated(encoder, activation, spectra);
}

/** Latents (N × Q) → scaled spectra (N × P). */
export function decodeScaled({ decoder, activation }: MirroredNetwork, latent: Tensor): Tensor {
  return dense(decoder[decoder.length - 1], denseActivated(decoder.slice(0, -1), activation, latent));
}

/** Starting values of the network and of the `heads` that make the code. */
export function initialNetwork(network: MirroredNetwork, heads: readonly DenseLayer[], random: Random): Parameters {
  const layers = [...network.encoder, ...heads, ...network.decoder];
  return Object.assign({}, ...layers.map((layer) => initialDense(layer, random.stream(layer.name))));
}
