/** Column formats of binary tables: TFORM = repeat count, type letter, and more for variable-length arrays. */

export type ElementLetter = 'L' | 'X' | 'B' | 'I' | 'J' | 'K' | 'A' | 'E' | 'D' | 'C' | 'M';

export interface ColumnFormat {
  /** Values in a row, or 0/1 for the one descriptor of a variable-length column. */
  readonly repeat: number;
  readonly letter: ElementLetter;
  /** Bytes of a row's descriptor when the values are in the heap: 8 (P) or 16 (Q). */
  readonly descriptor: 0 | 8 | 16;
  /** Bytes in the table's row. */
  readonly bytes: number;
  /** Characters of each text in an `rAw` column; null when the whole field is one text. */
  readonly textWidth: number | null;
}

const FORMAT = /^(\d*)([LXBIJKAEDCM])(.*)$/;
const DESCRIPTOR = /^([01]?)([PQ])([LXBIJKAEDCM])(?:\(\d*\))?\s*$/;

const BYTES: Readonly<Record<ElementLetter, number>> = {
  L: 1,
  X: 1 / 8,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
};

/** Bytes that `count` values take. */
export function bytesOf(letter: ElementLetter, count: number): number {
  return Math.ceil(BYTES[letter] * count);
}

/** null when the text is not a format. */
export function parseFormat(text: string): ColumnFormat | null {
  const trimmed = text.trim().toUpperCase();
  const variable = DESCRIPTOR.exec(trimmed);
  if (variable !== null && isLetter(variable[3])) {
    const repeat = variable[1] === '0' ? 0 : 1;
    const descriptor = variable[2] === 'P' ? 8 : 16;
    return { repeat, letter: variable[3], descriptor, bytes: repeat * descriptor, textWidth: null };
  }
  const fixed = FORMAT.exec(trimmed);
  if (fixed === null || !isLetter(fixed[2])) return null;
  const repeat = fixed[1] === '' ? 1 : Number(fixed[1]);
  const bytes = bytesOf(fixed[2], repeat);
  if (!Number.isSafeInteger(bytes)) return null;
  const textWidth = fixed[2] === 'A' && /^\d+$/.test(fixed[3]) ? Number(fixed[3]) : null;
  return { repeat, letter: fixed[2], descriptor: 0, bytes, textWidth };
}

function isLetter(letter: string): letter is ElementLetter {
  return letter in BYTES;
}

/** TDIM, `(a,b,…)` fastest axis first, as a shape with the slowest axis first; null when it is not one. */
export function parseDimensions(text: string): number[] | null {
  const match = /^\s*\(([\d,\s]+)\)\s*$/.exec(text);
  if (match === null) return null;
  const axes = match[1].split(',').map((axis) => (axis.trim() === '' ? Number.NaN : Number(axis)));
  return axes.every((axis) => Number.isSafeInteger(axis)) ? axes.reverse() : null;
}
