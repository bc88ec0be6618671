import { pairRow, subtract } from './pair';

/** What no pivot of 1 + Λ, Λ ≥ 0, falls below but for rounding in Λ. */
const LEAST: f64 = 1;

/** Pivots below this are more than rounding of 1. */
const NOTABLE: f64 = 0.5;

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function reciprocalRoot(pivot: v128): v128 {
  return f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.max(pivot, f64x2.splat(LEAST))));
}

/** Lanes, all bits set, whose pivot is neither too small nor NaN. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function sound(pivot: v128): v128 {
  return f64x2.ge(pivot, f64x2.splat(NOTABLE));
}

/**
 * Replaces A by its Cholesky factor L, whose diagonal elements are stored as their reciprocals (Golub & Van Loan 2013,
 * §4.2). Pivots are raised to 1 where they fall below.
 *
 * @returns the lanes, all bits set, in which no pivot was below 0.5; the others hold nothing of use
 */
export function factorisePair(pair: usize, order: u32): v128 {
  let lanes = i64x2.splat(-1);
  for (let i: u32 = 0; i < order; i += 4) {
    const r0 = pairRow(pair, i);
    const r1 = pairRow(pair, i + 1);
    const r2 = pairRow(pair, i + 2);
    const r3 = pairRow(pair, i + 3);
    for (let j: u32 = 0; j < i; j += 2) factoriseColumns(r0, r1, r2, r3, pairRow(pair, j), pairRow(pair, j + 1), j);
    lanes = v128.and(lanes, factoriseDiagonal(r0, r1, r2, r3, i));
  }
  return lanes;
}

/** Columns j and j + 1 of four rows of L; c0 and c1 are the rows j and j + 1. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function factoriseColumns(r0: usize, r1: usize, r2: usize, r3: usize, c0: usize, c1: usize, j: u32): void {
  const end = <usize>j << 4;
  let a0 = v128.load(r0 + end);
  let a1 = v128.load(r1 + end);
  let a2 = v128.load(r2 + end);
  let a3 = v128.load(r3 + end);
  let b0 = v128.load(r0 + end, 16);
  let b1 = v128.load(r1 + end, 16);
  let b2 = v128.load(r2 + end, 16);
  let b3 = v128.load(r3 + end, 16);
  for (let k: usize = 0; k < end; k += 32) {
    let x = v128.load(c0 + k);
    let y = v128.load(c1 + k);
    let z = v128.load(r0 + k);
    a0 = subtract(a0, z, x);
    b0 = subtract(b0, z, y);
    z = v128.load(r1 + k);
    a1 = subtract(a1, z, x);
    b1 = subtract(b1, z, y);
    z = v128.load(r2 + k);
    a2 = subtract(a2, z, x);
    b2 = subtract(b2, z, y);
    z = v128.load(r3 + k);
    a3 = subtract(a3, z, x);
    b3 = subtract(b3, z, y);
    x = v128.load(c0 + k, 16);
    y = v128.load(c1 + k, 16);
    z = v128.load(r0 + k, 16);
    a0 = subtract(a0, z, x);
    b0 = subtract(b0, z, y);
    z = v128.load(r1 + k, 16);
    a1 = subtract(a1, z, x);
    b1 = subtract(b1, z, y);
    z = v128.load(r2 + k, 16);
    a2 = subtract(a2, z, x);
    b2 = subtract(b2, z, y);
    z = v128.load(r3 + k, 16);
    a3 = subtract(a3, z, x);
    b3 = subtract(b3, z, y);
  }
  const first = v128.load(c0 + end);
  const below = v128.load(c1 + end);
  const second = v128.load(c1 + end, 16);
  a0 = f64x2.mul(a0, first);
  a1 = f64x2.mul(a1, first);
  a2 = f64x2.mul(a2, first);
  a3 = f64x2.mul(a3, first);
  v128.store(r0 + end, a0);
  v128.store(r1 + end, a1);
  v128.store(r2 + end, a2);
  v128.store(r3 + end, a3);
  v128.store(r0 + end, f64x2.mul(subtract(b0, a0, below), second), 16);
  v128.store(r1 + end, f64x2.mul(subtract(b1, a1, below), second), 16);
  v128.store(r2 + end, f64x2.mul(subtract(b2, a2, below), second), 16);
  v128.store(r3 + end, f64x2.mul(subtract(b3, a3, below), second), 16);
}

/** The four by four elements of L on the diagonal, from column i on. */
function factoriseDiagonal(r0: usize, r1: usize, r2: usize, r3: usize, i: u32): v128 {
  const end = <usize>i << 4;
  let a00 = v128.load(r0 + end);
  let a10 = v128.load(r1 + end);
  let a11 = v128.load(r1 + end, 16);
  let a20 = v128.load(r2 + end);
  let a21 = v128.load(r2 + end, 16);
  let a22 = v128.load(r2 + end, 32);
  let a30 = v128.load(r3 + end);
  let a31 = v128.load(r3 + end, 16);
  let a32 = v128.load(r3 + end, 32);
  let a33 = v128.load(r3 + end, 48);
  for (let k: usize = 0; k < end; k += 16) {
    const x0 = v128.load(r0 + k);
    const x1 = v128.load(r1 + k);
    const x2 = v128.load(r2 + k);
    const x3 = v128.load(r3 + k);
    a00 = subtract(a00, x0, x0);
    a10 = subtract(a10, x1, x0);
    a11 = subtract(a11, x1, x1);
    a20 = subtract(a20, x2, x0);
    a21 = subtract(a21, x2, x1);
    a22 = subtract(a22, x2, x2);
    a30 = subtract(a30, x3, x0);
    a31 = subtract(a31, x3, x1);
    a32 = subtract(a32, x3, x2);
    a33 = subtract(a33, x3, x3);
  }
  let lanes = sound(a00);
  a00 = reciprocalRoot(a00);
  a10 = f64x2.mul(a10, a00);
  a20 = f64x2.mul(a20, a00);
  a30 = f64x2.mul(a30, a00);
  a11 = subtract(a11, a10, a10);
  lanes = v128.and(lanes, sound(a11));
  a11 = reciprocalRoot(a11);
  a21 = f64x2.mul(subtract(a21, a20, a10), a11);
  a31 = f64x2.mul(subtract(a31, a30, a10), a11);
  a22 = subtract(subtract(a22, a20, a20), a21, a21);
  lanes = v128.and(lanes, sound(a22));
  a22 = reciprocalRoot(a22);
  a32 = f64x2.mul(subtract(subtract(a32, a30, a20), a31, a21), a22);
  a33 = subtract(subtract(subtract(a33, a30, a30), a31, a31), a32, a32);
  lanes = v128.and(lanes, sound(a33));
  a33 = reciprocalRoot(a33);
  v128.store(r0 + end, a00);
  v128.store(r1 + end, a10);
  v128.store(r1 + end, a11, 16);
  v128.store(r2 + end, a20);
  v128.store(r2 + end, a21, 16);
  v128.store(r2 + end, a22, 32);
  v128.store(r3 + end, a30);
  v128.store(r3 + end, a31, 16);
  v128.store(r3 + end, a32, 32);
  v128.store(r3 + end, a33, 48);
  return lanes;
}
