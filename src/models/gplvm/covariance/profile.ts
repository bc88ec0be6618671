import type { Tensor } from '../../../graph/index.ts';

/** One parameter of a covariance beyond its variance and lengthscales, by its logarithm. */
export interface ShapeParameter {
  readonly name: string;
  readonly initial: number;
}

/**
 * A stationary covariance of unit variance as a function of r² = Σ_q (x_q − x′_q)² / ℓ_q²
 * (Rasmussen & Williams 2006, section 4.2.1).
 */
export interface Profile {
  readonly shapeParameters: readonly ShapeParameter[];
  /** k(r²), element by element; `shape` are the exponentials of the shape parameters, each a scalar. */
  value(squaredDistance: Tensor, shape: readonly Tensor[]): Tensor;
  /** dk / d(r²) at the same places. */
  slope(squaredDistance: Tensor, shape: readonly Tensor[]): Tensor;
}
