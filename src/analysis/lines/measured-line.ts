import type { LineKey } from '../spectral-lines.ts';

/** One emission line of one spectrum, in the units of the dataset; a number that could not be measured is null. */
export interface MeasuredLine {
  /** `HALPHA`, or `HALPHA_BROAD` for the light of clouds near a nucleus. */
  readonly name: LineName;
  /** Integrated over rest-frame wavelength: units of the dataset's flux × Å. Negative fluxes are noise, kept unbiased. */
  readonly flux: number;
  readonly fluxError: number;
  /** Rest-frame Å over the continuum below the line, positive in emission; null where the continuum is not above 0. */
  readonly width: number | null;
  readonly widthError: number | null;
  /** σ in km/s: FWHM/2.355 of a broad line. The spectrograph's own width is in it, that of the dataset's pixels is not. */
  readonly sigma: number;
  readonly sigmaError: number;
  /** km/s from the redshift of the catalogue, positive to the red. */
  readonly offset: number;
  readonly offsetError: number;
  /** χ² per degree of freedom of the complex of lines. */
  readonly chi2: number;
  /** Sum of `LINE_FLAGS`. */
  readonly flags: number;
}

export type LineName = LineKey | `${LineKey}_BROAD`;

export const LINE_FLAGS = {
  /** Not observed, or too little of it; every number is missing. */
  unobserved: 1,
  /** Some of the pixels on the line are not observed. */
  partial: 2,
  /** χ² per degree of freedom above 3. */
  poorFit: 4,
  /** Flux below 3σ: width and offset are those of the object's other lines. */
  weak: 8,
  /** The width ended at the edge of what is searched. */
  widthAtLimit: 16,
  /** A broad component was fitted with it. */
  broadComponent: 32,
  /** The search did not come to rest. */
  unsettled: 64,
  /** On a polynomial instead of starlight: absorption lines below are not allowed for. */
  noStarlight: 128,
} as const;
