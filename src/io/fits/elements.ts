/**
 * The data types of images, binary tables and heaps, all big-endian (FITS 4.0, sections 5 and 7.3.3). Each type's
 * loop is written out because one closure called for every value would cost more than the decoding itself.
 */

export type NumberArray =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;
export type LongArray = BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

/** Where the values of one column (or image) lie: `rows` runs of `count` values, `stride` bytes from run to run. */
export interface Layout {
  readonly view: DataView;
  readonly start: number;
  readonly stride: number;
  readonly rows: number;
  readonly count: number;
}

export type NumberType = 'B' | 'I' | 'J' | 'E' | 'D';

export const ELEMENT_BYTES: Readonly<Record<NumberType | 'K', number>> = { B: 1, I: 2, J: 4, K: 8, E: 4, D: 8 };

type Fill<A> = (layout: Layout, into: A) => void;

/** Decodes numbers in their own type. */
export function decodeNumbers(type: NumberType, layout: Layout): NumberArray {
  const n = layout.rows * layout.count;
  switch (type) {
    case 'B':
      return filled(new Uint8Array(n), layout, fillBytes);
    case 'I':
      return filled(new Int16Array(n), layout, fillShorts);
    case 'J':
      return filled(new Int32Array(n), layout, fillInts);
    case 'E':
      return filled(new Float32Array(n), layout, fillFloats);
    case 'D':
      return filled(new Float64Array(n), layout, fillDoubles);
  }
}

/** Decodes numbers straight into float64, in which all of them are exact. */
export function decodeAsDoubles(type: NumberType, layout: Layout): Float64Array<ArrayBuffer> {
  const into = new Float64Array(layout.rows * layout.count);
  FILL[type](layout, into);
  return into;
}

export function decodeLongs(layout: Layout): BigInt64Array<ArrayBuffer> {
  const { view, start, stride, rows, count } = layout;
  const into = new BigInt64Array(rows * count);
  for (let row = 0, i = 0; row < rows; row++) {
    const end = start + row * stride + count * 8;
    for (let at = end - count * 8; at < end; at += 8) into[i++] = view.getBigInt64(at);
  }
  return into;
}

function filled<A>(into: A, layout: Layout, fill: Fill<A>): A {
  fill(layout, into);
  return into;
}

function fillBytes({ view, start, stride, rows, count }: Layout, into: Uint8Array | Float64Array): void {
  for (let row = 0, i = 0; row < rows; row++) {
    const from = start + row * stride;
    for (let at = from; at < from + count; at++) into[i++] = view.getUint8(at);
  }
}

function fillShorts({ view, start, stride, rows, count }: Layout, into: Int16Array | Float64Array): void {
  for (let row = 0, i = 0; row < rows; row++) {
    const from = start + row * stride;
    for (let at = from; at < from + 2 * count; at += 2) into[i++] = view.getInt16(at);
  }
}

function fillInts({ view, start, stride, rows, count }: Layout, into: Int32Array | Float64Array): void {
  for (let row = 0, i = 0; row < rows; row++) {
    const from = start + row * stride;
    for (let at = from; at < from + 4 * count; at += 4) into[i++] = view.getInt32(at);
  }
}

function fillFloats({ view, start, stride, rows, count }: Layout, into: Float32Array | Float64Array): void {
  for (let row = 0, i = 0; row < rows; row++) {
    const from = start + row * stride;
    for (let at = from; at < from + 4 * count; at += 4) into[i++] = view.getFloat32(at);
  }
}

function fillDoubles({ view, start, stride, rows, count }: Layout, into: Float64Array): void {
  for (let row = 0, i = 0; row < rows; row++) {
    const from = start + row * stride;
    for (let at = from; at < from + 8 * count; at += 8) into[i++] = view.getFloat64(at);
  }
}

const FILL: Readonly<Record<NumberType, Fill<Float64Array>>> = {
  B: fillBytes,
  I: fillShorts,
  J: fillInts,
  E: fillFloats,
  D: fillDoubles,
};
