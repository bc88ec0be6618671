import { z } from 'zod';
import type { ModelShape } from '../model.ts';
import { LIKELIHOOD_NAMES } from './likelihoods/likelihoods.ts';

/** Enough for some hundred latent lengthscales; the work grows with its square. */
const INDUCING = 120;

const LATENT_KINDS = ['point', 'map', 'gaussian', 'amortised'] as const;
export type LatentKind = (typeof LATENT_KINDS)[number];

export function gplvmSettings(_shape: ModelShape) {
  return {
    inducing: z.number().int().positive().default(INDUCING).describe('inducing points, shared by all decoders'),
    kernel: z
      .string()
      .default('linear+rbf')
      .describe('covariance of the spectra: linear, rbf, matern32, matern52, rq, or sums and products of them'),
    latentKind: z
      .enum(LATENT_KINDS)
      .default('gaussian')
      .describe(
        'latents of training objects: points, points under the prior (map), Gaussians, or what a network tells from any part of an object (amortised)',
      ),
    likelihood: z
      .enum(LIKELIHOOD_NAMES)
      .default('gaussian')
      .describe('of pixels about the decoder: gaussian, or student for spectra with outlying pixels'),
    gain: z
      .boolean()
      .default(true)
      .describe('let each spectrum stand off by a factor near 1, the error of its normalisation'),
    pixelShare: z
      .number()
      .positive()
      .max(1)
      .default(1)
      .describe('what a pixel counts in finding latents: below 1 where errors of neighbouring pixels go together'),
    epochs: z
      .number()
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('passes over the training objects at most; null: 50, or fewer where objects are many, 15 at the least'),
    stopAfter: z
      .number()
      .int()
      .positive()
      .default(15)
      .describe('passes without a gain on held-out objects before training stops'),
    batch: z
      .number()
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('objects of a step; null: an eighth of the training objects, 256 at most'),
    refreshEvery: z.number().int().positive().default(10).describe('steps between refreshes of the decoders'),
  };
}

export function labelKernelSetting() {
  return z.string().default('linear+rbf').describe('covariance of the labels, written like kernel');
}
