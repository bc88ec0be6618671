/** Writes FITS: images and binary tables of numbers, texts and vectors. astropy verifies what comes out. */
import type { LongArray, NumberArray } from './elements.ts';
import { offsetOf, storerOf } from './store.ts';
import { type CardToWrite, formatHeader } from './writeCards.ts';
import { type ColumnToWrite, encodeTable } from './writeTable.ts';

interface HduToWriteBase {
  /** EXTNAME. */
  readonly name?: string;
  /** Further cards, in this order; those that describe the data (NAXIS, TFORM, …) are written by themselves. */
  readonly cards?: readonly CardToWrite[];
}

export interface EmptyToWrite extends HduToWriteBase {
  readonly kind: 'empty';
}

export interface ImageToWrite extends HduToWriteBase {
  readonly kind: 'image';
  /** Slowest axis first. */
  readonly shape: readonly number[];
  readonly data: NumberArray | LongArray;
}

export interface TableToWrite extends HduToWriteBase {
  readonly kind: 'table';
  readonly columns: readonly ColumnToWrite[];
}

export type HduToWrite = EmptyToWrite | ImageToWrite | TableToWrite;

const BLOCK = 2880;

/**
 * A FITS file. The first unit becomes the primary one if it is empty or an image; a table gets an empty one before it.
 *
 * @throws RangeError when shapes and data disagree, or FITS cannot hold a keyword or text
 */
export function writeFits(hdus: readonly HduToWrite[]): Uint8Array {
  const units: readonly HduToWrite[] =
    hdus[0] === undefined || hdus[0].kind === 'table' ? [{ kind: 'empty' }, ...hdus] : hdus;
  const parts = units.flatMap((hdu, index) => encodeUnit(hdu, index === 0, units.length > 1));
  const file = new Uint8Array(parts.reduce((length, part) => length + padded(part.length), 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += padded(part.length);
  }
  return file;
}

function padded(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}

function encodeUnit(hdu: HduToWrite, isPrimary: boolean, hasMore: boolean): Uint8Array[] {
  const start: CardToWrite = isPrimary
    ? { keyword: 'SIMPLE', value: true, comment: 'conforms to FITS standard' }
    : { keyword: 'XTENSION', value: hdu.kind === 'table' ? 'BINTABLE' : 'IMAGE', comment: 'extension' };
  const { structure, description, data } = encodeData(hdu);
  const name = hdu.name === undefined ? [] : [{ keyword: 'EXTNAME', value: hdu.name }];
  const cards = [
    start,
    ...structure,
    ...groupCards(hdu, isPrimary, hasMore),
    ...description,
    ...name,
    ...(hdu.cards ?? []),
  ];
  return data.length === 0 ? [formatHeader(cards)] : [formatHeader(cards), data];
}

function groupCards(hdu: HduToWrite, isPrimary: boolean, hasMore: boolean): CardToWrite[] {
  if (isPrimary) return hasMore ? [{ keyword: 'EXTEND', value: true }] : [];
  if (hdu.kind === 'table') return [];
  return [
    { keyword: 'PCOUNT', value: 0 },
    { keyword: 'GCOUNT', value: 1 },
  ];
}

interface EncodedData {
  /** The cards that must come first, in the standard's order. */
  readonly structure: readonly CardToWrite[];
  readonly description: readonly CardToWrite[];
  readonly data: Uint8Array;
}

function encodeData(hdu: HduToWrite): EncodedData {
  if (hdu.kind === 'table') return encodeTable(hdu.columns);
  if (hdu.kind === 'empty') {
    return { structure: axesCards(8, []), description: [], data: new Uint8Array() };
  }
  return encodeImage(hdu.shape, hdu.data);
}

function encodeImage(shape: readonly number[], values: NumberArray | LongArray): EncodedData {
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (count !== values.length) throw new RangeError(`shape (${shape.join(', ')}) does not fit ${values.length} values`);
  const { bitpix, zero } = imageType(values);
  const data = new Uint8Array(values.byteLength);
  const store = storerOf(values, new DataView(data.buffer));
  for (let i = 0; i < values.length; i++) store(i, i * values.BYTES_PER_ELEMENT);
  const scaling =
    zero === 0
      ? []
      : [
          { keyword: 'BSCALE', value: 1 },
          { keyword: 'BZERO', value: zero, comment: 'how FITS stores this integer type' },
        ];
  return { structure: axesCards(bitpix, shape), description: scaling, data };
}

function axesCards(bitpix: number, shape: readonly number[]): CardToWrite[] {
  const axes = shape.toReversed().map((length, i) => ({ keyword: `NAXIS${i + 1}`, value: length }));
  return [
    { keyword: 'BITPIX', value: bitpix, comment: 'array data type' },
    { keyword: 'NAXIS', value: shape.length, comment: 'number of array dimensions' },
    ...axes,
  ];
}

function imageType(values: NumberArray | LongArray): { bitpix: number; zero: number | bigint } {
  const bits = 8 * values.BYTES_PER_ELEMENT;
  if (values instanceof Float32Array || values instanceof Float64Array) return { bitpix: -bits, zero: 0 };
  return { bitpix: bits, zero: offsetOf(values) };
}
