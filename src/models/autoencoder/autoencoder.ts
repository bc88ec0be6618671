import { z } from 'zod';
import { add, input, multiply } from '../../graph/index.ts';
import { defineModel } from '../define.ts';
import { ACTIVATIONS } from '../layers/activation.ts';
import { type DenseLayer, dense } from '../layers/dense.ts';
import { fittingWithLabels, labelsSetting, labelTerm } from '../layers/label-fitting.ts';
import { type LabelHead, labelHead, withLabels } from '../layers/label-head.ts';
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
  settings: (shape) => z.object({ ...networkSettings(shape), labels: labelsSetting() }),
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
    const labels = settings.labels ? labelHead(shape, 'ae') : null;
    const decoder = () => decoderGraph(shape, coder);
    const graphs = {
      encoder: () => encoderGraph(shape, coder, settings),
      decoder: () => (labels === null ? decoder() : withLabels(decoder(), labels)),
    };
    const fitting = networkFitting({
      settings,
      graphs,
      initialParameters: (random) => initialNetwork(network, [head], random),
      lossGraph: (rows) => autoencoderLoss(rows, shape, coder, labels),
    });
    return { ...graphs, fitting: labels === null ? fitting : fittingWithLabels(fitting, labels, graphs) };
  },
});

function autoencoderLoss(rows: number, { pixels }: ModelShape, coder: Coder, labels: LabelHead | null): LossGraph {
  const spectra = input(SPECTRA, [rows, pixels]);
  const weight = input(WEIGHT, [rows, pixels]);
  const { latentMean } = coder.encode(spectra);
  const reconstruction = reconstructionLoss(spectra, coder.decode(latentMean), weight);
  const labelled = labels === null ? null : labelTerm(rows, labels, latentMean);
  return {
    inputs: [
      { tensor: spectra, fill: { from: 'rows', of: SPECTRA } },
      { tensor: weight, fill: { from: 'rows', of: WEIGHT } },
      ...(labelled?.inputs ?? []),
    ],
    loss: labelled === null ? reconstruction : add(reconstruction, labelled.loss),
    terms: { reconstruction, ...(labelled === null ? {} : { labels: labelled.loss }) },
  };
}
