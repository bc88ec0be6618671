/** A row-major matrix of float64, for small factorisations and accumulated sums. */
export interface DenseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export function dense(rows: number, columns: number, data = new Float64Array(rows * columns)): DenseMatrix {
  return { rows, columns, data };
}

export function transposed(a: DenseMatrix): DenseMatrix {
  const result = dense(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) result.data[j * a.rows + i] = a.data[i * a.columns + j];
  }
  return result;
}

/** A·B in float64 on one thread; for factors with a side of tens. Large products belong in a graph. */
export function product(a: DenseMatrix, b: DenseMatrix): DenseMatrix {
  if (a.columns !== b.rows) {
    throw new RangeError(`product of ${a.rows}×${a.columns} and ${b.rows}×${b.columns}: the inner sides differ`);
  }
  const result = dense(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    const into = result.data.subarray(i * b.columns, (i + 1) * b.columns);
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k];
      const from = k * b.columns;
      for (let j = 0; j < b.columns; j++) into[j] += factor * b.data[from + j];
    }
  }
  return result;
}
