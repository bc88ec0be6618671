/** At most `most` of the rows, evenly through them, so that every part of a dataset is kept in its measure. */
export function thinned(rows: Uint32Array, most: number): Uint32Array {
  const step = Math.ceil(rows.length / most);
  return rows.filter((_, index) => index % step === 0);
}
