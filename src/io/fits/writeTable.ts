/** Encodes binary tables: fixed-width columns only, which is all that spec-lite files and catalogues need. */
import type { LongArray, NumberArray } from './elements.ts';
import { offsetOf, storerOf } from './store.ts';
import type { CardToWrite } from './writeCards.ts';

export interface ColumnToWrite {
  readonly name: string;
  /** TUNIT. */
  readonly unit?: string;
  /** rows × width values, row after row. Texts are printable ASCII. */
  readonly values: NumberArray | LongArray | readonly string[];
  /** Values in each row, 1 when left out. */
  readonly width?: number;
  /** Characters of each text; the longest one's when left out. */
  readonly characters?: number;
  /** Write a Uint8Array of zeros and ones as logical values. */
  readonly logical?: boolean;
  /** The integer that means "no value" (TNULL). */
  readonly nullValue?: number | bigint;
}

interface EncodedColumn {
  readonly column: ColumnToWrite;
  readonly rows: number;
  readonly bytes: number;
  readonly format: string;
  readonly offset: number | bigint;
  /** TDIM, which says that a field holds several texts. */
  readonly dimensions?: string;
  /** Prepares to store one row's values at a byte offset of the view. */
  readonly storer: (view: DataView) => (row: number, at: number) => void;
}

/** @throws RangeError when columns differ in length or a text is not printable ASCII */
export function encodeTable(columns: readonly ColumnToWrite[]): {
  structure: CardToWrite[];
  description: CardToWrite[];
  data: Uint8Array;
} {
  const encoded = columns.map(encodeColumn);
  const rows = encoded[0]?.rows ?? 0;
  const odd = encoded.find((column) => column.rows !== rows);
  if (odd !== undefined) throw new RangeError(`column "${odd.column.name}" has ${odd.rows} rows, not ${rows}`);
  const rowBytes = encoded.reduce((sum, { bytes }) => sum + bytes, 0);
  const structure: CardToWrite[] = [
    { keyword: 'BITPIX', value: 8, comment: 'array data type' },
    { keyword: 'NAXIS', value: 2, comment: 'number of array dimensions' },
    { keyword: 'NAXIS1', value: rowBytes, comment: 'bytes in a row' },
    { keyword: 'NAXIS2', value: rows, comment: 'rows' },
    { keyword: 'PCOUNT', value: 0, comment: 'number of group parameters' },
    { keyword: 'GCOUNT', value: 1, comment: 'number of groups' },
    { keyword: 'TFIELDS', value: columns.length, comment: 'number of columns' },
  ];
  return { structure, description: encoded.flatMap(describeColumn), data: storeRows(encoded, rows, rowBytes) };
}

function storeRows(columns: readonly EncodedColumn[], rows: number, rowBytes: number): Uint8Array {
  const data = new Uint8Array(rows * rowBytes);
  const view = new DataView(data.buffer);
  let start = 0;
  for (const { bytes, storer } of columns) {
    const store = storer(view);
    for (let row = 0; row < rows; row++) store(row, row * rowBytes + start);
    start += bytes;
  }
  return data;
}

function describeColumn({ column, format, offset, dimensions }: EncodedColumn, index: number): CardToWrite[] {
  const number = index + 1;
  const cards: CardToWrite[] = [
    { keyword: `TTYPE${number}`, value: column.name },
    { keyword: `TFORM${number}`, value: format },
  ];
  if (column.unit !== undefined) cards.push({ keyword: `TUNIT${number}`, value: column.unit });
  if (dimensions !== undefined) cards.push({ keyword: `TDIM${number}`, value: dimensions });
  if (column.nullValue !== undefined) cards.push({ keyword: `TNULL${number}`, value: column.nullValue });
  if (offset !== 0) cards.push({ keyword: `TSCAL${number}`, value: 1 }, { keyword: `TZERO${number}`, value: offset });
  return cards;
}

function encodeColumn(column: ColumnToWrite): EncodedColumn {
  const { values, width = 1 } = column;
  const rows = values.length / width;
  if (!Number.isInteger(rows)) {
    throw new RangeError(`column "${column.name}": ${values.length} values are not rows of ${width}`);
  }
  if (!ArrayBuffer.isView(values)) return encodeTexts(column, values, rows, width);
  if (column.logical === true) return encodeLogicals(column, values, rows, width);
  const size = values.BYTES_PER_ELEMENT;
  return {
    column,
    rows,
    bytes: width * size,
    format: `${width === 1 ? '' : width}${letterOf(values)}`,
    offset: offsetOf(values),
    storer(view) {
      const put = storerOf(values, view);
      return (row, at) => {
        for (let i = 0; i < width; i++) put(row * width + i, at + i * size);
      };
    },
  };
}

function letterOf(values: NumberArray | LongArray): string {
  if (values instanceof Float64Array) return 'D';
  if (values instanceof Float32Array) return 'E';
  return { 1: 'B', 2: 'I', 4: 'J', 8: 'K' }[values.BYTES_PER_ELEMENT] ?? 'B';
}

function encodeLogicals(
  column: ColumnToWrite,
  values: NumberArray | LongArray,
  rows: number,
  width: number,
): EncodedColumn {
  const storer = (view: DataView) => (row: number, at: number) => {
    for (let i = 0; i < width; i++) view.setUint8(at + i, Number(values[row * width + i]) === 0 ? 70 : 84);
  };
  return { column, rows, bytes: width, format: `${width === 1 ? '' : width}L`, offset: 0, storer };
}

function encodeTexts(column: ColumnToWrite, texts: readonly string[], rows: number, width: number): EncodedColumn {
  const odd = texts.find((text) => !/^[ -~]*$/.test(text));
  if (odd !== undefined) {
    throw new RangeError(`column "${column.name}": FITS holds printable ASCII only, not ${JSON.stringify(odd)}`);
  }
  const longest = texts.reduce((length, text) => Math.max(length, text.length), 1);
  const characters = column.characters ?? longest;
  if (longest > characters) throw new RangeError(`column "${column.name}": a text exceeds ${characters} characters`);
  const bytes = width * characters;
  const storer = (view: DataView) => (row: number, at: number) => {
    for (let i = 0; i < width; i++) {
      const text = texts[row * width + i].padEnd(characters);
      for (let c = 0; c < characters; c++) view.setUint8(at + i * characters + c, text.charCodeAt(c));
    }
  };
  const dimensions = width === 1 ? {} : { dimensions: `(${characters},${width})` };
  return { column, rows, bytes, format: `${bytes}A`, offset: 0, storer, ...dimensions };
}
