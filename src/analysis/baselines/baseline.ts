import type { Matrix, Random } from '../../base/index.ts';
import { type DenseMatrix, dense } from '../../linalg/index.ts';

/**
 * A method of predicting one label from spectra that needs no training run: what any model that predicts labels should
 * be held against. N objects, P pixels, K scores. Labels come standardised: mean 0 and variance 1 over the training
 * objects.
 */
export interface Baseline {
  /** In JSON: `pca+ridge`. */
  readonly name: string;
  /** In tables: `PCA + ridge`. */
  readonly title: string;
  /** Training objects that it uses at most, a random part of larger sets. */
  readonly mostObjects: number;
  /**
   * Fits the training objects; what the method leaves open is chosen where it predicts the validation objects best.
   */
  fit(train: LabelledSpectra, valid: LabelledSpectra, context: { readonly random: Random }): LabelPredictor;
}

export interface LabelPredictor {
  /** What was chosen on the validation objects, for the record. */
  readonly chosen: Readonly<Record<string, number>>;
  predict(features: SpectralFeatures): LabelEstimate;
}

/** Spectra as the baselines read them. */
export interface SpectralFeatures {
  /** N × K: scores on the principal components in order of variance, each of variance 1 over the training spectra. */
  readonly scores: DenseMatrix;
  /** N × P: flux, its gaps filled by the components. */
  readonly filled: Matrix;
}

/** Objects of which a label was measured. */
export interface LabelledSpectra {
  readonly features: SpectralFeatures;
  /** Length N. */
  readonly value: Float64Array;
  /** Length N: variance of the measurement, above 0. */
  readonly noise: Float64Array;
}

/** Both of length N: mean, and variance of the true label about it. */
export interface LabelEstimate {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Numbers of leading components to choose from. */
const COMPONENTS = [5, 10, 20];

/** The most components that a baseline reads. */
export const MOST_COMPONENTS = 20;

/** Numbers of leading components to try when `available` were fitted. */
export function componentChoices(available: number): number[] {
  const choices = COMPONENTS.filter((count) => count <= available);
  return choices.length > 0 ? choices : [available];
}

/** The first `count` columns, copied. */
export function leadingColumns({ rows, columns, data }: DenseMatrix, count: number): DenseMatrix {
  const leading = dense(rows, count);
  for (let n = 0; n < rows; n++) leading.data.set(data.subarray(n * columns, n * columns + count), n * count);
  return leading;
}
