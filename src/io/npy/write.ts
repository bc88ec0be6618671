/** Writes .npy arrays that numpy opens and can map into memory. */
import { npyHeader } from './header.ts';
import type { NpyData } from './types.ts';

/** What to write: numbers in their own type, texts as numpy's `U`, 0/1 bytes as booleans if `boolean` says so. */
export interface ArrayToWrite {
  /** `[data.length]` when left out. */
  readonly shape?: readonly number[];
  readonly data: NpyData;
  /** Write a Uint8Array of zeros and ones as numpy booleans. */
  readonly boolean?: boolean;
}

/** @throws RangeError when the shape does not have as many elements as the data */
export function writeNpy({ data, shape = [data.length], boolean = false }: ArrayToWrite): Uint8Array {
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (count !== data.length) throw new RangeError(`shape (${shape.join(', ')}) does not fit ${data.length} elements`);
  const { dtype, bytes } = elements(data, boolean);
  const header = npyHeader(dtype, shape);
  const file = new Uint8Array(header.length + bytes.length);
  file.set(header);
  file.set(bytes, header.length);
  return file;
}

function elements(data: NpyData, boolean: boolean): { dtype: string; bytes: Uint8Array } {
  if (!ArrayBuffer.isView(data)) return textElements(data);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { dtype: boolean ? 'b1' : dtypeOf(data), bytes };
}

function dtypeOf(data: Exclude<NpyData, readonly string[]>): string {
  if (data instanceof Float64Array || data instanceof Float32Array) return `f${data.BYTES_PER_ELEMENT}`;
  const signed =
    data instanceof Int8Array ||
    data instanceof Int16Array ||
    data instanceof Int32Array ||
    data instanceof BigInt64Array;
  return `${signed ? 'i' : 'u'}${data.BYTES_PER_ELEMENT}`;
}

function textElements(texts: readonly string[]): { dtype: string; bytes: Uint8Array } {
  const characters = texts.map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const width = characters.reduce((longest, text) => Math.max(longest, text.length), 1);
  const codes = new Uint32Array(texts.length * width);
  characters.forEach((text, i) => {
    codes.set(text, i * width);
  });
  return { dtype: `U${width}`, bytes: new Uint8Array(codes.buffer) };
}
