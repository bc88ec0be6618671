import type { Matrix } from '../../base/index.ts';
import type { NormalPrior } from './fit-problem.ts';

/** One spectrum: all of length P. `starlight` is zero where it could not be fitted. */
export interface LineSpectrum {
  readonly flux: Float32Array;
  readonly ivar: Float32Array;
  readonly starlight: Float64Array;
  /** How well the starlight is known; null where it is not. */
  readonly uncertainty: StarlightUncertainty | null;
}

/** Starlight is a sum of `components` whose coefficients have this covariance. */
export interface StarlightUncertainty {
  /** K × P. */
  readonly components: Matrix;
  /** K × K. */
  readonly covariance: Float64Array;
}

/** What is known of the motions of an object's gas: velocity in km/s, ln σ with σ in km/s. */
export interface Kinematics {
  readonly velocity: NormalPrior;
  readonly logSigma: NormalPrior;
}
