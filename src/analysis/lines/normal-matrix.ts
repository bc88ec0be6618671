/* Sums and products of the small matrices that a line fit needs. Packed = upper triangle, row by row (linalg/packed.ts). */

export function weighted(a: Float64Array, b: Float64Array, ivar: Float64Array, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += a[j] * b[j] * ivar[j];
  return sum;
}

export function dot(a: Float64Array, b: Float64Array, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += a[j] * b[j];
  return sum;
}

/** into = A·B, rows × inner by inner × columns, row-major; `into` is neither of them. */
export function multiplyInto(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
  into: Float64Array,
): void {
  into.fill(0);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k];
      for (let c = 0; c < columns; c++) into[i * columns + c] += factor * b[k * columns + c];
    }
  }
}

export function diagonalAt(k: number, size: number): number {
  return k * size - (k * (k - 1)) / 2;
}

/** A packed symmetric matrix, whole. */
export function unpack(packed: Float64Array, size: number, full: Float64Array): void {
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let k = i; k < size; k++) {
      full[i * size + k] = packed[at];
      full[k * size + i] = packed[at++];
    }
  }
}
