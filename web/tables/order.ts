/** Rows of a table in the order of a column. */
import type { PageColumn } from '../data/exhibit-data.ts';

export interface SortBy {
  readonly column: string;
  readonly isDescending: boolean;
}

/** All rows, those without a value last whichever way the column is turned; ties stay in the dataset's order. */
export function orderBy(column: PageColumn, rows: number, isDescending: boolean): Uint32Array {
  const keys = keysOf(column);
  const known: number[] = [];
  const unknown: number[] = [];
  for (let row = 0; row < rows; row++) (Number.isNaN(keys[row]) ? unknown : known).push(row);
  const order = Uint32Array.from(known);
  if (isDescending) order.sort((a, b) => keys[b] - keys[a] || a - b);
  else order.sort((a, b) => keys[a] - keys[b] || a - b);
  const all = new Uint32Array(rows);
  all.set(order);
  all.set(unknown, order.length);
  return all;
}

function keysOf(column: PageColumn): ArrayLike<number> {
  if (column.kind === 'number') return column.values;
  const inOrder = [...column.categories.keys()].sort((a, b) =>
    compareTexts(column.categories[a], column.categories[b]),
  );
  const rank = new Float64Array(inOrder.length);
  for (const [place, code] of inOrder.entries()) rank[code] = place;
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : rank[code]));
}

/** By code: a collator takes seconds for a million identifiers. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of `order`, the rows that are among `kept` (ascending); null keeps all. */
export function ordered(order: Uint32Array | null, kept: Uint32Array | null, rows: number): Uint32Array {
  if (order === null) return kept ?? Uint32Array.from({ length: rows }, (_, row) => row);
  if (kept === null) return order;
  const isKept = new Uint8Array(rows);
  for (const row of kept) isKept[row] = 1;
  return order.filter((row) => isKept[row] === 1);
}

/** Rows in both of two ascending lists, of which null is all. */
export function inBoth(a: Uint32Array | null, b: Uint32Array | null): Uint32Array | null {
  if (a === null) return b;
  if (b === null) return a;
  let at = 0;
  return a.filter((row) => {
    while (at < b.length && b[at] < row) at++;
    return b[at] === row;
  });
}
