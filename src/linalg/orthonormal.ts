import { type DenseMatrix, dense } from './dense.ts';

/**
 * Makes the K rows of a K×P matrix orthonormal in place, by modified Gram–Schmidt done twice ("twice is enough":
 * Giraud, Langou & Rozložník 2005), and returns the K×K lower-triangular R with A = R·Q.
 * A row that depends on those before it becomes zero, with a zero on R's diagonal.
 */
export function orthonormaliseRows(a: DenseMatrix): DenseMatrix {
  const { rows, columns, data } = a;
  const factor = dense(rows, rows);
  for (let k = 0; k < rows; k++) {
    const row = data.subarray(k * columns, (k + 1) * columns);
    const before = norm(row);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        const earlier = data.subarray(j * columns, (j + 1) * columns);
        const along = dot(row, earlier);
        factor.data[k * rows + j] += along;
        for (let i = 0; i < columns; i++) row[i] -= along * earlier[i];
      }
    }
    const after = norm(row);
    // Below this the row is rounding error of the subtraction, not a direction.
    const length = after > 1e-14 * before ? after : 0;
    factor.data[k * rows + k] = length;
    for (let i = 0; i < columns; i++) row[i] = length === 0 ? 0 : row[i] / length;
  }
  return factor;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
