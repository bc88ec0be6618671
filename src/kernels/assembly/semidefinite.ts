import { dot, rowStart } from './cholesky';

/** The share of its diagonal element below which a pivot is rounding of float32, for one row; many add up by a root. */
const ROUNDING: f64 = 8 / 16777216.0;

/** Bytes of scratch for `semidefinite`: the factor and what is left of the diagonal. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function semidefiniteScratch(size: u32): usize {
  return <usize>(size * (size + 1)) << 3;
}

/** The row with the largest share left of its diagonal element, or `size` where only rounding is left. */
function largest(values: usize, left: usize, size: u32): u32 {
  let chosen = size;
  let most = ROUNDING * Math.sqrt(<f64>size);
  for (let i: u32 = 0; i < size; i++) {
    const diagonal = <f64>load<f32>(values + ((rowStart(i) + <usize>i) << 3));
    const share = diagonal > 0 ? load<f64>(left + (<usize>i << 3)) / diagonal : 0;
    if (share > most) {
      most = share;
      chosen = i;
    }
  }
  return chosen;
}

/** The next column of the factor, that of the row `chosen`. */
function eliminate(values: usize, factor: usize, left: usize, size: u32, rank: u32, chosen: u32): void {
  const pivotal = factor + ((<usize>chosen * size) << 3);
  const pivot = load<f64>(left + (<usize>chosen << 3));
  const root = Math.sqrt(pivot);
  for (let i: u32 = 0; i < size; i++) {
    const row = factor + ((<usize>i * size) << 3);
    const rest = load<f64>(left + (<usize>i << 3));
    const at = i > chosen ? rowStart(i) + <usize>chosen : rowStart(chosen) + <usize>i;
    // No element of a semidefinite matrix exceeds the root of the two on the diagonal.
    const bound = Math.sqrt(rest);
    const element = (<f64>load<f32>(values + (at << 3)) - dot(row, pivotal, rank)) / root;
    const value = i == chosen ? root : max(-bound, min(bound, element));
    store<f64>(row + (<usize>rank << 3), value);
    store<f64>(left + (<usize>i << 3), i == chosen ? 0 : max(rest - value * value, 0));
  }
}

/**
 * The positive semidefinite matrix F Fᵀ that a symmetric one was before it was rounded to float32, as near as can be
 * told: F is its Cholesky factor with pivots in the order of the share left of their diagonal elements, cut off where
 * that share is rounding (Higham 2002, Accuracy and Stability of Numerical Algorithms, §10.3).
 *
 * @param values packed float32, 8 bytes apart
 * @param into packed float64, 16 bytes apart, written
 * @param scratch `semidefiniteScratch(size)` bytes
 */
export function semidefinite(values: usize, into: usize, scratch: usize, size: u32): void {
  const factor = scratch;
  const left = factor + (<usize>(size * size) << 3);
  for (let i: u32 = 0; i < size; i++) {
    store<f64>(left + (<usize>i << 3), max(0, <f64>load<f32>(values + ((rowStart(i) + <usize>i) << 3))));
  }
  let rank: u32 = 0;
  for (; rank < size; rank++) {
    const chosen = largest(values, left, size);
    if (chosen == size) break;
    eliminate(values, factor, left, size, rank, chosen);
  }
  for (let i: u32 = 0; i < size; i++) {
    for (let j: u32 = 0; j <= i; j++, into += 16) {
      store<f64>(into, dot(factor + ((<usize>i * size) << 3), factor + ((<usize>j * size) << 3), rank));
    }
  }
}
