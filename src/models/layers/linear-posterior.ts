import {
  add,
  constant,
  gather,
  matmul,
  multiply,
  reshape,
  squeeze,
  subtract,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../graph/index.ts';
import { packedIndices, packedPositions } from '../../linalg/index.ts';
import { identityMatrix, invertPositiveDefinite } from './solve.ts';

export interface LinearModel {
  /** Flux minus the mean, N × P; its values where the weight is 0 do not matter. */
  readonly centred: Tensor;
  /** Inverse variances, N × P; 0 = unobserved. */
  readonly weights: Tensor;
  /** K × P */
  readonly basis: Tensor;
  /** Inverse variance of each coefficient's prior about zero, length K. */
  readonly priorPrecision: Tensor;
}

export interface LinearPosterior {
  /** N × K */
  readonly mean: Tensor;
  /** N × K × K */
  readonly covariance: Tensor;
}

/** C = (V W Vᵀ + A)⁻¹ and C V W x: the Gaussian that the coefficients of a linear model follow given noisy data. */
export function linearPosterior({ centred, weights, basis, priorPrecision }: LinearModel): LinearPosterior {
  const prior = multiply(identityMatrix(Number(basis.shape[0])), priorPrecision);
  const covariance = invertPositiveDefinite(add(weightedGram(weights, basis), prior));
  return { mean: applied(covariance, project(centred, weights, basis)), covariance };
}

/**
 * The same with the mean corrected by what it leaves of the data, which takes away most of float32's rounding in C.
 */
export function refinedPosterior(model: LinearModel): LinearPosterior {
  const { centred, weights, basis, priorPrecision } = model;
  const { mean, covariance } = linearPosterior(model);
  const residual = subtract(centred, matmul(mean, basis));
  const slope = subtract(project(residual, weights, basis), multiply(mean, priorPrecision));
  return { mean: add(mean, applied(covariance, slope)), covariance };
}

function project(flux: Tensor, weights: Tensor, basis: Tensor): Tensor {
  return matmul(multiply(weights, flux), basis, { transposeB: true });
}

function applied(covariance: Tensor, vectors: Tensor): Tensor {
  return squeeze(matmul(covariance, unsqueeze(vectors, [2])), [2]);
}

/** Σ_d w_nd v_d v_dᵀ for every row of weights: N × K × K from weights N × P and basis K × P, as one matrix product. */
export function weightedGram(weights: Tensor, basis: Tensor): Tensor {
  const size = Number(basis.shape[0]);
  const packed = matmul(packedOuter(basis), weights, { transposeB: true });
  const full = gather(packed, constant(packedPositions(size)));
  return reshape(transpose(full, [1, 0]), [weights.shape[0], size, size]);
}

/** The outer product of every column of a K × P basis with itself, packed: K(K+1)/2 × P. */
export function packedOuter(basis: Tensor): Tensor {
  const { rows, columns } = packedIndices(Number(basis.shape[0]));
  return multiply(gather(basis, constant(rows)), gather(basis, constant(columns)));
}
