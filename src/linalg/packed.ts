/**
 * Symmetric K×K matrices stored packed: the K(K+1)/2 entries of the upper triangle row by row,
 * (0,0) (0,1) … (0,K−1) (1,1) … Sums of weighted outer products over many rows are then one plain matrix product.
 */
export function packedLength(size: number): number {
  return (size * (size + 1)) / 2;
}

/** Row and column of every packed entry. */
export function packedIndices(size: number): { readonly rows: Int32Array; readonly columns: Int32Array } {
  const rows = new Int32Array(packedLength(size));
  const columns = new Int32Array(packedLength(size));
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      rows[at] = i;
      columns[at++] = j;
    }
  }
  return { rows, columns };
}

/** For each entry of the full row-major K×K matrix, where it stands in packed storage. */
export function packedPositions(size: number): Int32Array {
  const positions = new Int32Array(size * size);
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      positions[i * size + j] = at;
      positions[j * size + i] = at++;
    }
  }
  return positions;
}
