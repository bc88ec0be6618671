/**
 * Many small symmetric positive definite systems in float64. A matrix is packed: its lower triangle row by row,
 * element (i, j), j ≤ i, at i(i+1)/2 + j. Rows of the Cholesky factor L (A = L Lᵀ) are then contiguous, and the
 * inner loops are dot products of two row beginnings (Golub & Van Loan 2013, §4.2).
 */

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function rowStart(row: u32): usize {
  return <usize>((row * (row + 1)) >> 1);
}

/** Σ a[k] b[k] over `count` float64. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function dot(a: usize, b: usize, count: u32): f64 {
  let pairs = f64x2.splat(0);
  const even = (<usize>count >> 1) << 4;
  let at: usize = 0;
  for (; at < even; at += 16) pairs = f64x2.add(pairs, f64x2.mul(v128.load(a + at), v128.load(b + at)));
  let total = f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
  if (count & 1) total += load<f64>(a + at) * load<f64>(b + at);
  return total;
}

/**
 * Replaces a packed matrix by its factor; the diagonal holds 1/L(i, i). False when a pivot falls to rounding level
 * of its diagonal element or below: the matrix is not positive definite.
 */
function factorise(matrix: usize, size: u32): bool {
  for (let i: u32 = 0; i < size; i++) {
    const row = matrix + (rowStart(i) << 3);
    for (let j: u32 = 0; j < i; j++) {
      const other = matrix + (rowStart(j) << 3);
      const at = row + (<usize>j << 3);
      store<f64>(at, (load<f64>(at) - dot(row, other, j)) * load<f64>(other + (<usize>j << 3)));
    }
    const diagonal = row + (<usize>i << 3);
    const before = load<f64>(diagonal);
    const pivot = before - dot(row, row, i);
    if (!(pivot > before * 1e-14) || !(pivot > 0) || pivot == Infinity) return false;
    store<f64>(diagonal, 1 / Math.sqrt(pivot));
  }
  return true;
}

/** Solves L Lᵀ x = b in place. */
function substitute(factor: usize, x: usize, size: u32): void {
  for (let i: u32 = 0; i < size; i++) {
    const row = factor + (rowStart(i) << 3);
    const at = x + (<usize>i << 3);
    store<f64>(at, (load<f64>(at) - dot(row, x, i)) * load<f64>(row + (<usize>i << 3)));
  }
  for (let i: u32 = size; i > 0; i--) {
    const row = factor + (rowStart(i - 1) << 3);
    const at = x + (<usize>(i - 1) << 3);
    const value = load<f64>(at) * load<f64>(row + (<usize>(i - 1) << 3));
    store<f64>(at, value);
    for (let k: usize = 0; k < <usize>(i - 1); k++) {
      store<f64>(x + (k << 3), load<f64>(x + (k << 3)) - load<f64>(row + (k << 3)) * value);
    }
  }
}

/** Writes the packed inverse of L Lᵀ, one solved unit vector after the other. */
function invert(factor: usize, inverse: usize, column: usize, size: u32): void {
  for (let j: u32 = 0; j < size; j++) {
    for (let k: u32 = 0; k < size; k++) store<f64>(column + (<usize>k << 3), k == j ? 1 : 0);
    substitute(factor, column, size);
    for (let i: u32 = j; i < size; i++) {
      store<f64>(inverse + ((rowStart(i) + <usize>j) << 3), load<f64>(column + (<usize>i << 3)));
    }
  }
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function read(from: usize, index: usize, wide: bool): f64 {
  return wide ? load<f64>(from + (index << 3)) : <f64>load<f32>(from + (index << 2));
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function write(into: usize, index: usize, value: f64, wide: bool): void {
  if (wide) store<f64>(into + (index << 3), value);
  else store<f32>(into + (index << 2), <f32>value);
}

/**
 * Solves `count` systems (A + ridge·I) x = b of one size. Inputs and outputs are float64 when `wide`, else float32;
 * the arithmetic is float64. `inverses` may be 0 (not wanted). A matrix that is not positive definite gets
 * zeros for its solution and inverse.
 *
 * @param scratch room for size² + 2·size float64
 * @returns how many matrices were not positive definite
 */
export function solvePacked(
  matrices: usize,
  rightSides: usize,
  solutions: usize,
  inverses: usize,
  count: u32,
  size: u32,
  ridge: f64,
  wide: bool,
  scratch: usize,
): u32 {
  const packed = rowStart(size);
  const factor = scratch;
  const vector = factor + (packed << 3);
  const inverse = vector + (<usize>size << 3);
  let failed: u32 = 0;
  for (let system: usize = 0; system < <usize>count; system++) {
    for (let k: usize = 0; k < packed; k++) store<f64>(factor + (k << 3), read(matrices, system * packed + k, wide));
    for (let i: u32 = 0; i < size; i++) {
      const at = factor + ((rowStart(i) + <usize>i) << 3);
      store<f64>(at, load<f64>(at) + ridge);
    }
    const positive = factorise(factor, size);
    if (!positive) failed++;
    for (let i: usize = 0; i < <usize>size; i++) {
      store<f64>(vector + (i << 3), read(rightSides, system * size + i, wide));
    }
    if (positive) substitute(factor, vector, size);
    for (let i: usize = 0; i < <usize>size; i++) {
      write(solutions, system * size + i, positive ? load<f64>(vector + (i << 3)) : 0, wide);
    }
    if (inverses == 0) continue;
    if (positive) invert(factor, inverse, vector, size);
    for (let k: usize = 0; k < packed; k++) {
      write(inverses, system * packed + k, positive ? load<f64>(inverse + (k << 3)) : 0, wide);
    }
  }
  return failed;
}
