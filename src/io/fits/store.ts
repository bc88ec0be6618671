/** Stores numbers as FITS does: big-endian, and unsigned integers (signed bytes) shifted by half their range. */
import type { LongArray, NumberArray } from './elements.ts';

/** What FITS adds to the stored integer to get the value: BZERO or TZERO; 0 for the types it has itself. */
export function offsetOf(values: NumberArray | LongArray): number | bigint {
  if (values instanceof Int8Array) return -128;
  if (values instanceof Uint16Array) return 2 ** 15;
  if (values instanceof Uint32Array) return 2 ** 31;
  return values instanceof BigUint64Array ? 1n << 63n : 0;
}

/** Stores one value at a byte offset. */
export function storerOf(values: NumberArray | LongArray, view: DataView): (index: number, at: number) => void {
  if (values instanceof BigInt64Array) return (index, at) => view.setBigInt64(at, values[index]);
  if (values instanceof BigUint64Array) return (index, at) => view.setBigUint64(at, values[index] ^ (1n << 63n));
  if (values instanceof Float64Array) return (index, at) => view.setFloat64(at, values[index]);
  if (values instanceof Float32Array) return (index, at) => view.setFloat32(at, values[index]);
  if (values instanceof Int32Array) return (index, at) => view.setInt32(at, values[index]);
  if (values instanceof Uint32Array) return (index, at) => view.setUint32(at, values[index] ^ 0x80000000);
  if (values instanceof Int16Array) return (index, at) => view.setInt16(at, values[index]);
  if (values instanceof Uint16Array) return (index, at) => view.setUint16(at, values[index] ^ 0x8000);
  if (values instanceof Int8Array) return (index, at) => view.setUint8(at, values[index] + 128);
  return (index, at) => view.setUint8(at, values[index]);
}
