/**
 * The models at work in the page: a worker holds the runs' ONNX graphs and answers in the order asked, dropping what a
 * later question of the same kind made stale. Axes: P pixels, Q latents, K labels.
 */
import type { PlacedFile } from '../../src/explorer/index.ts';
import type { ExhibitData } from '../data/exhibit-data.ts';

export interface SpectrumBand {
  /** Length P */
  readonly flux: Float32Array;
  /** Length P, standard deviation. */
  readonly error: Float32Array;
}

export interface LabelBand {
  readonly name: string;
  readonly mean: number;
  readonly error: number;
}

export interface GeneratedPoint {
  readonly spectrum: SpectrumBand;
  readonly labels: readonly LabelBand[];
  /** Length Q: where the labels put it, or where it was asked to be. */
  readonly latent: Float32Array;
  /** Q × Q; zeros for a point of latent space. */
  readonly covariance: Float32Array;
  /** Sentences: the point lies outside what the training objects back. Empty = supported. */
  readonly warnings: readonly string[];
}

export interface Reconstructed {
  readonly spectrum: SpectrumBand;
  readonly latentMean: Float32Array;
  /** Q × Q */
  readonly latentCovariance: Float32Array;
}

/** What an engine needs to know of the exhibit on show. */
export type EngineExhibit = Pick<ExhibitData, 'description' | 'wavelength' | 'run'>;

export interface Engine {
  /**
   * Makes a run of the exhibit known, by its name, to the other calls; its graphs come when they are first needed. Of the
   * exhibit's own run points of latent space are judged, of others that are merely compared not. Idempotent.
   */
  open(exhibit: EngineExhibit, run: string): Promise<void>;
  /** null: a later call of the same kind came before this one was begun. */
  decode(run: string, latent: readonly number[]): Promise<GeneratedPoint | null>;
  fromLabels(run: string, labels: Readonly<Record<string, number>>): Promise<GeneratedPoint | null>;
  /** Spectra at several points of latent space, for tracks. */
  decodeMany(run: string, latents: readonly (readonly number[])[]): Promise<readonly SpectrumBand[]>;
  /** @param ivar 0 = not observed */
  reconstruct(run: string, flux: Float32Array, ivar: Float32Array): Promise<Reconstructed>;
  /** Reads, shifts and encodes a dropped file, in the page or at the server as the exhibit is served. */
  place(run: string, file: File, redshift?: number): Promise<PlacedFile>;
}
