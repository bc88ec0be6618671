/** Arrow tables as the page's columns: typed arrays, without an object for each cell. */
import { DataType, type Table, tableFromIPC, type Vector } from 'apache-arrow';
import { UserError } from '../../src/base/index.ts';
import type { ColumnDescription } from '../../src/explorer/index.ts';
import type { CategoryColumn, NumberColumn, PageColumn } from './exhibit-data.ts';

/** @throws UserError when the bytes are not an Arrow file */
export function readArrow(bytes: Uint8Array, path: string): Table {
  try {
    return tableFromIPC(bytes);
  } catch {
    throw new UserError(`${path} is not an Arrow table, or was cut short; load the page anew.`);
  }
}

/**
 * @param rows N of the exhibit
 * @throws UserError when the column is missing, of another kind or of another length
 */
export function readColumn(table: Table, description: ColumnDescription, rows: number, path: string): PageColumn {
  const vector = table.getChild(description.name);
  if (vector === null) throw new UserError(`${path} has no column "${description.name}"; export the site anew.`);
  if (vector.length !== rows) {
    throw new UserError(`${path} has ${vector.length} rows and the dataset ${rows} objects; export the site anew.`);
  }
  if (description.kind === 'number') return { kind: 'number', description, values: numbersOf(vector, path) };
  const texts = textsOf(vector);
  return description.kind === 'text' ? textColumn(description, texts) : categoryColumn(description, texts);
}

/** @throws UserError when the vector does not hold numbers */
export function numbersOf(vector: Vector, path: string): NumberColumn['values'] {
  if (!DataType.isFloat(vector.type) && !DataType.isInt(vector.type)) {
    throw new UserError(`${path} holds ${vector.type} where numbers are expected; export the site anew.`);
  }
  const values = new Float64Array(vector.length);
  let row = 0;
  for (const { values: own, length, nullCount, nullBitmap, offset } of vector.data) {
    // Asking a vector for its cells one by one takes a second for what a page loads.
    const stretch: ArrayLike<number | bigint> = own.subarray(0, length);
    if (typeof stretch[0] === 'bigint') values.set(Float64Array.from(stretch, Number), row);
    else values.set(own.subarray(0, length), row);
    if (nullCount > 0 && nullBitmap !== null) {
      for (let at = 0; at < length; at++) {
        if (((nullBitmap[(offset + at) >> 3] >> ((offset + at) & 7)) & 1) === 0) values[row + at] = Number.NaN;
      }
    }
    row += length;
  }
  return values;
}

type Texts = (row: number) => string | null;

/** Texts are cut from one string: decoding a million cells one by one takes seconds. */
function textsOf(vector: Vector): Texts & { readonly rows: number } {
  const [data] = vector.data;
  const isPlain = vector.data.length === 1 && DataType.isUtf8(vector.type) && data.valueOffsets instanceof Int32Array;
  if (!isPlain) return counted(vector.length, (row) => textOrNull(vector.get(row)));
  const offsets: Int32Array = data.valueOffsets;
  const bytes: Uint8Array = data.values.subarray(0, offsets[vector.length]);
  const whole = new TextDecoder().decode(bytes);
  // Beyond ASCII, places in the string are not places in the bytes.
  const cell = whole.length === bytes.length ? (row: number) => whole.slice(offsets[row], offsets[row + 1]) : null;
  if (cell === null) return counted(vector.length, (row) => textOrNull(vector.get(row)));
  if (vector.nullCount === 0) return counted(vector.length, cell);
  return counted(vector.length, (row) => (vector.isValid(row) ? cell(row) : null));
}

function counted(rows: number, texts: Texts): Texts & { readonly rows: number } {
  return Object.assign(texts, { rows });
}

function textOrNull(cell: unknown): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function textColumn(description: ColumnDescription, texts: Texts & { readonly rows: number }): CategoryColumn {
  const codes = new Int32Array(texts.rows);
  const categories: string[] = [];
  for (let row = 0; row < texts.rows; row++) {
    const text = texts(row);
    codes[row] = text === null ? -1 : categories.push(text) - 1;
  }
  return { kind: 'category', description, codes, categories };
}

/** Categories in the order of their alphabet, so that colours do not hang on which object comes first. */
function categoryColumn(description: ColumnDescription, texts: Texts & { readonly rows: number }): CategoryColumn {
  const codes = new Int32Array(texts.rows);
  const found = new Map<string, number>();
  for (let row = 0; row < texts.rows; row++) {
    const text = texts(row);
    if (text === null || text === '') {
      codes[row] = -1;
      continue;
    }
    let code = found.get(text);
    if (code === undefined) {
      code = found.size;
      found.set(text, code);
    }
    codes[row] = code;
  }
  const asFound = [...found.keys()];
  const categories = asFound.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const place = new Map(categories.map((category, i) => [category, i]));
  const moved = asFound.map((category) => place.get(category) ?? -1);
  for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) codes[row] = moved[codes[row]];
  return { kind: 'category', description, codes, categories };
}
