/**
 * Walks a value of Thrift's compact protocol, in which Parquet writes its footer and page headers, without building
 * it: hyparquet trusts every length in it, so a damaged one would make it fill memory before it fails.
 */

const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;
/** Parquet's own structures nest about eight deep. */
const DEEPEST = 32;

/** The bytes end, or a length points, where no Thrift value can be. */
export class ThriftProblem extends Error {
  override readonly name: string = 'ThriftProblem';
}

/**
 * @returns the offset behind the structure that begins at `start`
 * @throws ThriftProblem when it is not sound, or does not end within `bytes`
 */
export function endOfStruct(bytes: Uint8Array, start: number): number {
  return skipStruct(bytes, start, 0);
}

/** An unsigned variable-length integer of at most 32 bits, and the offset behind it. */
export function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = byteAt(bytes, start + i);
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: start + i + 1 };
  }
  throw new ThriftProblem('a length in it has no end');
}

function skipStruct(bytes: Uint8Array, start: number, depth: number): number {
  if (depth > DEEPEST) throw new ThriftProblem('it is nested too deeply');
  let at = start;
  for (;;) {
    const field = byteAt(bytes, at++);
    const type = field & 15;
    if (type === 0) return at;
    if (field >> 4 === 0) at = skipInteger(bytes, at);
    if (type !== TRUE && type !== FALSE) at = skipValue(bytes, at, type, depth);
  }
}

function skipValue(bytes: Uint8Array, at: number, type: number, depth: number): number {
  if (type === TRUE || type === FALSE || type === BYTE) return at + 1;
  if (type === DOUBLE) return at + 8;
  if (type > BYTE && type < DOUBLE) return skipInteger(bytes, at);
  if (type === BINARY) {
    const { value, end } = readVarint(bytes, at);
    if (end + value > bytes.length) throw new ThriftProblem('a text in it reaches beyond its end');
    return end + value;
  }
  if (type === LIST) return skipList(bytes, at, depth);
  if (type === STRUCT) return skipStruct(bytes, at, depth + 1);
  throw new ThriftProblem(`it holds a value of unknown type ${type}`);
}

function skipList(bytes: Uint8Array, start: number, depth: number): number {
  const head = byteAt(bytes, start);
  const long = head >> 4 === 15 ? readVarint(bytes, start + 1) : { value: head >> 4, end: start + 1 };
  if (long.value > bytes.length - long.end) throw new ThriftProblem('a list in it is longer than the file');
  let at = long.end;
  for (let i = 0; i < long.value; i++) at = skipValue(bytes, at, head & 15, depth + 1);
  return at;
}

/** A zigzag integer of up to 64 bits takes at most ten bytes. */
function skipInteger(bytes: Uint8Array, start: number): number {
  for (let at = start; at < start + 10; at++) if (byteAt(bytes, at) < 128) return at + 1;
  throw new ThriftProblem('an integer in it has no end');
}

function byteAt(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) throw new ThriftProblem('it ends too early');
  return bytes[at];
}
