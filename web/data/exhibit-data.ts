/**
 * One exhibit as the page holds it. Panels get it from `useExhibit()`; what is not loaded yet is awaited there, never in
 * a panel's own fetch. Axes: N objects, P pixels, Q latents.
 */
import type { ColumnDescription, ExhibitDescription, RunEntry } from '../../src/explorer/index.ts';

/** NaN = not known. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly description: ColumnDescription;
  readonly values: Float64Array;
}

/** `codes[n]` indexes `categories`; -1 = not known. Columns of text have one category an object at worst. */
export interface CategoryColumn {
  readonly kind: 'category';
  readonly description: ColumnDescription;
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type PageColumn = NumberColumn | CategoryColumn;

export interface RunData {
  readonly entry: RunEntry;
  /** N × Q, row-major: the run's own latents, and their standard deviations. */
  readonly latent: Float32Array;
  readonly latentError: Float32Array;
  /** N × Q: on axes of falling variance. */
  readonly turned: Float32Array;
  readonly columns: ReadonlyMap<string, PageColumn>;
}

export interface ObservedSpectrum {
  /** Length P; NaN where not observed. */
  readonly flux: Float32Array;
  /** Length P, standard deviation; NaN where not observed. */
  readonly error: Float32Array;
  /** The noise-free spectrum of a simulation. */
  readonly truth: Float32Array | null;
}

export interface ExhibitData {
  readonly description: ExhibitDescription;
  readonly wavelength: Float64Array;
  readonly run: RunData;
  /** Columns of the catalogue and of the chosen run, in that order, by name. */
  readonly columns: ReadonlyMap<string, PageColumn>;
  /** Rows that pass the filter; null = all. */
  readonly shown: Uint32Array | null;
  /** What is wrong with the filter, for people; null = nothing. */
  readonly filterError: string | null;
  /** Cached; rejects with a sentence for people. */
  spectrum(row: number): Promise<ObservedSpectrum>;
  /** N × 2; computed by the server on request. */
  umap(): Promise<Float32Array>;
}
