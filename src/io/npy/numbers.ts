import { FileError } from '../../base/index.ts';
import type { NpyArray } from './types.ts';

/**
 * The numbers of an array as float64, NaN and infinity as in the file.
 *
 * @throws FileError when it holds text, or 64-bit integers beyond ±2⁵³
 */
export function npyNumbers({ data, dtype }: NpyArray, file: string, place: string): Float64Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(data)) throw new FileError(file, place, `numbers are expected here and ${dtype} was found`);
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return Float64Array.from(data);
  const numbers = Float64Array.from(data, Number);
  const inexact = numbers.findIndex((value) => !Number.isSafeInteger(value));
  if (inexact < 0) return numbers;
  throw new FileError(
    file,
    place,
    `the integer ${data[inexact]} does not fit a double exactly; save the array as text`,
  );
}

/** Identifiers as text, one per element: texts as they are, whole numbers of any size in decimal. @throws FileError for others */
export function npyIdentifiers({ data, dtype }: NpyArray, file: string, place: string): string[] {
  if (!ArrayBuffer.isView(data)) return [...data];
  const isFractional = (data instanceof Float32Array || data instanceof Float64Array) && !data.every(Number.isInteger);
  if (isFractional) throw new FileError(file, place, `texts or whole numbers are expected here and ${dtype} was found`);
  return Array.from<number | bigint, string>(data, String);
}
