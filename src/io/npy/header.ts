/** The header of a .npy file: magic, version, and a Python dictionary of dtype, memory order and shape (NEP 1). */
import { FileError } from '../../base/index.ts';

export interface NpyHeader {
  /** `f4`, `U11`, … without byte order. */
  readonly dtype: string;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Bytes before the data. */
  readonly length: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** numpy pads headers so that data start at a multiple of this, which is what lets them be mapped into memory. */
const ALIGNMENT = 64;

const DICTIONARY = /^\s*\{(.*)\}\s*$/s;
const ENTRY = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([\d\s,L]*\))\s*(?:,|$)/y;
const DTYPE = /^([<>|=]?)([a-zA-Z])(\d+)$/;

export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 10 && MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * @param place the member of an .npz file; empty for a file of its own
 * @throws FileError when the header is damaged or the dtype is not plain numbers or text
 */
export function parseNpyHeader(bytes: Uint8Array, file: string, place: string): NpyHeader {
  const { start, end } = headerRange(bytes, file, place);
  const text = new TextDecoder(bytes[6] >= 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, end));
  const entries = parseDictionary(text);
  const descr = entries?.get('descr')?.slice(1, -1);
  const order = entries?.get('fortran_order');
  const shape = parseShape(entries?.get('shape'));
  const dtype = descr === undefined ? null : DTYPE.exec(descr);
  if (text.includes("'descr': [")) {
    throw new FileError(file, place, 'it is a structured array, which is not read; save its fields as separate arrays');
  }
  if (/^[|<>=]?O\d*$/.test(descr ?? '')) {
    const problem = 'it holds Python objects, which are not read; save it as numbers or as text (dtype U)';
    throw new FileError(file, place, problem);
  }
  if (dtype === null || (order !== 'True' && order !== 'False') || shape === null) {
    throw new FileError(file, place, `its header is damaged or of an unknown form: ${text.trim().slice(0, 100)}`);
  }
  return {
    dtype: dtype[2] + dtype[3],
    littleEndian: dtype[1] !== '>',
    fortranOrder: order === 'True',
    shape,
    length: end,
  };
}

/** The header (version 1.0) of a row-major little-endian array; its length is a multiple of 64 and does not depend on the shape. */
export function npyHeader(dtype: string, shape: readonly number[]): Uint8Array {
  const descr = `${/^([biu]1|S\d+)$/.test(dtype) ? '|' : '<'}${dtype}`;
  const sizes = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${sizes}, }`;
  const length = Math.max(2 * ALIGNMENT, Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT);
  const header = new TextEncoder().encode(`          ${text}`.padEnd(length - 1, ' ').concat('\n'));
  header.set(MAGIC);
  new DataView(header.buffer).setUint16(6, 1, true);
  new DataView(header.buffer).setUint16(8, length - 10, true);
  return header;
}

function headerRange(bytes: Uint8Array, file: string, place: string): { start: number; end: number } {
  if (!isNpy(bytes)) throw new FileError(file, place, 'it is not a numpy array: it does not begin as .npy files do');
  const version = bytes[6];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (version < 1 || version > 3) throw new FileError(file, place, `its format version is ${version}; 1 to 3 are read`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length >= start) {
    const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
    if (end <= bytes.length) return { start, end };
  }
  throw new FileError(file, place, 'it ends within its header; the file is truncated');
}

/** null when the text is anything but numpy's three entries. */
function parseDictionary(text: string): Map<string, string> | null {
  const body = DICTIONARY.exec(text)?.[1].trim();
  if (body === undefined) return null;
  const entries = new Map<string, string>();
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < body.length) {
    const match = ENTRY.exec(body);
    if (match === null || entries.has(match[1])) return null;
    entries.set(match[1], match[2]);
  }
  return entries.size === 3 ? entries : null;
}

function parseShape(text: string | undefined): number[] | null {
  if (text === undefined || !text.startsWith('(')) return null;
  const parts = text
    .slice(1, -1)
    .replaceAll('L', '')
    .split(',')
    .map((part) => part.trim());
  if (parts[parts.length - 1] === '') parts.pop();
  if (parts.some((part) => !/^\d+$/.test(part))) return null;
  const shape = parts.map(Number);
  return shape.every(Number.isSafeInteger) ? shape : null;
}
