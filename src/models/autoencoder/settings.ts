import { z } from 'zod';
import type { ModelShape, Optimisation } from '../model.ts';
import { infillComponents } from '../pca/infill.ts';
import { MAXIMUM_PIXEL_SNR } from '../weights.ts';
import { recipeFor } from './recipes.ts';

/** Settings that the autoencoder and the InfoVAE share; defaults are the VAE paper's (section 3). */
export function networkSettings(shape: ModelShape) {
  const whole = z.number().int().positive();
  return {
    hidden: z
      .preprocess((given) => (typeof given === 'number' ? [given] : given), z.array(whole))
      .default([...recipeFor(shape).hidden])
      .describe('widths of the hidden layers of the encoder; the decoder mirrors them; [] makes a linear network'),
    batch: whole.default(64).describe('spectra in a minibatch'),
    learningRate: z.number().positive().default(1e-3).describe("Adam's first step size"),
    patience: whole.default(5).describe('epochs without improvement before the learning rate is divided by 10'),
    stopAfter: whole.default(10).describe('epochs without improvement before training stops'),
    maxEpochs: whole.default(500).describe('epochs at most'),
    minImprovement: z
      .number()
      .nonnegative()
      .default(0)
      .describe('share by which the validation loss must fall to count as improved'),
    infill: whole
      .max(Math.min(shape.pixels - 1, 50))
      .default(infillComponents(shape))
      .describe('components of the linear model that fills unobserved pixels before a spectrum is encoded'),
    snrCap: z
      .number()
      .positive()
      .default(MAXIMUM_PIXEL_SNR)
      .describe('greatest signal-to-noise ratio that a pixel is credited with in the loss'),
  };
}

export interface OptimisationSettings {
  readonly batch: number;
  readonly learningRate: number;
  readonly patience: number;
  readonly stopAfter: number;
  readonly maxEpochs: number;
  readonly minImprovement: number;
  readonly warmUp?: number;
  readonly returnToBest?: boolean;
}

export function optimisationOf(settings: OptimisationSettings): Optimisation {
  return {
    batch: settings.batch,
    learningRate: settings.learningRate,
    maximumEpochs: settings.maxEpochs,
    reduceAfter: settings.patience,
    reduceBy: 10,
    stopAfter: settings.stopAfter,
    minimumImprovement: settings.minImprovement,
    returnToBest: settings.returnToBest ?? false,
    warmUpEpochs: settings.warmUp ?? 0,
  };
}
