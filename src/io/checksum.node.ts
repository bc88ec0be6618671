import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { asFileError } from './files.node.ts';

const CHUNK = 1 << 20;

/** SHA-256 of bytes, in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * SHA-256 of a file of any size, read in pieces of 1 MiB.
 *
 * @throws FileError when it cannot be read
 */
export function sha256OfFile(path: string): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(CHUNK);
  try {
    const file = fs.openSync(path, 'r');
    try {
      for (let read = fs.readSync(file, chunk); read > 0; read = fs.readSync(file, chunk)) {
        hash.update(chunk.subarray(0, read));
      }
    } finally {
      fs.closeSync(file);
    }
  } catch (error) {
    throw asFileError(error, path, 'read');
  }
  return hash.digest('hex');
}
