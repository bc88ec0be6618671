/** Reads .npy arrays of numbers, booleans and text, versions 1 to 3, either byte order, either memory order. */
import { FileError } from '../../base/index.ts';
import { type NpyHeader, parseNpyHeader } from './header.ts';
import type { NpyArray, NpyData } from './types.ts';

type Decode = (view: DataView, count: number, littleEndian: boolean) => NpyData;

interface ElementType {
  readonly bytes: number;
  readonly decode: Decode;
}

/**
 * @param place the member of an .npz file, for messages; empty for a file of its own
 * @throws FileError when the file is damaged, truncated, or holds objects or records
 */
export function readNpy(bytes: Uint8Array, file: string, place = ''): NpyArray {
  const header = parseNpyHeader(bytes, file, place);
  const type = elementType(header.dtype);
  if (type === null) {
    throw new FileError(
      file,
      place,
      `its dtype ${header.dtype} is not read; save it as numbers (f4, f8, i8 …) or text`,
    );
  }
  const count = header.shape.reduce((product, axis) => product * axis, 1);
  const expected = count * type.bytes;
  const found = bytes.length - header.length;
  if (expected !== found) {
    const problem = `its shape (${header.shape.join(', ')}) of ${header.dtype} needs ${expected} bytes of data and ${found} follow the header`;
    throw new FileError(file, place, problem);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.length, expected);
  const data = decodeNamed(type, view, count, header, file, place);
  return {
    shape: header.shape,
    dtype: header.dtype,
    data: header.fortranOrder ? toRowMajor(data, header.shape) : data,
  };
}

function decodeNamed(
  type: ElementType,
  view: DataView,
  count: number,
  header: NpyHeader,
  file: string,
  place: string,
): NpyData {
  // A text of no characters takes no bytes, so the count is not bounded by the file's length.
  if (type.bytes === 0 && count > 2 ** 24) throw new FileError(file, place, `it claims ${count} texts of no length`);
  try {
    return type.decode(view, count, header.littleEndian);
  } catch (error) {
    if (error instanceof RangeError) throw new FileError(file, place, `its text is damaged (${error.message})`);
    throw error;
  }
}

/** null when the dtype is not one that is read. */
function elementType(dtype: string): ElementType | null {
  const size = Number(dtype.slice(1));
  if (dtype.startsWith('U')) return { bytes: 4 * size, decode: unicode(size) };
  if (dtype.startsWith('S')) return { bytes: size, decode: byteText(size) };
  const decode = Object.hasOwn(DECODE, dtype) ? DECODE[dtype] : undefined;
  return decode === undefined ? null : { bytes: size, decode };
}

const DECODE: Readonly<Record<string, Decode>> = {
  f8: (view, _n, little) => swapped(new Float64Array(copy(view)), little),
  f4: (view, _n, little) => swapped(new Float32Array(copy(view)), little),
  f2: (view, n, little) => Float32Array.from({ length: n }, (_, i) => half(view.getUint16(2 * i, little))),
  i8: (view, _n, little) => swapped(new BigInt64Array(copy(view)), little),
  i4: (view, _n, little) => swapped(new Int32Array(copy(view)), little),
  i2: (view, _n, little) => swapped(new Int16Array(copy(view)), little),
  i1: (view) => new Int8Array(copy(view)),
  u8: (view, _n, little) => swapped(new BigUint64Array(copy(view)), little),
  u4: (view, _n, little) => swapped(new Uint32Array(copy(view)), little),
  u2: (view, _n, little) => swapped(new Uint16Array(copy(view)), little),
  u1: (view) => new Uint8Array(copy(view)),
  b1: (view) => new Uint8Array(copy(view)).map((byte) => (byte === 0 ? 0 : 1)),
};

function copy(view: DataView): ArrayBuffer {
  const bytes = new Uint8Array(view.byteLength);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return bytes.buffer;
}

/** Turns big-endian elements round, in place. */
function swapped<A extends Exclude<NpyData, readonly string[]>>(data: A, littleEndian: boolean): A {
  if (littleEndian) return data;
  const bytes = new Uint8Array(data.buffer);
  const size = data.BYTES_PER_ELEMENT;
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
  return data;
}

/** IEEE 754 half precision to a number. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** UCS-4 texts of `size` characters, padded with zeros. */
function unicode(size: number): Decode {
  return (view, n, little) =>
    Array.from({ length: n }, (_, i) => {
      let text = '';
      for (let c = 0; c < size; c++) text += String.fromCodePoint(view.getUint32(4 * (i * size + c), little));
      return withoutPadding(text);
    });
}

/** Byte texts of `size` bytes, padded with zeros; read as Latin-1 so that no byte is lost. */
function byteText(size: number): Decode {
  return (view, n) =>
    Array.from({ length: n }, (_, i) => {
      let text = '';
      for (let c = 0; c < size; c++) text += String.fromCharCode(view.getUint8(i * size + c));
      return withoutPadding(text);
    });
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

/** From Fortran order, in which the first axis runs fastest, to row-major. */
function toRowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const from = rowMajorOrder(shape);
  if (Array.isArray(data)) return Array.from(from, (i) => data[i]);
  const source = data as Exclude<NpyData, readonly string[]>;
  const sorted = source.slice();
  for (let i = 0; i < from.length; i++) sorted[i] = source[from[i]];
  return sorted;
}

/** For each element in row-major order, its position in Fortran order. */
function rowMajorOrder(shape: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, 1));
  const order = new Float64Array(shape.reduce((product, n) => product * n, 1));
  const index = shape.map(() => 0);
  for (let i = 0, at = 0; i < order.length; i++) {
    order[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return order;
}
