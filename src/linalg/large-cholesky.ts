/** Side of the tiles. */
const T = 4;
/** Right sides solved together, so that each row of the factor is fetched once for all. */
const BLOCK = 64;

/**
 * Cholesky factor A = L Lᵀ of one large symmetric positive definite matrix, n × n with n from hundreds to a few thousand,
 * in float64. All heavy work is dot products of contiguous rows, taken for 4 × 4 pairs of rows at a time so that a number
 * once read serves four products (Golub & Van Loan 2013, §4.2). For thousands of small systems see cholesky.ts.
 */
export class LargeCholesky {
  /** n */
  readonly size: number;
  /** n rounded up to whole tiles; the rows and columns added are those of the identity. */
  readonly #side: number;
  /** L, row-major lower triangle. */
  readonly #factor: Float64Array;
  readonly #tile = new Float64Array(T * T);

  constructor(size: number) {
    this.size = size;
    this.#side = Math.ceil(size / T) * T;
    this.#factor = new Float64Array(this.#side ** 2);
  }

  /**
   * @param matrix n × n, row-major; its lower triangle is read
   * @returns false when it is not positive definite (to float64 precision, or NaN); the other calls then make no sense
   */
  factor(matrix: Float64Array): boolean {
    const l = this.#factor;
    const n = this.#side;
    this.#load(matrix);
    for (let i = 0; i < n; i += T) {
      for (let j = 0; j < i; j += T) {
        products(l, i * n, l, j * n, n, 0, j, this.#tile);
        this.#solveTile(l, i * n + j, j);
      }
      if (!this.#factorDiagonal(i)) return false;
    }
    return true;
  }

  /** ln det A. */
  logDeterminant(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += Math.log(this.#factor[i * (this.#side + 1)]);
    return 2 * sum;
  }

  /** Overwrites b, length n, with A⁻¹ b. */
  solve(b: Float64Array): void {
    const l = this.#factor;
    const { size } = this;
    const n = this.#side;
    for (let i = 0; i < size; i++) {
      let value = b[i];
      for (let k = 0; k < i; k++) value -= l[i * n + k] * b[k];
      b[i] = value / l[i * n + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      const value = b[i] / l[i * n + i];
      b[i] = value;
      for (let k = 0; k < i; k++) b[k] -= l[i * n + k] * value;
    }
  }

  /** Overwrites each row b of a matrix, rows × n, with L⁻¹ b: then b·b is bᵀ A⁻¹ b of the row as it was. */
  solveHalf(rows: Float64Array): void {
    const { size } = this;
    const count = rows.length / size;
    const n = this.#side;
    const block = new Float64Array(Math.min(BLOCK, Math.ceil(count / T) * T) * n);
    for (let from = 0; from < count; from += BLOCK) {
      const taken = Math.min(BLOCK, count - from);
      block.fill(0);
      for (let a = 0; a < taken; a++) block.set(rows.subarray((from + a) * size, (from + a + 1) * size), a * n);
      this.#forward(block);
      for (let a = 0; a < taken; a++) rows.set(block.subarray(a * n, a * n + size), (from + a) * size);
    }
  }

  /** Writes A⁻¹ = L⁻ᵀ L⁻¹, n × n and symmetric. */
  inverse(into: Float64Array): void {
    const { size } = this;
    const n = this.#side;
    const upper = this.#inverseFactor();
    const tile = this.#tile;
    for (let i = 0; i < n; i += T) {
      for (let j = 0; j <= i; j += T) {
        products(upper, i * n, upper, j * n, n, i, n, tile);
        for (let a = i; a < Math.min(i + T, size); a++) {
          for (let b = j; b < Math.min(j + T, size); b++) {
            into[a * size + b] = tile[(a - i) * T + b - j];
            into[b * size + a] = tile[(a - i) * T + b - j];
          }
        }
      }
    }
  }

  #load(matrix: Float64Array): void {
    const { size } = this;
    const n = this.#side;
    for (let i = 0; i < size; i++) {
      this.#factor.set(matrix.subarray(i * size, i * size + i + 1), i * n);
      this.#factor.fill(0, i * n + i + 1, (i + 1) * n);
    }
    for (let i = size; i < n; i++) {
      this.#factor.fill(0, i * n, (i + 1) * n);
      this.#factor[i * n + i] = 1;
    }
  }

  #factorDiagonal(i: number): boolean {
    const l = this.#factor;
    const n = this.#side;
    products(l, i * n, l, i * n, n, 0, i, this.#tile);
    for (let a = 0; a < T; a++) {
      for (let b = 0; b <= a; b++) {
        let value = l[(i + a) * n + i + b] - this.#tile[a * T + b];
        for (let c = 0; c < b; c++) value -= l[(i + a) * n + i + c] * l[(i + b) * n + i + c];
        if (a > b) l[(i + a) * n + i + b] = value / l[(i + b) * n + i + b];
        else if (value > 0) l[(i + a) * n + i + a] = Math.sqrt(value);
        else return false;
      }
    }
    return true;
  }

  /** L⁻¹ b for some rows b of the padded length, in place, from place `start` on; before it they are zero. */
  #forward(block: Float64Array, start = 0): void {
    const l = this.#factor;
    const n = this.#side;
    for (let j = start; j < n; j += T) {
      for (let at = 0; at < block.length; at += T * n) {
        products(block, at, l, j * n, n, start, j, this.#tile);
        this.#solveTile(block, at + j, j);
      }
    }
  }

  /** x ← (x − tile) L_jj⁻ᵀ for the 4 × 4 numbers of x that start at `at`, in rows of the padded length. */
  #solveTile(x: Float64Array, at: number, j: number): void {
    const l = this.#factor;
    const n = this.#side;
    for (let a = 0; a < T; a++) {
      const row = at + a * n;
      for (let b = 0; b < T; b++) {
        let value = x[row + b] - this.#tile[a * T + b];
        for (let c = 0; c < b; c++) value -= x[row + c] * l[(j + b) * n + j + c];
        x[row + b] = value / l[(j + b) * n + j + b];
      }
    }
  }

  /** L⁻ᵀ, row-major upper triangle: row i is column i of L⁻¹, the solution for the unit vector i. */
  #inverseFactor(): Float64Array {
    const n = this.#side;
    const upper = new Float64Array(n * n);
    for (let i = 0; i < n; i += T) {
      const block = upper.subarray(i * n, (i + T) * n);
      for (let a = 0; a < T; a++) block[a * n + i + a] = 1;
      this.#forward(block, i);
    }
    return upper;
  }
}

/**
 * Σ_k x_k y_k for four rows of one matrix against four of another, k from `from` to `to` − 1.
 *
 * @param x,y where the first of the four rows starts; rows are `stride` long
 * @param tile 4 × 4, written
 */
function products(
  left: Float64Array,
  x: number,
  right: Float64Array,
  y: number,
  stride: number,
  from: number,
  to: number,
  tile: Float64Array,
): void {
  let [a0, a1, a2, a3] = [0, 0, 0, 0];
  let [b0, b1, b2, b3] = [0, 0, 0, 0];
  let [c0, c1, c2, c3] = [0, 0, 0, 0];
  let [d0, d1, d2, d3] = [0, 0, 0, 0];
  for (let k = from; k < to; k++) {
    const u0 = right[y + k];
    const u1 = right[y + stride + k];
    const u2 = right[y + 2 * stride + k];
    const u3 = right[y + 3 * stride + k];
    const p = left[x + k];
    a0 += p * u0;
    a1 += p * u1;
    a2 += p * u2;
    a3 += p * u3;
    const q = left[x + stride + k];
    b0 += q * u0;
    b1 += q * u1;
    b2 += q * u2;
    b3 += q * u3;
    const r = left[x + 2 * stride + k];
    c0 += r * u0;
    c1 += r * u1;
    c2 += r * u2;
    c3 += r * u3;
    const s = left[x + 3 * stride + k];
    d0 += s * u0;
    d1 += s * u1;
    d2 += s * u2;
    d3 += s * u3;
  }
  tile[0] = a0;
  tile[1] = a1;
  tile[2] = a2;
  tile[3] = a3;
  tile[4] = b0;
  tile[5] = b1;
  tile[6] = b2;
  tile[7] = b3;
  tile[8] = c0;
  tile[9] = c1;
  tile[10] = c2;
  tile[11] = c3;
  tile[12] = d0;
  tile[13] = d1;
  tile[14] = d2;
  tile[15] = d3;
}
