/** Reads Parquet tables through hyparquet, after checking what it would believe. */
import {
  type DecodedArray,
  type FileMetaData,
  parquetMetadata,
  parquetRead,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { FileError } from '../../../base/index.ts';
import { type Cell, type Column, makeTable, type Table } from '../table.ts';
import { checkChunk, compressorsFor } from './pages.ts';
import { endOfStruct } from './thrift.ts';

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
 * @throws FileError when the file is damaged or uses a compression that is not read (read: none, Snappy and gzip)
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
  const metadata = parquetMetadata(soundFooter(bytes, file));
  const rows = rowCount(metadata, bytes, file);
  const { children } = parquetSchema(metadata);
  const wanted = children.filter(({ element }) => options.columns?.includes(element.name) ?? true);
  const flat = wanted.filter(
    ({ children, element }) => children.length === 0 && element.repetition_type !== 'REPEATED',
  );
  const names = flat.map(({ element }) => element.name);
  checkChunks(bytes, file, metadata, flat);
  const pieces = new Map<string, { start: number; data: DecodedArray }[]>(names.map((name) => [name, []]));
  await parquetRead({
    file: { byteLength: bytes.length, slice: (start, end) => copyOf(bytes, start, end) },
    metadata,
    columns: names,
    compressors: compressorsFor(file),
    onChunk: ({ columnName, columnData, rowStart }) => {
      pieces.get(columnName)?.push({ start: rowStart, data: columnData });
    },
  });
  const columns = names.map((name) => [name, joined(pieces.get(name) ?? [], rows, name, file)] as const);
  const omitted = wanted.filter((child) => !flat.includes(child)).map(({ element }) => element.name);
  return makeTable(columns, omitted);
}

/** The bytes of the file from its footer on. */
function soundFooter(bytes: Uint8Array, file: string): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 4).getUint32(0, true);
  const start = bytes.length - 8 - length;
  if (start < 4) throw new FileError(file, '', 'its footer is longer than the file; the file is damaged or truncated');
  endOfStruct(bytes.subarray(0, bytes.length - 8), start);
  return bytes.subarray(start);
}

/** A run of equal values takes a few bytes however long it is; beyond this many rows a byte the count is not believed. */
const MOST_ROWS_PER_BYTE = 10_000;

function rowCount(metadata: FileMetaData, bytes: Uint8Array, file: string): number {
  const rows = Number(metadata.num_rows);
  const sum = metadata.row_groups.reduce((total, group) => total + Number(group.num_rows), 0);
  const isSound = rows === sum && rows >= 0 && metadata.row_groups.every((group) => Number(group.num_rows) >= 0);
  if (isSound && rows <= MOST_ROWS_PER_BYTE * bytes.length) return rows;
  throw new FileError(file, '', `its counts of rows, ${rows} in all and ${sum} in its groups, make no sense`);
}

function checkChunks(bytes: Uint8Array, file: string, metadata: FileMetaData, columns: readonly SchemaTree[]): void {
  for (const { columns: chunks, num_rows } of metadata.row_groups) {
    for (const { element } of columns) {
      const place = `column "${element.name}"`;
      const found = chunks.filter(({ meta_data }) => meta_data?.path_in_schema[0] === element.name);
      const metadata = found[0]?.meta_data;
      if (metadata === undefined || found.length !== 1 || metadata.type !== element.type) {
        throw new FileError(file, place, 'the footer does not describe its data; the file is damaged');
      }
      const isNullable = element.repetition_type === 'OPTIONAL';
      const fixedLength = element.type_length;
      checkChunk(bytes, { file, place, metadata, rows: Number(num_rows), isNullable, fixedLength });
    }
  }
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
  if (value === null) return null;
  if (value === undefined) throw new FileError(file, place, 'its value is not in the dictionary; the file is damaged');
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
