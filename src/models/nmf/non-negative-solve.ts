import {
  abs,
  add,
  constant,
  divide,
  greater,
  matmul,
  multiply,
  relu,
  slice,
  sqrt,
  squeeze,
  subtract,
  sum,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../graph/index.ts';
import { identityMatrix, invertPositiveDefinite, solvePositiveDefinite } from '../layers/solve.ts';

/** Minimise ½ xᵀAx − bᵀx over x ≥ 0, for N problems at once. */
export interface NonNegativeProblem {
  /** N × Q × Q, symmetric positive definite. */
  readonly a: Tensor;
  /** N × Q */
  readonly b: Tensor;
}

export interface NonNegativeSolution {
  /** N × Q, the minimum. */
  readonly x: Tensor;
  /** N × Q: 1 where x may move freely, 0 where it is held at zero. */
  readonly free: Tensor;
  /** N × Q × Q: the inverse of A among the free, 0 elsewhere. */
  readonly freeInverse: Tensor;
}

/** Sweeps of coordinate descent before and after the pivots. */
const SWEEPS = 4;
/** With these, the objective of 800 simulated galaxies at Q = 4 and 6 is within 2e-9 of scipy's NNLS (of some 800). */
const PIVOTS = 6;

/**
 * Active sets by pivoting: solve among the free, free what would gain, hold what went negative, all at once (the
 * primal-dual active set of Hintermüller, Ito & Kunisch 2003; block principal pivoting of Kim & Park 2011). That ends
 * in the exact minimum but may, rarely, cycle; so it starts from coordinate descent, counts only where it ended lower,
 * and coordinate descent has the last word.
 */
export function solveNonNegative(problem: NonNegativeProblem): NonNegativeSolution {
  const size = Number(problem.b.shape[1]);
  const perUnit = divide(1, sqrt(diagonalOf(problem.a)));
  const a = multiply(multiply(problem.a, unsqueeze(perUnit, [2])), unsqueeze(perUnit, [1]));
  const b = multiply(problem.b, perUnit);
  const first = swept(a, b, relu(divide(b, size)));
  const pivoted = relu(pivotedFrom(a, b, first));
  const lower = greater(objective(a, b, first), objective(a, b, pivoted));
  const x = swept(a, b, where(lower, pivoted, first));
  const free = greater(x, 0);
  const inverse = invertPositiveDefinite(among(free, a));
  const scaledInverse = multiply(inverse, pairs(free));
  return {
    x: multiply(x, perUnit),
    free,
    freeInverse: multiply(multiply(scaledInverse, unsqueeze(perUnit, [2])), unsqueeze(perUnit, [1])),
  };
}

/** Coordinate descent for an A of unit diagonal: every coordinate to its minimum, in turn. */
function swept(a: Tensor, b: Tensor, start: Tensor): Tensor {
  const size = Number(b.shape[1]);
  const rows = Array.from({ length: size }, (_, q) => squeeze(slice(a, 1, q, q + 1), [1]));
  let x = start;
  for (let step = 0; step < SWEEPS * size; step++) {
    const q = step % size;
    const slope = subtract(slice(b, 1, q, q + 1), sum(multiply(rows[q], x), [1], true));
    x = where(unitRow(size, q), relu(add(slice(x, 1, q, q + 1), slope)), x);
  }
  return x;
}

function pivotedFrom(a: Tensor, b: Tensor, start: Tensor): Tensor {
  let x = start;
  let free = greater(start, 0);
  for (let pivot = 0; pivot < PIVOTS; pivot++) {
    const solved = solvePositiveDefinite(among(free, a), unsqueeze(multiply(free, b), [2]));
    x = squeeze(solved, [2]);
    // Among the free the slope is nothing, elsewhere x is: the sum is positive where a coefficient should be free.
    const slope = multiply(subtract(1, free), subtract(b, applied(a, x)));
    free = greater(add(x, slope), 0);
  }
  return x;
}

/** A among the free, the identity elsewhere. */
function among(free: Tensor, a: Tensor): Tensor {
  const identity = identityMatrix(Number(a.shape[1]));
  return add(multiply(a, pairs(free)), multiply(identity, unsqueeze(subtract(1, free), [2])));
}

/** 1 where both of a pair are free: N × Q × Q. */
function pairs(free: Tensor): Tensor {
  return multiply(unsqueeze(free, [2]), unsqueeze(free, [1]));
}

function objective(a: Tensor, b: Tensor, x: Tensor): Tensor {
  return sum(multiply(x, subtract(multiply(applied(a, x), 0.5), b)), [1], true);
}

/** Matrices N × Q × Q times vectors N × Q. */
export function applied(a: Tensor, x: Tensor): Tensor {
  return squeeze(matmul(a, unsqueeze(x, [2])), [2]);
}

/**
 * N × Q × Q: what the coefficients held at zero add to the covariance. Such a coefficient may truly be above zero:
 * its density falls as exp(−λx − ½Sx²), λ the slope it is held against and S its curvature when the free ones follow,
 * so that about the stated zero ⟨x²⟩ ≈ 2 / (λ² + λ√S + 2S): within 8%, and exact for λ = 0 (where it joins a free
 * coefficient's 1/S) and for large λ. The free ones move along with it.
 */
export function heldCovariance({ a, b }: NonNegativeProblem, { x, free, freeInverse }: NonNegativeSolution): Tensor {
  const identity = identityMatrix(Number(b.shape[1]));
  const held = subtract(1, free);
  const directions = multiply(subtract(identity, matmul(freeInverse, a)), unsqueeze(held, [1]));
  const curvature = add(diagonalOf(matmul(a, directions)), free);
  const slope = abs(subtract(b, applied(a, x)));
  const fall = add(multiply(slope, add(slope, sqrt(curvature))), multiply(curvature, 2));
  const secondMoment = divide(multiply(held, 2), fall);
  return matmul(multiply(directions, unsqueeze(secondMoment, [1])), transpose(directions, [0, 2, 1]));
}

function diagonalOf(a: Tensor): Tensor {
  return sum(multiply(a, identityMatrix(Number(a.shape[1]))), [2]);
}

function unitRow(size: number, at: number): Tensor {
  const values = new Float64Array(size);
  values[at] = 1;
  return constant(values, [1, size]);
}
