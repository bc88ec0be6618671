/** Reads zip archives as numpy writes them (stored or deflated), checking every declared size and checksum. */
import { FileError } from '../base/index.ts';
import { checkCrc, inflateChecked } from './inflate.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** In a 32-bit size or offset: "look in the zip64 record". */
const ELSEWHERE = 0xffffffff;

export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** Unpacks it. @throws FileError when it is damaged */
  readonly read: () => Uint8Array;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 22 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] < 9;
}

/** @throws FileError when the archive's directory is damaged, or it needs zip64, encryption or several disks */
export function readZip(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view, file);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  const length = view.getUint32(end + 12, true);
  if (count === 0xffff || start === ELSEWHERE || length === ELSEWHERE) {
    throw new FileError(file, '', 'it is a zip64 archive, which is not read; save it in parts under 4 GiB');
  }
  if (start + length > end) throw new FileError(file, '', 'its directory is damaged; fetch or save the file again');
  const entries: ZipEntry[] = [];
  for (let i = 0, at = start; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw new FileError(file, '', `entry ${i} of its directory is damaged; fetch or save the file again`);
    }
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    if (at + 46 + name + extra + comment > end) {
      throw new FileError(file, '', `entry ${i} of its directory is damaged; fetch or save the file again`);
    }
    entries.push(
      describeEntry(bytes, view, at, new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), file),
    );
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** The end record is the last thing in the file but for a comment of up to 64 kB. */
function findEnd(view: DataView, file: string): number {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= lowest; at--) {
    const isEnd = view.getUint32(at, true) === END_OF_DIRECTORY;
    if (isEnd && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new FileError(file, '', 'it is not a zip archive, or its end is missing; the file is truncated');
}

function describeEntry(bytes: Uint8Array, view: DataView, at: number, name: string, file: string): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const start = view.getUint32(at + 42, true);
  const place = `member "${name}"`;
  if (packed === ELSEWHERE || size === ELSEWHERE || start === ELSEWHERE) {
    throw new FileError(file, place, 'it needs zip64 (over 4 GiB), which is not read; save it in smaller parts');
  }
  const read = () => {
    if (flags & 1) throw new FileError(file, place, 'it is encrypted');
    const dataStart = localDataStart(view, start, file, place);
    if (dataStart + packed > bytes.length) throw new FileError(file, place, 'it reaches beyond the end of the file');
    const content = bytes.subarray(dataStart, dataStart + packed);
    if (method === DEFLATED) return inflateChecked(content, { size, crc }, file, place);
    if (method !== STORED) throw new FileError(file, place, `its compression method ${method} is not read`);
    checkCrc(content, { size, crc }, file, place);
    return content;
  };
  return { name, size, read };
}

function localDataStart(view: DataView, at: number, file: string, place: string): number {
  if (at + 30 > view.byteLength || view.getUint32(at, true) !== LOCAL_ENTRY) {
    throw new FileError(file, place, 'its local header is damaged; fetch or save the file again');
  }
  return at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
}
