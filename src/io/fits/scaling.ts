/**
 * From stored to physical values: value = zero + scale × stored (FITS 4.0, sections 4.4.2.5, 5.2 and 7.3.2). An offset
 * of half the integer range is how FITS, which has no unsigned integers, stores them; those stay integers, exactly.
 */
import { FileError } from '../../base/index.ts';
import {
  decodeAsDoubles,
  decodeLongs,
  decodeNumbers,
  type Layout,
  type LongArray,
  type NumberArray,
  type NumberType,
} from './elements.ts';
import type { FitsHeader } from './header.ts';

/** Scaling and the stored integer that means "no value" of a column or image. */
export interface Scaling {
  readonly scale: number;
  readonly zero: number;
  /** TNULL or BLANK; null when none is declared. Floating-point data have none: NaN says it. */
  readonly blank: bigint | null;
}

export interface Decoded {
  readonly values: NumberArray | LongArray;
  /** 1 where the file holds no usable number: the null integer, NaN or infinity. null when there is no such place. */
  readonly missing: Uint8Array | null;
}

/** Names of the keywords that hold a scaling; `blank` is null for data that have no null integer. */
export interface ScalingKeywords {
  readonly scale: string;
  readonly zero: string;
  readonly blank: string | null;
}

/** @throws FileError when a keyword is there and is not a number, or the scale is 0 (all values would be equal) */
export function readScaling(header: FitsHeader, keywords: ScalingKeywords, file: string): Scaling {
  const scale = header.has(keywords.scale) ? header.number(keywords.scale) : 1;
  if (scale === 0) throw new FileError(file, header.place, `${keywords.scale} is 0, which would erase every value`);
  const zero = header.has(keywords.zero) ? header.number(keywords.zero) : 0;
  const blank = keywords.blank !== null && header.has(keywords.blank) ? header.get(keywords.blank) : undefined;
  if (blank === undefined) return { scale, zero, blank: null };
  if (typeof blank === 'bigint' || (typeof blank === 'number' && Number.isInteger(blank))) {
    return { scale, zero, blank: BigInt(blank) };
  }
  throw new FileError(
    file,
    header.place,
    `${keywords.blank} is ${JSON.stringify(blank)}, and a whole number is needed`,
  );
}

/** Physical values in the smallest type that holds them exactly; scaled ones as float64, NaN where missing. */
export function decodeScaled(type: NumberType | 'K', layout: Layout, scaling: Scaling): Decoded {
  if (type === 'K') return decodeScaledLongs(layout, scaling);
  const raw = decodeNumbers(type, layout);
  const isFloat = type === 'E' || type === 'D';
  const missing = isFloat || scaling.blank === null ? null : equalTo(raw, Number(scaling.blank));
  if (isPlain(scaling)) return { values: raw, missing: isFloat ? unusable(raw) : missing };
  const integers = unsigned(type, raw, scaling);
  return integers === null ? scaled(raw, scaling, missing) : { values: integers, missing };
}

/**
 * Physical values as float64; NaN for the null integer, and as the file has them NaN and infinity. Null when a 64-bit
 * integer would not be exact (beyond ±2⁵³).
 */
export function decodeDoubles(type: NumberType | 'K', layout: Layout, scaling: Scaling): Float64Array | null {
  if (type !== 'K' && isPlain(scaling) && scaling.blank === null) return decodeAsDoubles(type, layout);
  const { values, missing } = decodeScaled(type, layout, scaling);
  return asDoubles(values, missing);
}

/** Float64 of decoded values, NaN where missing; null when a 64-bit integer would not be exact. */
export function asDoubles(values: NumberArray | LongArray, missing: Uint8Array | null): Float64Array | null {
  const doubles = new Float64Array(values.length);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i]);
      if (!Number.isSafeInteger(value) && missing?.[i] !== 1) return null;
      doubles[i] = value;
    }
  } else {
    doubles.set(values);
  }
  return withNaN(doubles, missing);
}

function decodeScaledLongs(layout: Layout, scaling: Scaling): Decoded {
  const raw = decodeLongs(layout);
  const missing = scaling.blank === null ? null : equalTo(raw, scaling.blank);
  if (isPlain(scaling)) return { values: raw, missing };
  if (scaling.scale === 1 && Number(scaling.zero) === 2 ** 63) {
    const values = new BigUint64Array(raw.buffer);
    for (let i = 0; i < values.length; i++) values[i] ^= 1n << 63n;
    return { values, missing };
  }
  return scaled(Float64Array.from(raw, Number), scaling, missing);
}

function isPlain({ scale, zero }: Scaling): boolean {
  return scale === 1 && zero === 0;
}

function scaled(raw: NumberArray, { scale, zero }: Scaling, blank: Uint8Array | null): Decoded {
  const values = new Float64Array(raw.length);
  for (let i = 0; i < raw.length; i++) values[i] = zero + scale * raw[i];
  withNaN(values, blank);
  return { values, missing: unusable(values) };
}

/** The unsigned (for bytes: signed) reading of stored integers; null when the offset is not the one that says so. */
function unsigned(type: NumberType, raw: NumberArray, { scale, zero }: Scaling): NumberArray | null {
  if (scale !== 1) return null;
  if (type === 'B' && zero === -128) return Int8Array.from(raw, (value) => value - 128);
  if (type === 'I' && zero === 2 ** 15) return Uint16Array.from(raw, (value) => value + 2 ** 15);
  if (type === 'J' && zero === 2 ** 31) return Uint32Array.from(raw, (value) => value + 2 ** 31);
  return null;
}

function withNaN(values: Float64Array<ArrayBuffer>, missing: Uint8Array | null): Float64Array<ArrayBuffer> {
  if (missing !== null) for (let i = 0; i < values.length; i++) if (missing[i] === 1) values[i] = Number.NaN;
  return values;
}

function equalTo(values: NumberArray, blank: number): Uint8Array | null;
function equalTo(values: LongArray, blank: bigint): Uint8Array | null;
function equalTo(values: NumberArray | LongArray, blank: number | bigint): Uint8Array | null {
  let missing: Uint8Array | null = null;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== blank) continue;
    missing ??= new Uint8Array(values.length);
    missing[i] = 1;
  }
  return missing;
}

function unusable(values: NumberArray): Uint8Array | null {
  let missing: Uint8Array | null = null;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    missing ??= new Uint8Array(values.length);
    missing[i] = 1;
  }
  return missing;
}
