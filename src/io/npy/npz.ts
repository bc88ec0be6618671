/** .npz files: a zip archive of .npy arrays, by name. */
import { type ZipOptions, zipSync } from 'fflate';
import { FileError } from '../../base/index.ts';
import { readZip } from '../zip.ts';
import { readNpy } from './read.ts';
import type { NpyArray } from './types.ts';
import { type ArrayToWrite, writeNpy } from './write.ts';

/** zip stores times since 1980; a fixed one makes equal arrays equal files. */
const FIXED_TIME = new Date(1980, 0, 1, 12);

export interface NpzReadOptions {
  /** Read only these arrays (default: all). */
  readonly names?: readonly string[];
}

/**
 * The arrays of an .npz file, by name, in the file's order.
 *
 * @throws FileError when the archive or an array is damaged, or an array's type is not read
 */
export function readNpz(bytes: Uint8Array, file: string, { names }: NpzReadOptions = {}): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  for (const entry of readZip(bytes, file)) {
    // A member that is no array (a note, say) is not part of what numpy calls the file.
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -4);
    if (names !== undefined && !names.includes(name)) continue;
    if (arrays.has(name)) throw new FileError(file, `array "${name}"`, 'the file holds two arrays of this name');
    arrays.set(name, readNpy(entry.read(), file, `array "${name}"`));
  }
  return arrays;
}

export interface NpzWriteOptions {
  /** Deflate the arrays (default: store them, which numpy reads several times faster). */
  readonly compress?: boolean;
}

/** An .npz file of the given arrays; the same arrays give the same bytes. */
export function writeNpz(arrays: Readonly<Record<string, ArrayToWrite>>, options: NpzWriteOptions = {}): Uint8Array {
  const settings: ZipOptions = { level: options.compress === true ? 6 : 0, mtime: FIXED_TIME };
  const members = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)] as const);
  return zipSync(Object.fromEntries(members), settings);
}
