import type { LineMark, SpectralWindow } from './spectral-marks.ts';

/** Spectra that a model makes of labels or latents. P pixels. */
export interface GeneratedData {
  /** `Spectra of Shared GPLVM as log_mbh goes from 8.5 to 10`. */
  readonly title: string;
  readonly model: string;
  readonly fluxLabel: string;
  /** Rest-frame vacuum ångström, length P. */
  readonly wavelength: Float64Array;
  readonly lines: readonly LineMark[];
  /** Stretches shown enlarged. */
  readonly windows: readonly SpectralWindow[];
  /** Name of what is swept; null for a single spectrum. */
  readonly swept: string | null;
  /** In the order of the swept values. */
  readonly spectra: readonly GeneratedSpectrum[];
}

export interface GeneratedSpectrum {
  /** Of what is swept; 0 for a single spectrum. */
  readonly value: number;
  /** Both of length P: flux and its standard deviation. */
  readonly flux: Float32Array;
  readonly fluxDeviation: Float32Array;
  /** Draws from what the labels leave open, of length P each. */
  readonly samples: readonly Float32Array[];
  readonly labels: readonly GeneratedLabel[];
}

export interface GeneratedLabel {
  readonly name: string;
  readonly value: number;
  readonly deviation: number;
}
