import { packedLength } from './packed.ts';

/**
 * Cholesky factor A = L Lᵀ of one symmetric positive-definite K×K matrix at a time, in float64 and without
 * allocation, for loops over thousands of small systems. Matrices come packed (see packed.ts).
 */
export class CholeskySolver {
  readonly size: number;
  /** Row-major lower triangle. */
  readonly #factor: Float64Array;
  readonly #column: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#factor = new Float64Array(size * size);
    this.#column = new Float64Array(size);
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
        if (i > j) l[i * size + j] = sum / l[j * size + j];
        else if (sum > 0) l[j * size + j] = Math.sqrt(sum);
        else return false;
      }
    }
    return true;
  }

  /** ln det A. */
  logDeterminant(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += Math.log(this.#factor[i * this.size + i]);
    return 2 * sum;
  }

  /** Overwrites the K numbers of `b` that start at `offset` with A⁻¹b. */
  solve(b: Float64Array, offset = 0): void {
    const { size } = this;
    const l = this.#factor;
    for (let i = 0; i < size; i++) {
      let sum = b[offset + i];
      for (let k = 0; k < i; k++) sum -= l[i * size + k] * b[offset + k];
      b[offset + i] = sum / l[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = b[offset + i];
      for (let k = i + 1; k < size; k++) sum -= l[k * size + i] * b[offset + k];
      b[offset + i] = sum / l[i * size + i];
    }
  }

  /** Writes A⁻¹, packed, from `offset` of `into`. */
  inverse(into: Float64Array, offset = 0): void {
    const { size } = this;
    const column = this.#column;
    for (let i = 0; i < size; i++) {
      column.fill(0);
      column[i] = 1;
      this.solve(column);
      const start = offset + packedLength(size) - packedLength(size - i);
      for (let j = i; j < size; j++) into[start + j - i] = column[j];
    }
  }
}
