import type { Matrix } from '../../base/index.ts';
import {
  type DenseMatrix,
  dense,
  fixSigns,
  orthonormaliseRows,
  product,
  symmetricEigen,
  transposed,
} from '../../linalg/index.ts';

/**
 * Spectra as a plane with noise: x_n = μ + Vᵀz_n + e_n, with z_n ~ N(0, I) in K dimensions and independent pixel noise
 * e_nd ~ N(0, φ / w_nd). Float32, because that is what the graphs see; a state saved and read back is the same state.
 */
export interface FactorModel {
  /** μ, length P. */
  readonly mean: Float32Array;
  /** V, K × P: how far a coefficient of one standard deviation moves each pixel. */
  readonly loadings: Matrix;
  /** φ: about 1 when the weights are the true inverse variances and K components suffice. */
  readonly noiseScale: number;
}

/** Orthonormal components in order of variance: the same plane in the coordinates people expect of a PCA. */
export interface PrincipalComponents {
  /** K × P; orthonormal rows, the largest entry of each positive. */
  readonly basis: DenseMatrix;
  /** Variance of each coefficient over the population, length K, largest first. */
  readonly variance: Float64Array;
}

export function principalComponents({ loadings }: FactorModel): PrincipalComponents {
  const wide = dense(loadings.rows, loadings.columns, Float64Array.from(loadings.data));
  const { values, vectors } = symmetricEigen(product(wide, transposed(wide)));
  const basis = product(vectors, wide);
  orthonormaliseRows(basis);
  fixSigns(basis);
  // A component without variance still needs a finite prior precision.
  const least = Math.max(values[0], 1e-20) * 1e-12;
  return { basis, variance: values.map((value) => Math.max(value, least)) };
}
