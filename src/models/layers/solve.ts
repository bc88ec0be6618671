import {
  concatenate,
  constant,
  divide,
  expand,
  multiply,
  slice,
  subtract,
  type Tensor,
  where,
} from '../../graph/index.ts';

/**
 * Solves A X = B for N small symmetric positive-definite systems at once, inside a graph: A is N × K × K and B is
 * N × K × R. ONNX has no Cholesky, so this is Gauss–Jordan elimination written out, K steps of a few element-wise
 * nodes; without pivoting, which positive-definite matrices do not need.
 */
export function solvePositiveDefinite(a: Tensor, b: Tensor): Tensor {
  const size = Number(a.shape[1]);
  let rest = concatenate([a, b], 2);
  for (let step = 0; step < size; step++) {
    // The column being eliminated becomes a unit vector that nothing needs again, so it is dropped.
    const column = slice(rest, 2, 0, 1);
    rest = slice(rest, 2, 1, Number(rest.shape[2]));
    const pivotRow = divide(slice(rest, 1, step, step + 1), slice(column, 1, step, step + 1));
    // Row i loses column[i] times the pivot row, which itself stays.
    rest = where(unitColumn(size, step), pivotRow, subtract(rest, multiply(column, pivotRow)));
  }
  return rest;
}

/** The inverses of N symmetric positive-definite matrices, N × K × K. */
export function invertPositiveDefinite(a: Tensor): Tensor {
  return solvePositiveDefinite(a, expand(identityMatrix(Number(a.shape[1])), a.shape));
}

/** The K×K identity. */
export function identityMatrix(size: number): Tensor {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return constant(values, [size, size]);
}

function unitColumn(size: number, at: number): Tensor {
  const values = new Float64Array(size);
  values[at] = 1;
  return constant(values, [size, 1]);
}
