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

/**
 * Mean N × K and covariance C = (V W Vᵀ + A)⁻¹, N × K × K, of the coefficients of a linear model with Gaussian noise.
 *
 * The mean is corrected once by what it leaves of the data, which takes away most of float32's rounding in C.
 */
export function linearPosterior(model: LinearModel): { readonly mean: Tensor; readonly covariance: Tensor } {
  const { centred, weights, basis, priorPrecision } = model;
  const prior = multiply(identityMatrix(Number(basis.shape[0])), priorPrecision);
  const covariance = invertPositiveDefinite(add(weightedGram(weights, basis), prior));
  const solved = (slope: Tensor): Tensor => squeeze(matmul(covariance, unsqueeze(slope, [2])), [2]);
  const project = (flux: Tensor): Tensor => matmul(multiply(weights, flux), basis, { transposeB: true });
  const first = solved(project(centred));
  const left = subtract(project(subtract(centred, matmul(first, basis))), multiply(first, priorPrecision));
  return { mean: add(first, solved(left)), covariance };
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
