/**
 * Rows of a selection as text for an address: differences between ascending rows in base 36, joined by dots; `d_n` stands
 * for n equal differences d. The rows 4, 5, 6, 7, 20 are `4.1_3.d`.
 */

/** @param rows ascending, each once */
export function rowsAsText(rows: ArrayLike<number>): string {
  const parts: string[] = [];
  let before = 0;
  let [difference, times] = [-1, 0];
  const flush = () => {
    if (times > 0) parts.push(difference.toString(36) + (times > 1 ? `_${times.toString(36)}` : ''));
  };
  for (let i = 0; i < rows.length; i++) {
    const next = rows[i] - before;
    before = rows[i];
    if (next === difference) times++;
    else {
      flush();
      [difference, times] = [next, 1];
    }
  }
  flush();
  return parts.join('.');
}

const PART = /^([0-9a-z]{1,7})(?:_([0-9a-z]{1,4}))?$/;

/** @returns null when the text is not such a list, or holds more than `most` rows */
export function rowsFromText(text: string, most: number): Uint32Array | null {
  const rows: number[] = [];
  let row = 0;
  for (const part of text.split('.')) {
    const match = PART.exec(part);
    if (match === null) return null;
    const difference = Number.parseInt(match[1], 36);
    const times = match[2] === undefined ? 1 : Number.parseInt(match[2], 36);
    if (rows.length + times > most) return null;
    for (let i = 0; i < times; i++) {
      if (difference === 0 && rows.length > 0) return null;
      row += difference;
      rows.push(row);
    }
  }
  return row < 2 ** 32 ? Uint32Array.from(rows) : null;
}
