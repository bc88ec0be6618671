/** A row-major matrix of float32: `data[row * columns + column]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** A row-major matrix of zeros, rows × columns. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns) };
}

/** Row `row` of a matrix as a view, not a copy. */
export function row(matrix: Matrix, row: number): Float32Array {
  return matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns);
}

/** Rows of a matrix copied in the given order; `into`, when given, is filled from its first row on. */
export function gatherRows(
  matrix: Matrix,
  rows: ArrayLike<number>,
  into: Matrix = zeros(rows.length, matrix.columns),
): Matrix {
  const { columns, data } = matrix;
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * columns;
    into.data.set(data.subarray(start, start + columns), i * columns);
  }
  return into;
}
