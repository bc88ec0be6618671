/**
 * Checks the pages of a Parquet column before hyparquet decodes them: sizes, counts and run lengths must be possible,
 * because hyparquet believes them and a damaged run length would make it fill memory.
 */
import { type ColumnMetaData, type Compressors, snappyUncompress } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { FileError } from '../../../base/index.ts';
import { gunzip } from '../../inflate.ts';
import { checkDelta, checkRuns, countPresent, PageProblem } from './runs.ts';
import { endOfStruct } from './thrift.ts';

/** What is needed to know about a column chunk. */
export interface ChunkToCheck {
  readonly file: string;
  readonly place: string;
  readonly metadata: ColumnMetaData;
  /** Rows of its row group. */
  readonly rows: number;
  readonly isNullable: boolean;
  readonly fixedLength: number | undefined;
}

/** Snappy's best is 64 bytes for 3. */
const LARGEST_RATIO = { SNAPPY: 22, GZIP: 1032, UNCOMPRESSED: 1 } as const;
type ReadCodec = keyof typeof LARGEST_RATIO;

const BYTES: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

/** gzip for hyparquet, which itself reads Snappy only. */
export function compressorsFor(file: string): Compressors {
  return { GZIP: (packed) => gunzip(packed, file) };
}

type Header = ReturnType<typeof parquetHeader>;

/** @throws FileError when a page of the chunk cannot be what its headers say */
export function checkChunk(bytes: Uint8Array, chunk: ChunkToCheck): void {
  const { file, place, metadata } = chunk;
  const start = Number(metadata.dictionary_page_offset || metadata.data_page_offset);
  const end = start + Number(metadata.total_compressed_size);
  if (!(start >= 4 && end >= start && end <= bytes.length)) {
    throw new FileError(file, place, `its data are said to lie at bytes ${start} to ${end} of ${bytes.length}`);
  }
  if (!(metadata.codec in LARGEST_RATIO)) {
    throw new FileError(
      file,
      place,
      `its compression ${metadata.codec} is not read; save the table with Snappy or none`,
    );
  }
  try {
    let values = 0;
    for (let at = start; at < end && values < chunk.rows; ) {
      const headerEnd = endOfStruct(bytes.subarray(0, end), at);
      const header = parquetHeader({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: at });
      at = headerEnd + size(header.compressed_page_size, end - headerEnd);
      values += checkPage(header, bytes.subarray(headerEnd, at), chunk, chunk.rows - values);
    }
    if (values !== chunk.rows) throw new PageProblem(`its pages hold ${values} of ${chunk.rows} rows`);
  } catch (error) {
    const reason = error instanceof FileError ? error.problem : error instanceof Error ? error.message : error;
    throw new FileError(file, place, `its pages are damaged (${reason})`);
  }
}

/** @returns the rows in the page; 0 for a dictionary */
function checkPage(header: Header, packed: Uint8Array, chunk: ChunkToCheck, rowsLeft: number): number {
  const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
  if (header.type === 'DICTIONARY_PAGE' && dictionary !== undefined) {
    const page = unpack(packed, header.uncompressed_page_size, chunk);
    checkPlain(page, size(dictionary.num_values, page.length), chunk);
    return 0;
  }
  if (header.type === 'DATA_PAGE' && v1 !== undefined) {
    const rows = size(v1.num_values, rowsLeft);
    const page = unpack(packed, header.uncompressed_page_size, chunk);
    if (!chunk.isNullable) {
      checkValues(page, rows, v1.encoding, chunk);
      return rows;
    }
    const levels = prefixed(page);
    checkValues(page.subarray(4 + levels.length), countPresent(levels, rows), v1.encoding, chunk);
    return rows;
  }
  if (header.type === 'DATA_PAGE_V2' && v2 !== undefined) {
    const rows = size(v2.num_values, rowsLeft);
    const repetition = size(v2.repetition_levels_byte_length, 0);
    const definition = size(v2.definition_levels_byte_length, packed.length - repetition);
    const levels = packed.subarray(repetition, repetition + definition);
    const present = chunk.isNullable ? countPresent(levels, rows) : rows;
    if (present !== rows - v2.num_nulls) throw new PageProblem('its count of missing values is wrong');
    const length = header.uncompressed_page_size - definition - repetition;
    const content = packed.subarray(repetition + definition);
    const page = v2.is_compressed === false ? content : unpack(content, length, chunk);
    checkValues(page, present, v2.encoding, chunk);
    return rows;
  }
  throw new PageProblem(`a page is of unknown type ${header.type}`);
}

/** A count or length, which must be between 0 and what there is room for. */
function size(value: unknown, largest: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= largest) return value;
  throw new PageProblem(`a page claims ${value} where at most ${largest} fit`);
}

function unpack(packed: Uint8Array, length: number, { metadata, file }: ChunkToCheck): Uint8Array {
  const codec = metadata.codec as ReadCodec;
  const unpackedLength = size(length, LARGEST_RATIO[codec] * (packed.length + 16));
  if (codec === 'GZIP') return gunzip(packed, file);
  if (codec === 'SNAPPY') {
    const page = new Uint8Array(unpackedLength);
    snappyUncompress(packed, page);
    return page;
  }
  if (unpackedLength !== packed.length) throw new PageProblem('the two sizes of an uncompressed page differ');
  return packed;
}

/** Levels of a version 1 page: a length, then the runs. */
function prefixed(page: Uint8Array): Uint8Array {
  if (page.length < 4) throw new PageProblem('a page has no room for its levels');
  const length = new DataView(page.buffer, page.byteOffset, 4).getUint32(0, true);
  return page.subarray(4, 4 + size(length, page.length - 4));
}

function checkValues(page: Uint8Array, count: number, encoding: string, chunk: ChunkToCheck): void {
  switch (encoding) {
    case 'PLAIN':
      checkPlain(page, count, chunk);
      return;
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      if (count > 0) checkRuns(page.subarray(1), page[0], count);
      return;
    case 'RLE':
      checkRuns(prefixed(page), 1, count);
      return;
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      checkDelta(page, count);
      return;
    case 'BYTE_STREAM_SPLIT':
      size(count * bytesPerValue(chunk), page.length);
      return;
    default:
      throw new PageProblem(`its encoding ${encoding} is not read`);
  }
}

function checkPlain(page: Uint8Array, count: number, chunk: ChunkToCheck): void {
  if (chunk.metadata.type === 'BOOLEAN') size(Math.ceil(count / 8), page.length);
  else if (chunk.metadata.type !== 'BYTE_ARRAY') size(count * bytesPerValue(chunk), page.length);
  else checkByteArrays(page, count);
}

function bytesPerValue({ metadata, fixedLength }: ChunkToCheck): number {
  const bytes = BYTES[metadata.type] ?? fixedLength;
  if (bytes === undefined || bytes <= 0) throw new PageProblem('its values have no length');
  return bytes;
}

function checkByteArrays(page: Uint8Array, count: number): void {
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 4 > page.length) throw new PageProblem('a text reaches beyond its page');
    at += 4 + size(view.getUint32(at, true), page.length - at - 4);
  }
}
