import { add, pairRow } from './pair';
import {
  addIdentity,
  compress,
  gather,
  gatherColumns,
  keepLanes,
  ordinary,
  packedLength,
  scatter,
  scatterColumn,
  widen,
} from './pair-copies';
import { factorisePair } from './pair-factor';
import { invertFactorPair } from './pair-inverse';
import { squarePair } from './pair-square';
import { semidefinite, semidefiniteScratch } from './semidefinite';

/**
 * Gaussian posteriors of many outputs, S = (1 + Λ)⁻¹ and m = S h. Outputs are worked on in pairs that stay in the
 * processor's second cache.
 *
 * Λ is a sum of squares, but rounded: an error of one part in 2²⁴ of a large element makes it indefinite where data say
 * nothing, so that pivots fall below 1 and variances rise above 1. Pivots that fall little are raised in place; where
 * that is not enough, Λ is replaced by the positive semidefinite matrix that was rounded (semidefinite.ts).
 */

/** Variances of S are at most 1, but for pivots that were raised. */
const LARGEST_VARIANCE: f64 = 1.01;

/** The order of the pairs: the identity fills the matrices up. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function orderOf(size: u32): u32 {
  return (size + 3) & ~3;
}

// The parts of a thread's scratch: Λ of a pair in float32, then 1 + Λ, h and m, then the rest.

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function pairIn(scratch: usize, size: u32): usize {
  return (scratch + (packedLength(size) << 3) + 63) & ~63;
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function rightIn(scratch: usize, size: u32): usize {
  return pairIn(scratch, size) + (packedLength(orderOf(size)) << 4);
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function meanIn(scratch: usize, size: u32): usize {
  return rightIn(scratch, size) + (<usize>size << 4);
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function restOf(scratch: usize, size: u32): usize {
  return meanIn(scratch, size) + (<usize>size << 4);
}

/** Bytes of scratch for one thread. */
export function invertAllScratch(size: u32): usize {
  return (restOf(0, size) + semidefiniteScratch(size) + 63) & ~63;
}

/** mean ← Wᵀ W h. */
function solvePair(pair: usize, right: usize, mean: usize, size: u32): void {
  for (let i: u32 = 0; i < size; i++) {
    const row = pairRow(pair, i);
    const end = <usize>i << 4;
    let even = f64x2.mul(v128.load(row + end), v128.load(right + end));
    let odd = f64x2.splat(0);
    let k: usize = 0;
    for (; k + 16 < end; k += 32) {
      even = add(even, v128.load(row + k), v128.load(right + k));
      odd = add(odd, v128.load(row + k, 16), v128.load(right + k, 16));
    }
    if (k < end) odd = add(odd, v128.load(row + k), v128.load(right + k));
    const value = f64x2.add(even, odd);
    v128.store(mean + end, f64x2.mul(v128.load(row + end), value));
    for (k = 0; k < end; k += 16) v128.store(mean + k, add(v128.load(mean + k), v128.load(row + k), value));
  }
}

/** ln det A of one lane, from the reciprocals on the diagonal of L; a logarithm for every four. */
function logDeterminantOf(pair: usize, order: u32, lane: u32): f64 {
  let total: f64 = 0;
  for (let i: u32 = 0; i < order; i += 4) {
    let product: f64 = 1;
    for (let k = i; k < i + 4; k++) product *= load<f64>(pairRow(pair, k) + (<usize>k << 4) + (<usize>lane << 3));
    total -= 2 * Math.log(product);
  }
  return total;
}

/** Lanes, all bits set, of which no variance is too large, or NaN. */
function bounded(pair: usize, size: u32): v128 {
  let lanes = i64x2.splat(-1);
  for (let i: u32 = 0; i < size; i++) {
    const variance = v128.load(pairRow(pair, i) + (<usize>i << 4));
    lanes = v128.and(lanes, f64x2.le(variance, f64x2.splat(LARGEST_VARIANCE)));
  }
  return lanes;
}

/** ½ (tr S + mᵀ m − M + ln det A) of one lane. */
function divergenceOf(pair: usize, mean: usize, size: u32, logDeterminant: f64, lane: u32): f64 {
  const offset = <usize>lane << 3;
  let total = logDeterminant;
  for (let i: u32 = 0; i < size; i++) {
    const value = load<f64>(mean + (<usize>i << 4) + offset);
    total += load<f64>(pairRow(pair, i) + (<usize>i << 4) + offset) - 1 + value * value;
  }
  return 0.5 * total;
}

// Of the pair last inverted: ln det A, and the lanes, all bits set, whose Λ was replaced, and that were refused.
let logDeterminants: v128 = f64x2.splat(0);
let replaced: v128 = f64x2.splat(0);
let refused: v128 = f64x2.splat(0);

/**
 * Replaces 1 + Λ in scratch by S, and writes m.
 *
 * @returns the lanes, all bits set, in which no fault was found; unless that is both, neither holds anything of use
 */
function attempt(scratch: usize, size: u32): v128 {
  const pair = pairIn(scratch, size);
  const order = orderOf(size);
  const lanes = factorisePair(pair, order);
  if (!i64x2.all_true(lanes)) return lanes;
  const first = f64x2.splat(logDeterminantOf(pair, order, 0));
  logDeterminants = f64x2.replace_lane(first, 1, logDeterminantOf(pair, order, 1));
  invertFactorPair(pair, order);
  solvePair(pair, rightIn(scratch, size), meanIn(scratch, size), size);
  squarePair(pair, order);
  return bounded(pair, size);
}

/** S and m of two outputs, whose Λ, as pairs of float32, and h lie in scratch. */
function invertPair(scratch: usize, size: u32): void {
  const values = scratch;
  const length = packedLength(size);
  const pair = pairIn(scratch, size);
  const right = rightIn(scratch, size);
  widen(values, length, pair);
  refused = v128.not(v128.and(ordinary(pair, length), ordinary(right, size)));
  replaced = i64x2.splat(0);
  for (;;) {
    if (i64x2.extract_lane(replaced, 0) != 0) semidefinite(values, pair, restOf(scratch, size), size);
    if (i64x2.extract_lane(replaced, 1) != 0) semidefinite(values + 4, pair + 8, restOf(scratch, size), size);
    if (v128.any_true(refused)) {
      keepLanes(pair, length, v128.not(refused));
      keepLanes(right, size, v128.not(refused));
    }
    addIdentity(pair, size, orderOf(size));
    const faults = v128.not(attempt(scratch, size));
    if (!v128.any_true(faults)) return;
    refused = v128.or(refused, v128.and(faults, replaced));
    replaced = v128.andnot(v128.or(replaced, faults), refused);
    widen(values, length, pair);
  }
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function lane0or1(values: v128, lane: u32): f64 {
  return lane == 0 ? f64x2.extract_lane(values, 0) : f64x2.extract_lane(values, 1);
}

/** What `report` says of an output. */
const REPLACED: f64 = 1;
const REFUSED: f64 = -1;

/**
 * For the outputs d from `from` to before `to`: A_d = 1 + Λ_d, `inverse` ← S_d = A_d⁻¹, elements beside the diagonal
 * doubled, `solution` ← m_d = S_d h_d, `logDeterminant` ← ln det A_d and `divergence` ← KL(N(m_d, S_d) ‖ N(0, 1)).
 *
 * @param precision packed Λ: count × M(M+1)/2 float32, as `inverse`, which may be the same
 * @param right h: size × count float32, as `solution`, which may be the same
 * @param logDeterminant count float64, or 0; so `divergence`
 * @param report count float64: 1 where Λ was replaced by a positive semidefinite matrix; −1 where Λ or h holds NaN,
 *   infinities or numbers too large, and the output was given the prior; else 0
 * @param scratch `invertAllScratch(size)` bytes
 */
export function invertAll(
  from: u32,
  to: u32,
  precision: usize,
  right: usize,
  inverse: usize,
  solution: usize,
  logDeterminant: usize,
  divergence: usize,
  report: usize,
  count: u32,
  size: u32,
  scratch: usize,
): void {
  const length = packedLength(size);
  const stride = <usize>count << 2;
  const pair = pairIn(scratch, size);
  const mean = meanIn(scratch, size);
  for (let d = from; d < to; d += 2) {
    const lanes = min<u32>(2, to - d);
    const start = (<usize>d * length) << 2;
    gather(precision + start, length, lanes, scratch);
    gatherColumns(right + (<usize>d << 2), size, stride, lanes, rightIn(scratch, size));
    invertPair(scratch, size);
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const output = <usize>(d + lane);
      const logarithm = lane0or1(logDeterminants, lane);
      if (logDeterminant != 0) store<f64>(logDeterminant + (output << 3), logarithm);
      if (divergence != 0) store<f64>(divergence + (output << 3), divergenceOf(pair, mean, size, logarithm, lane));
      const state = v128.bitselect(f64x2.splat(REFUSED), v128.and(replaced, f64x2.splat(REPLACED)), refused);
      store<f64>(report + (output << 3), lane0or1(state, lane));
      scatterColumn(mean, size, stride, lane, solution + (output << 2));
    }
    compress(pair, scratch, size);
    scatter(scratch, length, lanes, inverse + start);
  }
}
