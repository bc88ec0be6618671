import { add, pairRow } from './pair';

/** Replaces the lower triangular W of a packed pair by Wᵀ W: the inverse of L Lᵀ when W = L⁻¹. In place. */
export function squarePair(pair: usize, order: u32): void {
  // Row i of the product needs rows of W from i on only, and column j of those that it replaces last itself.
  for (let i: u32 = 0; i < order; i += 4) {
    const r0 = pairRow(pair, i);
    const r1 = pairRow(pair, i + 1);
    const r2 = pairRow(pair, i + 2);
    const r3 = pairRow(pair, i + 3);
    for (let j: u32 = 0; j < i; j += 2) squareColumns(r0, r1, r2, r3, order, i, j);
    squareDiagonal(r0, r1, r2, r3, order, i);
  }
}

/** Columns j and j + 1 of four rows of Wᵀ W. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function squareColumns(r0: usize, r1: usize, r2: usize, r3: usize, order: u32, i: u32, j: u32): void {
  const start = <usize>i << 4;
  const column = <usize>j << 4;
  // Rows i to i + 3, in which W has 1 to 4 elements from column i on.
  let x = v128.load(r3 + column);
  let y = v128.load(r3 + column, 16);
  let z = v128.load(r3 + start, 48);
  let a3 = f64x2.mul(z, x);
  let b3 = f64x2.mul(z, y);
  z = v128.load(r3 + start, 32);
  let a2 = f64x2.mul(z, x);
  let b2 = f64x2.mul(z, y);
  z = v128.load(r3 + start, 16);
  let a1 = f64x2.mul(z, x);
  let b1 = f64x2.mul(z, y);
  z = v128.load(r3 + start);
  let a0 = f64x2.mul(z, x);
  let b0 = f64x2.mul(z, y);
  x = v128.load(r2 + column);
  y = v128.load(r2 + column, 16);
  z = v128.load(r2 + start, 32);
  a2 = add(a2, z, x);
  b2 = add(b2, z, y);
  z = v128.load(r2 + start, 16);
  a1 = add(a1, z, x);
  b1 = add(b1, z, y);
  z = v128.load(r2 + start);
  a0 = add(a0, z, x);
  b0 = add(b0, z, y);
  x = v128.load(r1 + column);
  y = v128.load(r1 + column, 16);
  z = v128.load(r1 + start, 16);
  a1 = add(a1, z, x);
  b1 = add(b1, z, y);
  z = v128.load(r1 + start);
  a0 = add(a0, z, x);
  b0 = add(b0, z, y);
  x = v128.load(r0 + column);
  y = v128.load(r0 + column, 16);
  z = v128.load(r0 + start);
  a0 = add(a0, z, x);
  b0 = add(b0, z, y);
  let stride = start + 64;
  let own = r3 + stride + start;
  let other = r3 + stride + column;
  for (let k = i + 4; k < order; k += 2) {
    x = v128.load(other);
    y = v128.load(other, 16);
    z = v128.load(own);
    a0 = add(a0, z, x);
    b0 = add(b0, z, y);
    z = v128.load(own, 16);
    a1 = add(a1, z, x);
    b1 = add(b1, z, y);
    z = v128.load(own, 32);
    a2 = add(a2, z, x);
    b2 = add(b2, z, y);
    z = v128.load(own, 48);
    a3 = add(a3, z, x);
    b3 = add(b3, z, y);
    stride += 16;
    own += stride;
    other += stride;
    x = v128.load(other);
    y = v128.load(other, 16);
    z = v128.load(own);
    a0 = add(a0, z, x);
    b0 = add(b0, z, y);
    z = v128.load(own, 16);
    a1 = add(a1, z, x);
    b1 = add(b1, z, y);
    z = v128.load(own, 32);
    a2 = add(a2, z, x);
    b2 = add(b2, z, y);
    z = v128.load(own, 48);
    a3 = add(a3, z, x);
    b3 = add(b3, z, y);
    stride += 16;
    own += stride;
    other += stride;
  }
  v128.store(r0 + column, a0);
  v128.store(r0 + column, b0, 16);
  v128.store(r1 + column, a1);
  v128.store(r1 + column, b1, 16);
  v128.store(r2 + column, a2);
  v128.store(r2 + column, b2, 16);
  v128.store(r3 + column, a3);
  v128.store(r3 + column, b3, 16);
}

/** The four by four elements of Wᵀ W on the diagonal, from column i on. */
function squareDiagonal(r0: usize, r1: usize, r2: usize, r3: usize, order: u32, i: u32): void {
  const start = <usize>i << 4;
  let x0 = v128.load(r3 + start);
  let x1 = v128.load(r3 + start, 16);
  let x2 = v128.load(r3 + start, 32);
  let x3 = v128.load(r3 + start, 48);
  let a33 = f64x2.mul(x3, x3);
  let a32 = f64x2.mul(x3, x2);
  let a31 = f64x2.mul(x3, x1);
  let a30 = f64x2.mul(x3, x0);
  let a22 = f64x2.mul(x2, x2);
  let a21 = f64x2.mul(x2, x1);
  let a20 = f64x2.mul(x2, x0);
  let a11 = f64x2.mul(x1, x1);
  let a10 = f64x2.mul(x1, x0);
  let a00 = f64x2.mul(x0, x0);
  x0 = v128.load(r2 + start);
  x1 = v128.load(r2 + start, 16);
  x2 = v128.load(r2 + start, 32);
  a22 = add(a22, x2, x2);
  a21 = add(a21, x2, x1);
  a20 = add(a20, x2, x0);
  a11 = add(a11, x1, x1);
  a10 = add(a10, x1, x0);
  a00 = add(a00, x0, x0);
  x0 = v128.load(r1 + start);
  x1 = v128.load(r1 + start, 16);
  a11 = add(a11, x1, x1);
  a10 = add(a10, x1, x0);
  a00 = add(a00, x0, x0);
  x0 = v128.load(r0 + start);
  a00 = add(a00, x0, x0);
  let stride = start + 64;
  let own = r3 + stride + start;
  for (let k = i + 4; k < order; k++) {
    x0 = v128.load(own);
    x1 = v128.load(own, 16);
    x2 = v128.load(own, 32);
    x3 = v128.load(own, 48);
    a00 = add(a00, x0, x0);
    a10 = add(a10, x1, x0);
    a11 = add(a11, x1, x1);
    a20 = add(a20, x2, x0);
    a21 = add(a21, x2, x1);
    a22 = add(a22, x2, x2);
    a30 = add(a30, x3, x0);
    a31 = add(a31, x3, x1);
    a32 = add(a32, x3, x2);
    a33 = add(a33, x3, x3);
    stride += 16;
    own += stride;
  }
  v128.store(r0 + start, a00);
  v128.store(r1 + start, a10);
  v128.store(r1 + start, a11, 16);
  v128.store(r2 + start, a20);
  v128.store(r2 + start, a21, 16);
  v128.store(r2 + start, a22, 32);
  v128.store(r3 + start, a30);
  v128.store(r3 + start, a31, 16);
  v128.store(r3 + start, a32, 32);
  v128.store(r3 + start, a33, 48);
}
