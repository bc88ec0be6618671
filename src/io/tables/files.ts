/** Tables by the extension of their file, or by what the bytes begin with. */
import { FileError, UserError } from '../../base/index.ts';
import type { FixedColumn } from '../fits/columns.ts';
import { readFits } from '../fits/read.ts';
import { writeFits } from '../fits/write.ts';
import type { ColumnToWrite } from '../fits/writeTable.ts';
import { gunzip, isGzip } from '../inflate.ts';
import { writeNpz } from '../npy/npz.ts';
import type { ArrayToWrite } from '../npy/write.ts';
import { isZip } from '../zip.ts';
import { arrowBytes } from './arrow.ts';
import { csvBytes, readCsv } from './csv.ts';
import { isParquet, readParquet } from './parquet/read.ts';
import { parquetBytes } from './parquet/write.ts';
import { type Cell, type Column, makeTable, type Table } from './table.ts';

/** What tables can be written as. */
export const TABLE_EXTENSIONS = ['.csv', '.parquet', '.arrow', '.npz', '.fits'] as const;

export type TableExtension = (typeof TABLE_EXTENSIONS)[number];

/**
 * The format that a file's name asks for.
 *
 * @param name `.csv`, or a whole file name
 * @throws UserError for an extension that is not written
 */
export function tableExtension(name: string): TableExtension {
  const ending = name.slice(name.lastIndexOf('.')).toLowerCase();
  const found = TABLE_EXTENSIONS.find((extension) => extension === ending);
  if (found === undefined) {
    throw new UserError(`${name}: tables are written as ${TABLE_EXTENSIONS.join(', ')}; choose one of these`);
  }
  return found;
}

/** A table in the format that a file's extension asks for. @throws UserError for an extension that is not written */
export function tableBytes(table: Table, extension: string): Uint8Array {
  switch (tableExtension(extension)) {
    case '.csv':
      return csvBytes(table);
    case '.parquet':
      return parquetBytes(table);
    case '.arrow':
      return arrowBytes(table);
    case '.npz':
      return writeNpz(Object.fromEntries(table.names.map((name) => [name, npyColumn(table.columns[name])])));
    case '.fits':
      return fitsTable(table);
  }
}

/**
 * Reads a table of labels: CSV, TSV, ECSV, Parquet, or the first table of a FITS file; any of them gzip-compressed.
 *
 * @throws FileError when the file is damaged or of another kind
 */
export async function readTable(bytes: Uint8Array, file: string): Promise<Table> {
  const plain = isGzip(bytes) ? gunzip(bytes, file) : bytes;
  if (isParquet(plain)) return readParquet(plain, file);
  if (beginsWith(plain, 'SIMPLE  =')) return readFitsTable(plain, file);
  const isOther = isZip(plain) || beginsWith(plain, 'ARROW1') || beginsWith(plain, '\u0089HDF') || isMarkup(plain);
  if (isOther) {
    throw new FileError(file, '', 'tables of this kind are not read; save it as CSV, Parquet or FITS');
  }
  return readCsv(plain, file);
}

/** The first table of a FITS file; columns of more than one value a row are left out and named in `omitted`. */
export function readFitsTable(bytes: Uint8Array, file: string): Table {
  const hdu = readFits(bytes, file).hdus.find((candidate) => candidate.kind === 'table');
  if (hdu?.kind !== 'table') throw new FileError(file, '', 'it holds no table');
  const columns: [string, Column][] = [];
  const omitted: string[] = [];
  for (const { name } of hdu.columns) {
    const column = hdu.column(name);
    if (column.kind === 'variable' || column.kind === 'complex' || column.width !== 1) omitted.push(name);
    else columns.push([name, cellsOf(column)]);
  }
  const names = columns.map(([name]) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new FileError(file, hdu.header.place, `two columns are called "${repeated}"`);
  return makeTable(columns, omitted);
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && Array.from(text).every((character, i) => bytes[i] === character.charCodeAt(0));
}

function isMarkup(bytes: Uint8Array): boolean {
  return /^\s*<(?:\?xml|votable|!doctype|html)/i.test(new TextDecoder('latin1').decode(bytes.subarray(0, 200)));
}

function cellsOf(column: FixedColumn): Column {
  if (column.kind === 'texts') return column.values.map((text) => (text === '' ? null : text));
  const { values, missing } = column;
  const isExact =
    column.kind !== 'longs' || Array.from<number | bigint>(values).every((v) => Number.isSafeInteger(Number(v)));
  const valueAt = (row: number): number | bigint => (isExact ? Number(values[row]) : values[row]);
  const cells = Array.from({ length: values.length }, (_, row) => (missing?.[row] === 1 ? null : valueAt(row)));
  return cells as (number | null)[] | (bigint | null)[];
}

function npyColumn(column: Column): ArrayToWrite {
  if (ArrayBuffer.isView(column)) return { data: column.slice() as Float64Array<ArrayBuffer> };
  const cells: readonly Cell[] = column;
  const present = cells.filter((cell) => cell !== null);
  if (present.some((cell) => typeof cell === 'string')) return { data: cells.map((cell) => String(cell ?? '')) };
  if (present.some((cell) => typeof cell === 'bigint')) {
    if (present.length < cells.length) return { data: cells.map((cell) => String(cell ?? '')) };
    return { data: BigInt64Array.from(present, BigInt) };
  }
  if (present.length > 0 && cells.every((cell) => Number.isSafeInteger(cell))) {
    return { data: BigInt64Array.from(present, BigInt) };
  }
  return { data: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) };
}

function fitsTable(table: Table): Uint8Array {
  const columns = table.names.map((name): ColumnToWrite => ({ name, ...fitsColumn(table.columns[name]) }));
  return writeFits([{ kind: 'table', columns }]);
}

/** The integer that stands for "no value" in a column that has such rows. */
const NULL_INTEGER = -2147483648;

function fitsColumn(column: Column): Omit<ColumnToWrite, 'name'> {
  if (ArrayBuffer.isView(column)) return { values: column.slice() as Float64Array<ArrayBuffer> };
  const cells: readonly Cell[] = column;
  const present = cells.filter((cell) => cell !== null);
  if (present.some((cell) => typeof cell === 'string')) return { values: cells.map((cell) => String(cell ?? '')) };
  const hasNull = present.length < cells.length;
  if (present.some((cell) => typeof cell === 'bigint')) {
    const values = BigInt64Array.from(cells, (cell) => (cell === null ? BigInt(NULL_INTEGER) : BigInt(cell)));
    return hasNull ? { values, nullValue: NULL_INTEGER } : { values };
  }
  const isInteger = present.every((cell) => Number(cell) === (Number(cell) | 0) && Number(cell) !== NULL_INTEGER);
  if (present.length > 0 && isInteger) {
    const values = Int32Array.from(cells, (cell) => Number(cell ?? NULL_INTEGER));
    return hasNull ? { values, nullValue: NULL_INTEGER } : { values };
  }
  return { values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) };
}
