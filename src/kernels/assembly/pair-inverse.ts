import { add, minus, pairRow } from './pair';

/** Replaces L, as `factorisePair` leaves it, by W = L⁻¹, lower triangular as well. */
export function invertFactorPair(pair: usize, order: u32): void {
  for (let i: u32 = 0; i < order; i += 4) {
    const r0 = pairRow(pair, i);
    const r1 = pairRow(pair, i + 1);
    const r2 = pairRow(pair, i + 2);
    const r3 = pairRow(pair, i + 3);
    // Ascending, since column j of W replaces column j of L, of which only columns from j on are needed.
    for (let j: u32 = 0; j < i; j += 2) invertColumns(r0, r1, r2, r3, pairRow(pair, j), i, j);
    invertDiagonal(r0, r1, r2, r3, i);
  }
}

/** Columns j and j + 1 of four rows of W, from those of L and from the rows of W above; `c` is the row j. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function invertColumns(r0: usize, r1: usize, r2: usize, r3: usize, c: usize, i: u32, j: u32): void {
  const column = <usize>j << 4;
  const end = <usize>i << 4;
  // Row j of W has nothing in column j + 1.
  let x = v128.load(c + column);
  let a0 = f64x2.mul(v128.load(r0 + column), x);
  let a1 = f64x2.mul(v128.load(r1 + column), x);
  let a2 = f64x2.mul(v128.load(r2 + column), x);
  let a3 = f64x2.mul(v128.load(r3 + column), x);
  let stride = column + 16;
  let other = c + stride + column;
  x = v128.load(other);
  let y = v128.load(other, 16);
  let z = v128.load(r0 + column, 16);
  a0 = add(a0, z, x);
  let b0 = f64x2.mul(z, y);
  z = v128.load(r1 + column, 16);
  a1 = add(a1, z, x);
  let b1 = f64x2.mul(z, y);
  z = v128.load(r2 + column, 16);
  a2 = add(a2, z, x);
  let b2 = f64x2.mul(z, y);
  z = v128.load(r3 + column, 16);
  a3 = add(a3, z, x);
  let b3 = f64x2.mul(z, y);
  for (let k = column + 32; k < end; k += 32) {
    other += stride + 16;
    x = v128.load(other);
    y = v128.load(other, 16);
    z = v128.load(r0 + k);
    a0 = add(a0, z, x);
    b0 = add(b0, z, y);
    z = v128.load(r1 + k);
    a1 = add(a1, z, x);
    b1 = add(b1, z, y);
    z = v128.load(r2 + k);
    a2 = add(a2, z, x);
    b2 = add(b2, z, y);
    z = v128.load(r3 + k);
    a3 = add(a3, z, x);
    b3 = add(b3, z, y);
    stride += 32;
    other += stride;
    x = v128.load(other);
    y = v128.load(other, 16);
    z = v128.load(r0 + k, 16);
    a0 = add(a0, z, x);
    b0 = add(b0, z, y);
    z = v128.load(r1 + k, 16);
    a1 = add(a1, z, x);
    b1 = add(b1, z, y);
    z = v128.load(r2 + k, 16);
    a2 = add(a2, z, x);
    b2 = add(b2, z, y);
    z = v128.load(r3 + k, 16);
    a3 = add(a3, z, x);
    b3 = add(b3, z, y);
  }
  substitute(r0, r1, r2, r3, end, column, a0, a1, a2, a3);
  substitute(r0, r1, r2, r3, end, column + 16, b0, b1, b2, b3);
}

/** Writes w = −D⁻¹ a into one column of four rows; D, four by four, lies on the diagonal of L. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function substitute(
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  end: usize,
  column: usize,
  a0: v128,
  a1: v128,
  a2: v128,
  a3: v128,
): void {
  const w0 = minus(a0, v128.load(r0 + end));
  const w1 = minus(add(a1, w0, v128.load(r1 + end)), v128.load(r1 + end, 16));
  const s2 = add(add(a2, w0, v128.load(r2 + end)), w1, v128.load(r2 + end, 16));
  const w2 = minus(s2, v128.load(r2 + end, 32));
  const s3 = add(add(add(a3, w0, v128.load(r3 + end)), w1, v128.load(r3 + end, 16)), w2, v128.load(r3 + end, 32));
  v128.store(r0 + column, w0);
  v128.store(r1 + column, w1);
  v128.store(r2 + column, w2);
  v128.store(r3 + column, minus(s3, v128.load(r3 + end, 48)));
}

/** Inverts the four by four elements of L on the diagonal. */
function invertDiagonal(r0: usize, r1: usize, r2: usize, r3: usize, i: u32): void {
  const end = <usize>i << 4;
  const w0 = v128.load(r0 + end);
  const w1 = v128.load(r1 + end, 16);
  const w2 = v128.load(r2 + end, 32);
  const w3 = v128.load(r3 + end, 48);
  const l21 = v128.load(r2 + end, 16);
  const l31 = v128.load(r3 + end, 16);
  const l32 = v128.load(r3 + end, 32);
  const w10 = minus(f64x2.mul(v128.load(r1 + end), w0), w1);
  const w20 = minus(add(f64x2.mul(v128.load(r2 + end), w0), l21, w10), w2);
  const w21 = minus(f64x2.mul(l21, w1), w2);
  const s30 = add(add(f64x2.mul(v128.load(r3 + end), w0), l31, w10), l32, w20);
  const s31 = add(f64x2.mul(l31, w1), l32, w21);
  v128.store(r1 + end, w10);
  v128.store(r2 + end, w20);
  v128.store(r2 + end, w21, 16);
  v128.store(r3 + end, minus(s30, w3));
  v128.store(r3 + end, minus(s31, w3), 16);
  v128.store(r3 + end, minus(f64x2.mul(l32, w2), w3), 32);
}
