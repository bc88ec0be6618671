import type { Matrix } from '../base/index.ts';

export interface LatentDistribution {
  /** N × Q */
  readonly mean: Matrix;
  /** N × Q², each row a Q × Q covariance matrix in row-major order; zero for models that state no uncertainty (`ae`). */
  readonly covariance: Matrix;
}

/** By what δ spectra stand off from what their latents decode to, as a factor 1 + δ (`gain.ts`). */
export interface Gains {
  /** δ, N × 1 */
  readonly mean: Matrix;
  /** Covariances of δ with the latents, then its variance, N × (Q + 1). */
  readonly covariance: Matrix;
}

/** Latents of N objects with what some models state besides. */
export interface Posterior extends LatentDistribution {
  /** By what factor the normalisation of each spectrum was off; null from models that do not fit it. */
  readonly gains: Gains | null;
  /** N × 1: the share of the covariances that counts in pixels that were observed (`EncoderGraph`); null = all. */
  readonly observedShare: Matrix | null;
  /** N × 1: the share of the covariances that counts in labels (`EncoderGraph`); null = all. */
  readonly labelShare: Matrix | null;
  /** N × 1: the probability of a second, separate mode (`EncoderGraph`); null from models that do not look for one. */
  readonly ambiguity: Matrix | null;
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
