/**
 * Cholesky factor A = L Lᵀ of one symmetric positive-definite K×K matrix at a time, in float64 and without
 * allocation, for loops over thousands of small systems. Matrices come packed (see packed.ts).
 */
export class CholeskySolver {
  readonly size: number;
  /** L, row-major lower triangle; its diagonal holds 1/L_ii. */
  readonly #factor: Float64Array;
  /** L⁻¹, row-major lower triangle. */
  readonly #inverseFactor: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#factor = new Float64Array(size * size);
    this.#inverseFactor = new Float64Array(size * size);
  }

  /**
   * Factors the packed matrix that starts at `offset`.
   *
   * @returns false when it is not positive definite (to float64 precision, or NaN); the other calls then make no sense
   */
  factor(packed: Float64Array | Float32Array, offset = 0): boolean {
    const { size } = this;
    const l = this.#factor;
    let at = offset;
    // The packed upper triangle, read row by row, is the lower triangle column by column.
    for (let j = 0; j < size; j++) {
      for (let i = j; i < size; i++) {
        let sum = packed[at++];
        for (let k = 0; k < j; k++) sum -= l[i * size + k] * l[j * size + k];
        if (i > j) l[i * size + j] = sum * l[j * size + j];
        else if (sum > 0) l[j * size + j] = 1 / Math.sqrt(sum);
        else return false;
      }
    }
    return true;
  }

  /** ln det A. */
  logDeterminant(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum -= Math.log(this.#factor[i * this.size + i]);
    return 2 * sum;
  }

  /** Overwrites the K numbers of `b` that start at `offset` with A⁻¹b. */
  solve(b: Float64Array, offset = 0): void {
    const { size } = this;
    const l = this.#factor;
    for (let i = 0; i < size; i++) {
      let sum = b[offset + i];
      for (let k = 0; k < i; k++) sum -= l[i * size + k] * b[offset + k];
      b[offset + i] = sum * l[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = b[offset + i];
      for (let k = i + 1; k < size; k++) sum -= l[k * size + i] * b[offset + k];
      b[offset + i] = sum * l[i * size + i];
    }
  }

  /** Writes A⁻¹ = L⁻ᵀL⁻¹, packed, from `offset` of `into`. */
  inverse(into: Float64Array, offset = 0): void {
    const { size } = this;
    const l = this.#factor;
    const m = this.#inverseFactor;
    for (let j = 0; j < size; j++) {
      m[j * size + j] = l[j * size + j];
      for (let i = j + 1; i < size; i++) {
        let sum = 0;
        for (let k = j; k < i; k++) sum -= l[i * size + k] * m[k * size + j];
        m[i * size + j] = sum * l[i * size + i];
      }
    }
    let at = offset;
    for (let i = 0; i < size; i++) {
      for (let j = i; j < size; j++) {
        let sum = 0;
        for (let k = j; k < size; k++) sum += m[k * size + i] * m[k * size + j];
        into[at++] = sum;
      }
    }
  }
}
