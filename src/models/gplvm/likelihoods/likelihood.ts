import type { Tensor } from '../../../graph/index.ts';

/** What one minibatch's likelihood is asked with; all N × D but `logNoise`. */
export interface Observations {
  readonly value: Tensor;
  /** 1/σ² of each value; 0 = not observed. */
  readonly precision: Tensor;
  /** ln s², length D: scatter beyond the known noise. */
  readonly logNoise: Tensor;
}

/** The Gaussian that the decoder gives for the function at each value, N × D. */
export interface FunctionMarginals {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** How observed values scatter about the function. */
export interface Likelihood {
  /** Whether values and functions are standardised; those that are not numbers on a scale (0 and 1) are not. */
  readonly standardised: boolean;
  /**
   * E_q(f) ln p(value | f), or a lower bound of it, N × D: 0 where not observed, and up to the constants in
   * `constantOf`. It must fall with the variance, whose derivative is what the sites are made of.
   */
  expectedLogDensity(observed: Observations, marginals: FunctionMarginals): Tensor;
  /**
   * By what factor a value's weight in the fit of latents and gains changes when it lies off, from its squared deviation
   * in units of its variance; null where weights do not depend on it.
   */
  readonly weightFactor: ((squaredDeviation: Tensor) => Tensor) | null;
  /** What `expectedLogDensity` leaves out of one observed value, from its precision. */
  constantOf(precision: number): number;
}
