/**
 * DEFLATE decompression that cannot be lied to: the size that a container declares is believed only as far as the
 * format can compress (1032 : 1), and size and CRC-32 of the result must be the declared ones.
 */
import { inflateSync } from 'fflate';
import { FileError } from '../base/index.ts';
import { crc32 } from './crc32.ts';

/** Deflate spends at least two bits on 258 bytes. */
const LARGEST_RATIO = 1032;
const LARGEST_RESULT = 2 ** 31 - 1;

export interface DeclaredResult {
  readonly size: number;
  readonly crc: number;
}

/**
 * Inflates a raw DEFLATE stream.
 *
 * @throws FileError naming `file` and `place` when the stream is damaged or its result is not as declared
 */
export function inflateChecked(
  deflated: Uint8Array,
  { size, crc }: DeclaredResult,
  file: string,
  place: string,
): Uint8Array {
  if (size > LARGEST_RESULT) {
    throw new FileError(file, place, `it would unpack to ${size} bytes; data over 2 GiB are not read in one piece`);
  }
  if (size > LARGEST_RATIO * (deflated.length + 1)) {
    throw new FileError(
      file,
      place,
      `it claims to unpack to ${size} bytes, more than ${deflated.length} compressed bytes can hold; the file is damaged`,
    );
  }
  const result = inflateInto(new Uint8Array(size), deflated, file, place);
  checkCrc(result, { size, crc }, file, place);
  return result;
}

/** @throws FileError when the bytes are not those whose size and CRC-32 were declared */
export function checkCrc(bytes: Uint8Array, declared: DeclaredResult, file: string, place: string): void {
  if (bytes.length !== declared.size || crc32(bytes) !== declared.crc) {
    throw new FileError(file, place, 'its checksum does not match its content; the file is damaged, fetch it again');
  }
}

function inflateInto(out: Uint8Array, deflated: Uint8Array, file: string, place: string): Uint8Array {
  try {
    return inflateSync(deflated, { out });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(file, place, `its compressed data are damaged (${reason}); fetch the file again`);
  }
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a gzip file (RFC 1952) of one member.
 *
 * @throws FileError when it is truncated, damaged, or made of several members
 */
export function gunzip(bytes: Uint8Array, file: string): Uint8Array {
  const start = gzipHeaderLength(bytes);
  const end = bytes.length - 8;
  if (start === null || start > end) {
    throw new FileError(file, '', 'its gzip header is damaged or the file is truncated; fetch it again');
  }
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end, 8);
  const declared = { crc: trailer.getUint32(0, true), size: trailer.getUint32(4, true) };
  try {
    return inflateChecked(bytes.subarray(start, end), declared, file, '');
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(
      file,
      '',
      `the gzip data are damaged, truncated, or made of several parts (${error.problem}); if \`gzip -t\` accepts the file, decompress it first`,
    );
  }
}

/** Length of the header of a gzip member; null when it is not one. */
function gzipHeaderLength(bytes: Uint8Array): number | null {
  const [HEADER_CRC, EXTRA, NAME, COMMENT, RESERVED] = [2, 4, 8, 16, 0xe0];
  const flags = bytes[3];
  if (bytes.length < 18 || bytes[2] !== 8 || (flags & RESERVED) !== 0) return null;
  let length = 10;
  if (flags & EXTRA) length += 2 + (bytes[length] | (bytes[length + 1] << 8));
  for (const text of [NAME, COMMENT]) {
    if ((flags & text) === 0) continue;
    const end = bytes.indexOf(0, length);
    if (end < 0) return null;
    length = end + 1;
  }
  return flags & HEADER_CRC ? length + 2 : length;
}
