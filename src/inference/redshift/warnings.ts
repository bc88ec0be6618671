/**
 * Why a redshift may be wrong, as bits. Numbers and names are those of redrock (Bailey et al., `zwarning.py`) where the
 * reason is the same; the last is our own.
 */
export const REDSHIFT_WARNINGS = {
  /** The model reaches less than a third of the observed pixels, or fewer than 100 of them. */
  LITTLE_COVERAGE: 1 << 1,
  /** Another redshift is less than 9 in χ² away, in units of what one standard deviation costs where that exceeds 1. */
  SMALL_DELTA_CHI2: 1 << 2,
  /** The best model's flux is negative in more than a twentieth of its pixels. */
  NEGATIVE_MODEL: 1 << 3,
  /** More than a twentieth of the pixels lie beyond 5 sigma of the best model: nothing in the run looks like this. */
  MANY_OUTLIERS: 1 << 4,
  /** The redshift lies at the edge of the range that was searched. */
  Z_FITLIMIT: 1 << 5,
  /** Refinement found no minimum near the scan's. */
  BAD_MINFIT: 1 << 10,
  /** The median signal-to-noise ratio per pixel of the model's grid is below 1. */
  POORDATA: 1 << 11,
  /** The model explains the spectrum no better than a smooth continuum does: there is nothing to measure from. */
  NO_FEATURES: 1 << 16,
} as const;

export type RedshiftWarning = keyof typeof REDSHIFT_WARNINGS;

/** Least Δχ² of a secure redshift. */
const SECURE = 9;
const FEWEST_PIXELS = 100;
const LEAST_SHARE = 1 / 3;
const TOLERATED_SHARE = 1 / 20;
const LEAST_SNR = 1;

/** What warnings are judged by. */
export interface FitQuality {
  readonly coveredPixels: number;
  readonly observedPixels: number;
  /** To the runner-up; null when there is none. */
  readonly deltaChi2: number | null;
  /** To a smooth continuum. */
  readonly gain: number;
  /** χ² that one standard deviation of the redshift is worth by its curvature, at least 1: misfit counts in it. */
  readonly unit: number;
  readonly negativeShare: number;
  readonly outlierShare: number;
  readonly atLimit: boolean;
  readonly refined: boolean;
  readonly snr: number;
}

export function warningsOf(quality: FitQuality): RedshiftWarning[] {
  const { unit } = quality;
  const raised: Readonly<Record<RedshiftWarning, boolean>> = {
    LITTLE_COVERAGE:
      quality.coveredPixels < FEWEST_PIXELS || quality.coveredPixels < LEAST_SHARE * quality.observedPixels,
    SMALL_DELTA_CHI2: quality.deltaChi2 !== null && quality.deltaChi2 < SECURE * unit,
    NEGATIVE_MODEL: quality.negativeShare > TOLERATED_SHARE,
    MANY_OUTLIERS: quality.outlierShare > TOLERATED_SHARE,
    Z_FITLIMIT: quality.atLimit,
    BAD_MINFIT: !quality.refined,
    POORDATA: quality.snr < LEAST_SNR,
    NO_FEATURES: quality.gain < SECURE * unit,
  };
  return (Object.keys(REDSHIFT_WARNINGS) as RedshiftWarning[]).filter((name) => raised[name]);
}

/** The warnings as one number, 0 = none. */
export function warningBits(warnings: readonly RedshiftWarning[]): number {
  return warnings.reduce((bits, name) => bits | REDSHIFT_WARNINGS[name], 0);
}
