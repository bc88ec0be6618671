import type { Matrix } from '../base/index.ts';

export interface LatentDistribution {
  /** N × Q */
  readonly mean: Matrix;
  /** N × Q², each row a Q × Q covariance matrix in row-major order; zero for models that state no uncertainty (`ae`). */
  readonly covariance: Matrix;
}

/** Labels as a model predicts them, both N × K in label units. */
export interface LabelPrediction {
  readonly mean: Matrix;
  /** Variance of the true label about `mean`, the latents' uncertainty included. */
  readonly variance: Matrix;
}

/** Spectra as a model states them, both N × P. */
export interface SpectrumDistribution {
  readonly mean: Matrix;
  /** Variance of the noise-free spectrum about `mean`. */
  readonly variance: Matrix;
}
