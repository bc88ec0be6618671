import { z } from 'zod';
import { defineModel } from '../define.ts';
import type { DirectFitting, Model, ModelDefinition, ModelShape } from '../model.ts';
import { EncoderNetwork } from './encoder-network.ts';
import { fitGplvm } from './fit.ts';
import { decoderGraph, encoderGraph, jointEncoderGraph, labelEncoderGraph } from './graphs.ts';
import { LIKELIHOODS } from './likelihoods/likelihoods.ts';
import { gplvmSettings, labelKernelSetting } from './settings.ts';
import { GplvmTensors } from './tensors.ts';
import { type Arrangement, decodersOf } from './views.ts';

type Config = z.infer<z.ZodObject<ReturnType<typeof gplvmSettings>>>;

function build(
  arrangement: Arrangement,
  config: Config,
  labelKernel: string,
  shape: ModelShape,
): Pick<Model, 'encoder' | 'decoder' | 'fitting' | 'jointEncoder' | 'labelEncoder'> {
  const { labels = 0 } = shape;
  const decoders = decodersOf({
    arrangement,
    latents: shape.latents,
    pixels: shape.pixels,
    pixelLikelihood: LIKELIHOODS[config.likelihood],
    pixelGain: config.gain,
    pixelShare: config.pixelShare,
    labelLikelihoods: Array.from({ length: labels }, () => LIKELIHOODS.gaussian),
    spectrumKernel: config.kernel,
    labelKernel,
  });
  const network = config.latentKind === 'amortised' ? new EncoderNetwork(shape.pixels + labels, shape.latents) : null;
  const tensors = new GplvmTensors(decoders, { ...shape, inducing: config.inducing }, network);
  const fitting: DirectFitting = {
    kind: 'direct',
    fit: (train, valid, context, resumeFrom) =>
      fitGplvm({ ...config, decoders, latents: shape.latents }, tensors, train, valid, context, resumeFrom),
  };
  return {
    encoder: () => encoderGraph(tensors),
    decoder: () => decoderGraph(tensors),
    ...(labels === 0
      ? {}
      : { jointEncoder: () => jointEncoderGraph(tensors), labelEncoder: () => labelEncoderGraph(tensors) }),
    fitting,
  };
}

/** Stochastic GPLVM with one decoder for pixels and labels alike (Lalchand et al. 2022), the paper's baseline. */
export const gplvm: ModelDefinition = defineModel({
  name: 'gplvm',
  title: 'GPLVM',
  summary: 'Gaussian-process latent-variable model, one decoder for spectra and labels (Lalchand et al. 2022)',
  latentAxes: 'own',
  settings: (shape) => z.object(gplvmSettings(shape)),
  build: (config, shape) => build('one', config, config.kernel, shape),
});

/** Decoders of their own for spectra and for labels on shared latents (Lalchand & Eilers 2025). */
export const sharedGplvm: ModelDefinition = defineModel({
  name: 'shared-gplvm',
  title: 'Shared GPLVM',
  summary: 'Gaussian-process latent-variable model of spectra and labels with shared latents (Lalchand & Eilers 2025)',
  latentAxes: 'own',
  settings: (shape) => z.object({ ...gplvmSettings(shape), labelKernel: labelKernelSetting() }),
  build: (config, shape) => build('perView', config, config.labelKernel, shape),
});

/** A decoder of its own for the spectra and for each label: labels that depend on different latents may. */
export const disentangledGplvm: ModelDefinition = defineModel({
  name: 'disentangled-gplvm',
  title: 'Disentangled GPLVM',
  summary: 'as shared-gplvm, with a decoder of its own for each label',
  latentAxes: 'own',
  settings: (shape) => z.object({ ...gplvmSettings(shape), labelKernel: labelKernelSetting() }),
  build: (config, shape) => build('perLabel', config, config.labelKernel, shape),
});
