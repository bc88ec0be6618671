import type { Matrix } from '../base/index.ts';
import type { LabelFigureData } from './label-data.ts';
import type { LineMark, SpectralWindow } from './spectral-marks.ts';

/**
 * What the figures show, as plain numbers and words. `analysis` prepares it; nothing here is computed from it but
 * the drawing. Wavelengths are rest-frame vacuum ångström; `ivar = 0` means not observed.
 */
export interface FigureData {
  /** Axis title of a flux: `normalised flux`, or with its unit. */
  readonly fluxLabel: string;
  /** Classes of the data set, most frequent first: one colour each, the same in all figures. */
  readonly classes: readonly string[];
  readonly reconstructions: readonly ReconstructionData[];
  readonly errors: readonly ErrorPoint[];
  readonly latents: readonly LatentData[];
  readonly traversals: readonly TraversalData[];
  readonly histories: readonly HistoryData[];
  /** One for each run that predicts labels. */
  readonly labels: readonly LabelFigureData[];
}

/** One object, observed and rebuilt by several models (VAE paper, Figs. 4–7). All arrays of length P. */
export interface ReconstructionData {
  /** What the object stands for: `broad-line AGN, high S/N`. */
  readonly title: string;
  readonly id: string;
  readonly redshift: number | null;
  /** Median signal-to-noise ratio per observed pixel. */
  readonly snr: number;
  readonly wavelength: Float64Array;
  readonly flux: Float32Array;
  readonly ivar: Float32Array;
  /** The noise-free spectrum, where the data set is simulated. */
  readonly truth: Float32Array | null;
  readonly models: readonly RebuiltSpectrum[];
  readonly windows: readonly SpectralWindow[];
  readonly lines: readonly LineMark[];
}

export interface RebuiltSpectrum {
  readonly model: string;
  readonly latents: number;
  readonly flux: Float32Array;
  /** Standard deviation of the noise-free spectrum about `flux`, as the model states it; absent where it was not asked for. */
  readonly deviation?: Float32Array;
  readonly chi2PerPixel: number;
}

/** One measurement of Fig. 3: the error of one model on one class (null = all objects). */
export interface ErrorPoint {
  readonly model: string;
  readonly latents: number;
  readonly objectClass: string | null;
  readonly objects: number;
  readonly mse: number;
}

/** Where the objects lie in one model's latent space (Fig. 8), on axes of falling variance, turned or the model's own. */
export interface LatentData {
  readonly model: string;
  readonly latents: number;
  readonly axes: readonly LatentAxis[];
  /** N × number of axes. */
  readonly position: Matrix;
  /** Length N; null = unclassified. */
  readonly objectClass: readonly (string | null)[];
}

export interface LatentAxis {
  /** `VAE 1`. */
  readonly label: string;
  /** Share of the latent means' total variance, 0–1. */
  readonly varianceShare: number;
  /** The latent, counted from 1, that this axis is; absent where axes were turned. */
  readonly latent?: number;
}

/** What each latent axis does to the spectrum (Fig. 14; for PCA, its components). */
export interface TraversalData {
  readonly model: string;
  readonly latents: number;
  readonly wavelength: Float64Array;
  /** The spectrum decoded at the centroid of the latent means, length P. */
  readonly centre: Float32Array;
  readonly axes: readonly (LatentAxis & { readonly spectra: readonly TraversalStep[] })[];
  readonly lines: readonly LineMark[];
}

/** The spectrum decoded at `offset` standard deviations from the centroid along one axis. */
export interface TraversalStep {
  readonly offset: number;
  /** The share of the objects that lie below the step, where steps were chosen so: `offset` then differs from axis to axis. */
  readonly quantile?: number;
  readonly flux: Float32Array;
}

/** How latents answer to noise added to noise-free spectra (Fig. 17): a curve for each latent. */
export interface NoiseResponseData {
  readonly model: string;
  readonly objects: number;
  /** Draws of the noise at each signal-to-noise ratio. */
  readonly realisations: number;
  /** Median signal-to-noise ratios per pixel, ascending. */
  readonly snr: readonly number[];
  readonly curves: readonly ResponseCurve[];
}

/** Arrays in the order of `snr`. */
export interface ResponseCurve {
  /** Counted from 1. */
  readonly latent: number;
  readonly inUse: boolean;
  /** Variance of the latent means over the draws, over the variance reported. */
  readonly varianceRatio: readonly ResponseRange[];
  /** The same as a calibrated posterior must have it, its prior drawing means in; NaN where the prior is not known. */
  readonly expectedRatio: readonly ResponseRange[];
  /** Size of the mean's offset from the noise-free encoding, in reported standard deviations. */
  readonly bias: readonly ResponseRange[];
}

/** The 16th, 50th and 84th percentile over objects. */
export interface ResponseRange {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** How training went, epoch by epoch. */
export interface HistoryData {
  readonly model: string;
  readonly latents: number;
  readonly epochs: readonly HistoryEpoch[];
  /** The epoch whose parameters were kept, null when the last one was. */
  readonly bestEpoch: number | null;
}

export interface HistoryEpoch {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly validLoss: number | null;
  readonly learningRate: number | null;
}

/** A drawn figure; `svg` stands alone, with its own size and description. */
export interface Figure {
  /** Name of its file, without extension. */
  readonly name: string;
  readonly title: string;
  /** What to see in it, for an astronomer. */
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  readonly svg: string;
}
