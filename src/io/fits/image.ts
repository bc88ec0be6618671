/** Images: arrays of numbers of any dimension (FITS 4.0, sections 3.3, 4.4.2 and 7.1). */
import { FileError } from '../../base/index.ts';
import { dataOf } from './data.ts';
import { ELEMENT_BYTES, type LongArray, type NumberArray, type NumberType } from './elements.ts';
import { asDoubles, decodeScaled, readScaling } from './scaling.ts';
import type { Unit } from './walk.ts';

export interface FitsImage {
  /** Slowest axis first, as numpy has it: NAXISn, …, NAXIS2, NAXIS1. */
  readonly shape: readonly number[];
  /** Row-major, in the file's own type (unsigned where the file says so); float64 when BSCALE or BZERO change it. */
  readonly data: NumberArray | LongArray;
  /** 1 where the file holds no usable number (BLANK, NaN, infinity); null when every number is usable. */
  readonly missing: Uint8Array | null;
}

const TYPES: Readonly<Record<number, NumberType | 'K'>> = { 8: 'B', 16: 'I', 32: 'J', 64: 'K', [-32]: 'E', [-64]: 'D' };

/** @throws FileError when the data are truncated or the scaling is damaged */
export function decodeImage(unit: Unit): FitsImage {
  const { header, file, bitpix } = unit;
  if (unit.groups !== 1 || unit.parameterBytes !== 0) {
    throw new FileError(file, header.place, 'PCOUNT and GCOUNT do not describe a plain image (they must be 0 and 1)');
  }
  const type = TYPES[bitpix];
  const count = unit.dataLength / ELEMENT_BYTES[type];
  const blank = bitpix > 0 ? 'BLANK' : null;
  const scaling = readScaling(header, { scale: 'BSCALE', zero: 'BZERO', blank }, file);
  const layout = { view: dataOf(unit), start: 0, stride: 0, rows: 1, count };
  const { values, missing } = decodeScaled(type, layout, scaling);
  return { shape: unit.axes.toReversed(), data: values, missing };
}

/**
 * An image's numbers as float64; NaN where none is usable.
 *
 * @returns null when a 64-bit integer would not be exact (beyond ±2⁵³)
 */
export function imageAsDoubles({ data, missing }: FitsImage): Float64Array | null {
  return asDoubles(data, missing);
}
