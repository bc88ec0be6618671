import { z } from 'zod';
import type { Matrix } from '../../base/index.ts';
import { defineModel } from '../define.ts';
import { completed } from '../linear-fit.ts';
import type { FitData } from '../model.ts';
import { lossWeightsOf, MAXIMUM_PIXEL_SNR } from '../weights.ts';
import { fitClassically } from './classical-fit.ts';
import { fitByEm } from './em-fit.ts';
import { decoderGraph, encoderGraph, type Projection } from './graphs.ts';

/**
 * With a prior this weak a complete spectrum is projected as if there were none, and one with hardly a pixel observed
 * still stays within some thirty standard deviations of the population.
 */
const WEAK_PRIOR = 1e-3;

export const pca = defineModel({
  name: 'pca',
  title: 'PCA',
  summary: 'Principal components: noise-weighted with gaps (em), or classical on infilled spectra.',
  comparisonSettings: { method: 'classical' },
  settings: () =>
    z.object({
      method: z
        .enum(['em', 'classical'])
        .default('em')
        .describe('em: pixels count by their noise, gaps not at all; classical: infilled spectra, all pixels equal'),
      snrCap: z
        .number()
        .positive()
        .default(MAXIMUM_PIXEL_SNR)
        .describe('greatest signal-to-noise ratio that a pixel is credited with (em)'),
      maxIterations: z.number().int().positive().default(100).describe('iterations at most'),
      tolerance: z
        .number()
        .positive()
        .default(1e-6)
        .describe('stop when −2 log likelihood falls by less than this per observed pixel (em)'),
    }),
  build(config, shape) {
    const { projection, fitted, weightsOf } = methodOf(config);
    const graphs = { encoder: () => encoderGraph(shape, projection), decoder: () => decoderGraph(shape) };
    return {
      ...graphs,
      // The classical projection has a prior too weak to be felt.
      ...(config.method === 'em' ? { latentPrior: ({ componentVariance }) => componentVariance.data } : {}),
      fitting: {
        kind: 'direct',
        async fit(train, valid, context, resumeFrom) {
          const fit = await fitted(train, shape, config, context, resumeFrom);
          return completed(fit, graphs, { train, valid }, weightsOf, context);
        },
      },
    };
  },
});

function methodOf({ method, snrCap }: { readonly method: 'em' | 'classical'; readonly snrCap: number }) {
  const em = {
    projection: { weighting: { kind: 'noise', snrCap }, priorShare: 1 } satisfies Projection,
    fitted: fitByEm,
    weightsOf: ({ flux, ivar }: FitData) => lossWeightsOf(flux, ivar, snrCap),
  };
  const classical = {
    projection: { weighting: { kind: 'equal' }, priorShare: WEAK_PRIOR } satisfies Projection,
    fitted: fitClassically,
    weightsOf: ({ ivar }: FitData): Matrix => ({ ...ivar, data: ivar.data.map((w) => (w > 0 ? 1 : 0)) }),
  };
  return { em, classical }[method];
}
