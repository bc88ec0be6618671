import { z } from 'zod';
import { defineModel } from '../define.ts';
import { completed } from '../linear-fit.ts';
import { lossWeightsOf, MAXIMUM_PIXEL_SNR } from '../weights.ts';
import { fitNmf } from './fit.ts';
import { decoderGraph, encoderGraph } from './graphs.ts';

export const nmf = defineModel({
  name: 'nmf',
  title: 'NMF',
  summary: 'Non-negative matrix factorisation: spectra as sums of templates that only add, noise-weighted with gaps.',
  latentAxes: 'own',
  settings: () =>
    z.object({
      updates: z
        .enum(['blocks', 'nearly', 'shift'])
        .default('blocks')
        .describe('blocks: exact by coordinates, extrapolated; nearly, shift: multiplicative (Green & Bailey 2024)'),
      negatives: z
        .enum(['keep', 'clip'])
        .default('keep')
        .describe('negative fluxes: keep them as the data they are, or clip them to zero, which biases upward'),
      background: z
        .boolean()
        .default(true)
        .describe('one template more, the same in every spectrum, without a latent: what the mean is to PCA'),
      start: z.enum(['nndsvd', 'random']).default('nndsvd').describe('templates to begin with'),
      snrCap: z
        .number()
        .positive()
        .default(MAXIMUM_PIXEL_SNR)
        .describe('greatest signal-to-noise ratio that a pixel is credited with'),
      maxIterations: z.number().int().positive().default(300).describe('iterations at most'),
      tolerance: z
        .number()
        .positive()
        .default(1e-5)
        .describe('stop when χ² per observed pixel falls by less than this per iteration'),
    }),
  build(config, shape) {
    const projection = { snrCap: config.snrCap, clip: config.negatives === 'clip' };
    const graphs = { encoder: () => encoderGraph(shape, projection), decoder: () => decoderGraph(shape) };
    return {
      ...graphs,
      latentPrior: ({ populationVariance }) => populationVariance.data,
      fitting: {
        kind: 'direct',
        async fit(train, valid, context, resumeFrom) {
          const fit = await fitNmf(train, shape, config, context, resumeFrom);
          const weightsOf = (data: typeof train) => lossWeightsOf(data.flux, data.ivar, config.snrCap);
          return completed(fit, graphs, { train, valid }, weightsOf, context);
        },
      },
    };
  },
});
