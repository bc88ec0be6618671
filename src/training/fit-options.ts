import type { LongWorkOptions } from '../base/index.ts';

export interface FitOptions extends LongWorkOptions {
  /** The run folder to write. */
  readonly out: string;
  /** Q; default 6, or what the checkpoint says. */
  readonly latents?: number;
  /** Settings of the model by name; the rest take their defaults, or what the checkpoint says. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Default 1. */
  readonly seed?: number;
  /** Threads of the arithmetic; default: all cores. Weights are the same bit for bit for the same number only. */
  readonly threads?: number;
  /** Go on from the checkpoint in `out`; without one, begin. A finished run is returned as it is. */
  readonly resume?: boolean;
  /** Replace a run that is already in `out`. */
  readonly overwrite?: boolean;
  /** Where the dataset lies, for the record. */
  readonly datasetPath?: string;
}

/** The two fields that are handed down, without whatever else the object carries. */
export function longWorkOf({ onProgress, signal }: LongWorkOptions): LongWorkOptions {
  return { ...(onProgress && { onProgress }), ...(signal && { signal }) };
}
