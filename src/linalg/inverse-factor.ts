/**
 * The inverse L⁻¹ of the Cholesky factor of a symmetric positive-definite matrix, A = L Lᵀ, row-major with zeros above
 * the diagonal, in float64. For single matrices of some hundred rows.
 *
 * @param matrix n × n, row-major; its lower triangle is read
 * @param ridge added to the diagonal
 * @returns null when the matrix is not positive definite, or not finite
 */
export function inverseCholeskyFactor(matrix: ArrayLike<number>, size: number, ridge = 0): Float64Array | null {
  const factor = choleskyFactor(matrix, size, ridge);
  if (factor === null) return null;
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    const perDiagonal = 1 / factor[row + i];
    inverse[row + i] = perDiagonal;
    for (let k = 0; k < i; k++) {
      const share = -factor[row + k] * perDiagonal;
      for (let j = 0; j <= k; j++) inverse[row + j] += share * inverse[k * size + j];
    }
  }
  return inverse;
}

function choleskyFactor(matrix: ArrayLike<number>, size: number, ridge: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let value = matrix[row + j];
      for (let k = 0; k < j; k++) value -= factor[row + k] * factor[other + k];
      if (j < i) {
        factor[row + j] = value / factor[other + j];
      } else {
        const pivot = value + ridge;
        if (!(pivot > 0 && pivot < Infinity)) return null;
        factor[row + i] = Math.sqrt(pivot);
      }
    }
  }
  return factor;
}
