import type { HistoryEntry, Parameters } from '../models/index.ts';
import type { RunDescription } from './description.ts';
import type { LatentSample } from './latent-sample.ts';

/** A finished fit as it stands in its folder. */
export interface Run {
  /** The folder as the user named it. */
  readonly path: string;
  readonly description: RunDescription;
  /** Rest-frame vacuum ångström, length P. */
  readonly wavelength: Float64Array;
  readonly parameters: Parameters;
  readonly history: readonly HistoryEntry[];
  /** Absent in runs of before it was kept. */
  readonly latentSample?: LatentSample;
}

/** Every run has the first two; those that start from labels are there when the model ties labels to the latents of spectra. */
export type GraphName = 'encoder' | 'decoder' | LabelledGraphName;

/** `label-encoder` is missing from runs of before it was kept. */
export type LabelledGraphName = 'joint-encoder' | 'label-encoder';
