/**
 * Matrices of float32 on disk as plain .npy files, which numpy can map into memory. They are written row by row and
 * read straight into an existing array, so that no second copy of the data is ever held.
 */
import fs from 'node:fs';
import { FileError } from '../../base/index.ts';
import { asFileError, writeAll } from '../files.node.ts';
import { npyHeader, parseNpyHeader } from './header.ts';

/** Bytes asked of the system at once; it refuses more than 2 GiB. */
const CHUNK = 2 ** 30;
const LARGEST_HEADER = 4096;

export interface NpyRowWriter {
  /** Appends rows × columns numbers, row-major. */
  readonly append: (rows: Float32Array) => void;
  /** Completes the header, flushes and closes the file. @returns the number of rows written */
  readonly finish: () => number;
}

/**
 * Begins a .npy file of float32 rows; its number of rows need not be known.
 *
 * @throws FileError when the file cannot be written
 */
export function createNpyRowWriter(path: string, columns: number): NpyRowWriter {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw asFileError(error, path, 'written');
    }
  };
  const file = guarded(() => fs.openSync(path, 'w'));
  let numbers = 0;
  guarded(() => writeAll(file, npyHeader('f4', [0, columns])));
  return {
    append(rows) {
      if (rows.length % columns !== 0) throw new RangeError(`${rows.length} numbers are not rows of ${columns}`);
      guarded(() => writeAll(file, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)));
      numbers += rows.length;
    },
    finish() {
      const rows = numbers / columns;
      guarded(() => {
        fs.writeSync(file, npyHeader('f4', [rows, columns]), 0, undefined, 0);
        fs.fsyncSync(file);
        fs.closeSync(file);
      });
      return rows;
    },
  };
}

/** Shape of a .npy file, read from its header alone. @throws FileError when it is not one */
export function npyFileShape(path: string): readonly number[] {
  return withOpenFile(path, (file) => readHeader(file, path).shape);
}

/**
 * Fills `into` with the numbers of a float32 .npy file.
 *
 * @param into exactly as long as the file has numbers; it may be a view of a larger matrix
 * @returns the file's shape
 * @throws FileError when the file is not row-major little-endian float32 of that size, or is truncated
 */
export function readNpyInto(path: string, into: Float32Array): readonly number[] {
  return withOpenFile(path, (file) => {
    const header = readHeader(file, path);
    const count = header.shape.reduce((product, axis) => product * axis, 1);
    if (header.dtype !== 'f4' || !header.littleEndian || header.fortranOrder) {
      throw new FileError(path, '', `row-major little-endian float32 is expected and ${header.dtype} was found`);
    }
    if (count !== into.length) {
      throw new FileError(
        path,
        '',
        `its shape (${header.shape.join(', ')}) was expected to hold ${into.length} numbers`,
      );
    }
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    let done = 0;
    while (done < bytes.length) {
      const read = fs.readSync(file, bytes, done, Math.min(CHUNK, bytes.length - done), header.length + done);
      if (read === 0) throw new FileError(path, '', `it is truncated: ${bytes.length - done} bytes are missing`);
      done += read;
    }
    return header.shape;
  });
}

function readHeader(file: number, path: string): ReturnType<typeof parseNpyHeader> {
  const start = new Uint8Array(LARGEST_HEADER);
  const read = fs.readSync(file, start, 0, LARGEST_HEADER, 0);
  return parseNpyHeader(start.subarray(0, read), path, '');
}

function withOpenFile<T>(path: string, work: (file: number) => T): T {
  try {
    const file = fs.openSync(path, 'r');
    try {
      return work(file);
    } finally {
      fs.closeSync(file);
    }
  } catch (error) {
    throw asFileError(error, path, 'read');
  }
}
