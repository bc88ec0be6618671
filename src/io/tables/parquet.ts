/** Parquet tables, through hyparquet and hyparquet-writer. */
import { type DecodedArray, parquetMetadata, parquetRead, parquetSchema } from 'hyparquet';
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { FileError } from '../../base/index.ts';
import { type Cell, type Column, makeTable, type Table } from './table.ts';

export function isParquet(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && new TextDecoder('latin1').decode(bytes.subarray(0, 4)) === 'PAR1';
}

export interface ParquetReadOptions {
  /** Read only these columns (default: all that hold one value a row). */
  readonly columns?: readonly string[];
}

/**
 * Reads a Parquet table. Booleans become 0 and 1, times ISO 8601 text, 64-bit integers numbers if all are exact.
 *
 * @throws FileError when the file is damaged or uses a compression that is not read (read: none and Snappy)
 */
export async function readParquet(bytes: Uint8Array, file: string, options: ParquetReadOptions = {}): Promise<Table> {
  try {
    return await decode(bytes, file, options);
  } catch (error) {
    if (error instanceof FileError) throw error;
    // Whatever the library trips over, RangeErrors of its buffers included, it is the file that is damaged.
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(file, '', `it is not a sound Parquet file, or of a kind not read here (${reason})`);
  }
}

async function decode(bytes: Uint8Array, file: string, options: ParquetReadOptions): Promise<Table> {
  const metadata = parquetMetadata(bytes);
  const rows = Number(metadata.num_rows);
  const { children } = parquetSchema(metadata);
  const wanted = children.filter(({ element }) => options.columns?.includes(element.name) ?? true);
  const flat = wanted.filter(
    ({ children, element }) => children.length === 0 && element.repetition_type !== 'REPEATED',
  );
  const names = flat.map(({ element }) => element.name);
  const pieces = new Map<string, { start: number; data: DecodedArray }[]>(names.map((name) => [name, []]));
  await parquetRead({
    file: { byteLength: bytes.length, slice: (start, end) => copyOf(bytes, start, end) },
    metadata,
    columns: names,
    onChunk: ({ columnName, columnData, rowStart }) => {
      pieces.get(columnName)?.push({ start: rowStart, data: columnData });
    },
  });
  const columns = names.map((name) => [name, joined(pieces.get(name) ?? [], rows, name, file)] as const);
  const omitted = wanted.filter((child) => !flat.includes(child)).map(({ element }) => element.name);
  return makeTable(columns, omitted);
}

function copyOf(bytes: Uint8Array, start: number, end: number | undefined): ArrayBuffer {
  const copy = new Uint8Array(bytes.subarray(start, end).length);
  copy.set(bytes.subarray(start, end));
  return copy.buffer;
}

/** The pieces of one column, in order, as plain cells. */
function joined(pieces: { start: number; data: DecodedArray }[], rows: number, name: string, file: string): Column {
  const place = `column "${name}"`;
  const cells: Cell[] = [];
  for (const { start, data } of pieces.sort((a, b) => a.start - b.start)) {
    if (start !== cells.length) throw new FileError(file, place, `rows ${cells.length} to ${start} are missing`);
    for (const value of data) cells.push(cellOf(value, file, `row ${cells.length}, ${place}`));
  }
  if (cells.length !== rows)
    throw new FileError(file, place, `it holds ${cells.length} rows and the table has ${rows}`);
  return uniform(cells, file, place);
}

function cellOf(value: unknown, file: string, place: string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  throw new FileError(file, place, 'it holds bytes or a structure where a number or a text is expected');
}

/** A column of one type: 64-bit integers become numbers when all of them are exact. */
function uniform(cells: Cell[], file: string, place: string): Column {
  const present = cells.filter((cell) => cell !== null);
  if (present.every((cell) => typeof cell === 'string')) return cells as (string | null)[];
  if (present.some((cell) => typeof cell === 'string')) throw new FileError(file, place, 'it mixes texts and numbers');
  const exact = present.every((cell) => typeof cell === 'number' || Number.isSafeInteger(Number(cell)));
  if (exact) return cells.map((cell) => (cell === null ? null : Number(cell)));
  return cells.map((cell) => (cell === null ? null : BigInt(cell)));
}

/** A Parquet table (Snappy); typed arrays keep their type, whole numbers become INT32, others DOUBLE. */
export function parquetBytes(table: Table): Uint8Array {
  const columnData = table.names.map((name) => {
    const { type, data, nullable } = encoded(table.columns[name]);
    return { name, type, data, nullable };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'lightfold' }));
}

function encoded(column: Column): { type: BasicType; data: DecodedArray; nullable: boolean } {
  const cells = Array.from<Cell, Cell>(column, (cell) =>
    typeof cell === 'number' && Number.isNaN(cell) ? null : cell,
  );
  const nullable = cells.includes(null);
  return { type: parquetType(column, cells), data: cells, nullable };
}

function parquetType(column: Column, cells: readonly Cell[]): BasicType {
  if (column instanceof Float32Array) return 'FLOAT';
  if (column instanceof Int32Array) return 'INT32';
  if (column instanceof Float64Array) return 'DOUBLE';
  const present = cells.filter((cell) => cell !== null);
  if (present.some((cell) => typeof cell === 'string')) return 'STRING';
  if (present.some((cell) => typeof cell === 'bigint')) return 'INT64';
  return present.length > 0 && present.every((cell) => Number(cell) === (Number(cell) | 0)) ? 'INT32' : 'DOUBLE';
}
