import { z } from 'zod';
import { runOwn } from '../peers.ts';

export const ownRequest = z.object({
  /** Folder of the dataset. */
  dataset: z.string(),
  /** The run folder to write. */
  out: z.string(),
  threads: z.number().int().positive(),
  /** Of the model shared-gplvm. */
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  /** Validation objects to judge by after every epoch, at most: few where steps alone are to be timed. */
  judges: z.number().int().positive().default(5000),
});

/** What one training of ours and its use took. */
const ownTraining = z.object({
  /** Trained on. */
  objects: z.number(),
  /** Median of all epochs but the first; null where there was no other. */
  msPerEpoch: z.number().nullable(),
  /** The whole fit, its start included. */
  seconds: z.number(),
  /** 100 new spectra to latents. */
  msPlacing: z.number(),
  /** Of each label of the first 200 test objects about its truth, in label units. */
  rmse: z.array(z.number()),
  /** Peak of the process, MiB, when the training ended, and when new spectra were placed as well. */
  trainingMemory: z.number(),
  peakMemory: z.number(),
});

export type OwnTraining = z.infer<typeof ownTraining>;

/** Trains and places in a child process. */
export function trainOwn(request: z.input<typeof ownRequest>): OwnTraining {
  return ownTraining.parse(runOwn('gplvm/own-training.ts', JSON.stringify(request)));
}
