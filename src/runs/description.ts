import { z } from 'zod';

/** Version of the run folder's format; readers refuse newer ones. */
export const RUN_FORMAT = 1;

const count = z.number().int().nonnegative();
const settingValue = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.number(), z.string()])).readonly(),
]);

/** Of one label over the training objects where it was measured. */
const labelRange = z.object({
  measured: count,
  minimum: z.number(),
  maximum: z.number(),
  /** Between them lie 98% of the measurements. */
  low: z.number(),
  high: z.number(),
  /** Median error of a measurement. */
  error: z.number().positive(),
});

export type LabelRange = z.infer<typeof labelRange>;

/** What run.json holds. */
export const runDescriptionSchema = z.object({
  kind: z.literal('lightfold-run'),
  format: z.literal(RUN_FORMAT),
  software: z.string(),
  /** When the run was finished, ISO 8601. */
  created: z.string(),
  model: z.string().min(1),
  title: z.string().min(1),
  latents: z.number().int().positive(),
  /** Names of the labels that the decoder gives, in its order; none for a model of spectra alone. */
  labels: z.array(z.string()).readonly().default([]),
  /**
   * How far the training objects reach in each label, in the order of `labels`; null for one that none has. Absent in
   * runs of before it was kept.
   */
  labelRanges: z.array(labelRange.nullable()).readonly().optional(),
  /** Whether the latents mean something one by one; runs of before this was kept say nothing and are turned. */
  latentAxes: z.enum(['own', 'rotated']).default('rotated'),
  /** Every setting of the model, defaults filled in. */
  settings: z.record(z.string(), settingValue).readonly(),
  seed: z.number(),
  threads: z.number().int().positive(),
  /** What did the arithmetic: `onnxruntime-node 1.30.0, cpu`. */
  engine: z.string(),
  dataset: z.object({
    /** The folder as the user named it; null for a dataset that was never on disk. */
    path: z.string().nullable(),
    /** Names the data: the checksum in the dataset's manifest, or one of its own for a dataset never on disk. */
    checksum: z.string(),
    /** How the flux was normalised, as in the dataset's manifest. */
    normalisation: z.string(),
    fluxUnit: z.string(),
    objects: z.object({ train: count, valid: count, test: count }),
  }),
  /** Rest-frame vacuum ångström; every pixel's centre is in parameters.npz. */
  grid: z.object({ pixels: z.number().int().positive(), first: z.number(), last: z.number() }),
  training: z.object({
    /** Optimiser steps, or iterations of a model with its own algorithm. */
    steps: count,
    epochs: count,
    /** The epoch whose parameters were kept. */
    bestEpoch: count,
    seconds: z.number().nonnegative(),
    /** Mean per spectrum of what was minimised, at the kept epoch. */
    trainLoss: z.number(),
    validLoss: z.number().nullable(),
  }),
  latentsInUse: z.object({
    count,
    /** Per latent: mean posterior variance over the validation split as a share of the latent's whole variance. */
    posteriorShare: z.array(z.number()).readonly(),
  }),
  /** Variances of the prior that latents are drawn to (`Model.latentPrior`), null without one; not kept by older runs. */
  latentPrior: z.array(z.number()).readonly().nullable().optional(),
  /** SHA-256 of the other files, so that a damaged folder is noticed. */
  files: z.record(z.string(), z.string()),
});

export type RunDescription = z.infer<typeof runDescriptionSchema>;
