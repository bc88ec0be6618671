/** How a new outline changes what is selected: it replaces it, adds to it (shift) or takes from it (alt). */
import type { Selection } from '../state/explorer-state.ts';
import type { SelectionKeys } from './gestures.ts';

/** @param found ascending, as selections are */
export function combinedSelection(before: Selection, found: Uint32Array, { shift, alt }: SelectionKeys): Uint32Array {
  if (before === null || (!shift && !alt)) return alt ? new Uint32Array() : found;
  return alt ? without(before, found) : united(before, found);
}

function without(rows: Uint32Array, taken: Uint32Array): Uint32Array {
  let at = 0;
  return rows.filter((row) => {
    while (at < taken.length && taken[at] < row) at++;
    return taken[at] !== row;
  });
}

function united(a: Uint32Array, b: Uint32Array): Uint32Array {
  const rows = new Uint32Array(a.length + b.length);
  let [i, j, count] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const next = j >= b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j];
    if (a[i] === next) i++;
    if (b[j] === next) j++;
    rows[count++] = next;
  }
  return rows.slice(0, count);
}
