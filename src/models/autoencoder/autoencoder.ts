import { z } from 'zod';
import { input, multiply } from '../../graph/index.ts';
import { defineModel } from '../define.ts';
import { ACTIVATIONS } from '../layers/activation.ts';
import { type DenseLayer, dense } from '../layers/dense.ts';
import type { LossGraph, ModelShape } from '../model.ts';
import { networkFitting, SPECTRA, WEIGHT } from './fitting.ts';
import { type Coder, decoderGraph, encoderGraph } from './graphs.ts';
import { reconstructionLoss } from './loss.ts';
import { decodeScaled, encodeHidden, initialNetwork, mirroredNetwork } from './network.ts';
import { widthSpace } from './search-space.ts';
import { networkSettings } from './settings.ts';

/**
 * The plain autoencoder of Portillo et al. (2020), section 2 (eq. 1–5): one point in latent space for each spectrum.
 * It states no latent uncertainty; its latent covariance is zero.
 */
export const autoencoder = defineModel({
  name: 'ae',
  title: 'AE',
  summary: 'plain autoencoder: an encoder and decoder network without a latent distribution (Portillo et al. 2020)',
  settings: (shape) => z.object(networkSettings(shape)),
  searchSpace: widthSpace,
  build(settings, shape) {
    const network = mirroredNetwork(shape, settings.hidden, ACTIVATIONS.relu);
    const head: DenseLayer = { name: 'latentMean', inputs: network.codeWidth, outputs: shape.latents };
    const coder: Coder = {
      encode(spectra) {
        const latentMean = dense(head, encodeHidden(network, spectra));
        return { latentMean, latentVariance: multiply(latentMean, 0) };
      },
      decode: (latent) => decodeScaled(network, latent),
    };
    const graphs = { encoder: () => encoderGraph(shape, coder, settings), decoder: () => decoderGraph(shape, coder) };
    return {
      ...graphs,
      fitting: networkFitting({
        settings,
        graphs,
        initialParameters: (random) => initialNetwork(network, [head], random),
        lossGraph: (rows) => autoencoderLoss(rows, shape, coder),
      }),
    };
  },
});

function autoencoderLoss(rows: number, { pixels }: ModelShape, coder: Coder): LossGraph {
  const spectra = input(SPECTRA, [rows, pixels]);
  const weight = input(WEIGHT, [rows, pixels]);
  const reconstruction = reconstructionLoss(spectra, coder.decode(coder.encode(spectra).latentMean), weight);
  return {
    inputs: [
      { tensor: spectra, fill: { from: 'rows', of: SPECTRA } },
      { tensor: weight, fill: { from: 'rows', of: WEIGHT } },
    ],
    loss: reconstruction,
    terms: { reconstruction },
  };
}
