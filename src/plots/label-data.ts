import type { Matrix } from '../base/index.ts';
import type { LineMark, SpectralWindow } from './spectral-marks.ts';

/** What the figures show about a run that predicts labels (Lalchand & Eilers 2025). Q latents, P pixels. */
export interface LabelFigureData {
  readonly model: string;
  readonly latents: number;
  /** What the labels were compared on: `the test split`. */
  readonly comparedOn: string;
  readonly comparisons: readonly LabelComparison[];
  readonly relevance: RelevanceData;
  /** Labels that latent space is coloured by; none where there is a single latent. */
  readonly spaces: readonly LabelledSpace[];
  readonly partial: readonly PartialSpectrum[];
}

/** One label predicted from spectra and measured otherwise, in label units; arrays of an entry for each object shown. */
export interface LabelComparison {
  readonly name: string;
  readonly measured: Float32Array;
  /** Standard deviation of the measurement. */
  readonly measuredDeviation: Float32Array;
  readonly predicted: Float32Array;
  /** Standard deviation of the true label about the prediction, as the model states it. */
  readonly predictedDeviation: Float32Array;
  /** Over all objects compared, of which those shown may be a part. */
  readonly scores: LabelComparisonScores;
}

export interface LabelComparisonScores {
  readonly n: number;
  readonly rmse: number;
  readonly robust: number;
  /** Shares of measurements within 1 and 1.96 standard deviations, both errors together. */
  readonly coverage68: number;
  readonly coverage95: number;
}

export interface RelevanceData {
  /** For each of the model's decoders that has lengthscales. */
  readonly decoders: readonly DecoderRelevance[];
  /** How much of each label, and of the spectrum, hangs on each latent. */
  readonly shares: readonly LatentShares[];
}

/** Automatic relevance determination: 0 = the decoder does not look at the latent. */
export interface DecoderRelevance {
  /** `spectra`, `labels`, or a label's name. */
  readonly name: string;
  /** Length Q. */
  readonly inverseLengthscale: Float64Array;
}

export interface LatentShares {
  readonly name: string;
  /** Length Q, adding up to 1, or all 0 for what no latent moves. */
  readonly share: Float64Array;
}

/** Objects in the two latents that carry most of a label. */
export interface LabelledSpace {
  readonly name: string;
  readonly axes: readonly [LatentShare, LatentShare];
  /** n × 2 */
  readonly position: Matrix;
  /** Measured labels, length n. */
  readonly value: Float32Array;
}

export interface LatentShare {
  /** Counted from 1. */
  readonly latent: number;
  readonly share: number;
}

/** A spectrum of which the model was shown a few windows only. All arrays of length P. */
export interface PartialSpectrum {
  readonly title: string;
  readonly id: string;
  readonly redshift: number | null;
  /** Median signal-to-noise ratio per observed pixel. */
  readonly snr: number;
  readonly wavelength: Float64Array;
  readonly flux: Float32Array;
  /** Of what was observed, shown to the model or not. */
  readonly ivar: Float32Array;
  readonly truth: Float32Array | null;
  /** What the model was shown. */
  readonly windows: readonly Pick<SpectralWindow, 'low' | 'high'>[];
  readonly predicted: Float32Array;
  /** Standard deviation of the noise-free spectrum about `predicted`, as the model states it. */
  readonly deviation: Float32Array;
  /** Observed pixels that the model was not shown, and shares within 1 and 1.96 standard deviations, the noise's with the prediction's. */
  readonly hidden: { readonly pixels: number; readonly coverage68: number; readonly coverage95: number };
  readonly lines: readonly LineMark[];
}
