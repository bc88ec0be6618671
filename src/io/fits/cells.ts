/** Decodes the cells of one column, of a table or of one row's stretch of the heap. */
import { FileError } from '../../base/index.ts';
import type { FixedColumn, LogicalColumn, TextColumn } from './columns.ts';
import type { Layout, NumberType } from './elements.ts';
import type { ColumnFormat, ElementLetter } from './format.ts';
import { decodeDoubles, decodeScaled, type Scaling } from './scaling.ts';

/** What an error message names. */
export interface Place {
  readonly file: string;
  readonly place: string;
}

const decoder = new TextDecoder('latin1');
const TRUE = 84;
const FALSE = 70;

/** @param layout `count` is the format's repeat count */
export function decodeCells(format: ColumnFormat, layout: Layout, scaling: Scaling, place: Place): FixedColumn {
  const width = layout.count;
  switch (format.letter) {
    case 'A':
      return decodeTexts(layout, format.textWidth);
    case 'L':
      return decodeLogicals(layout, place);
    case 'X':
      return { kind: 'logicals', width, shape: [width], values: decodeBits(layout), missing: null };
    case 'C':
    case 'M': {
      const type = format.letter === 'C' ? 'E' : 'D';
      const pairs = decodeScaled(type, { ...layout, count: 2 * width }, scaling);
      if (isLong(pairs.values)) throw new TypeError('complex numbers cannot be 64-bit integers');
      return { kind: 'complex', width, shape: [width], values: pairs.values, missing: pairs.missing };
    }
    default: {
      const { values, missing } = decodeScaled(format.letter, layout, scaling);
      if (isLong(values)) return { kind: 'longs', width, shape: [width], values, missing };
      return { kind: 'numbers', width, shape: [width], values, missing };
    }
  }
}

/** null when the cells are not numbers, or are 64-bit integers beyond ±2⁵³. */
export function decodeCellsAsDoubles(format: ColumnFormat, layout: Layout, scaling: Scaling): Float64Array | null {
  return isNumeric(format.letter) ? decodeDoubles(format.letter, layout, scaling) : null;
}

function isNumeric(letter: ElementLetter): letter is NumberType | 'K' {
  return 'BIJKED'.includes(letter);
}

function isLong<T>(values: T): values is Extract<T, BigInt64Array | BigUint64Array> {
  return values instanceof BigInt64Array || values instanceof BigUint64Array;
}

/** Texts end at the first NUL and lose trailing spaces (section 7.3.3.1). */
function decodeTexts({ view, start, stride, rows, count }: Layout, textWidth: number | null): TextColumn {
  const step = textWidth === null || textWidth === 0 || textWidth > count ? Math.max(count, 1) : textWidth;
  const width = Math.max(1, Math.floor(count / step));
  const values: string[] = [];
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let row = 0; row < rows; row++) {
    for (let text = 0; text < width; text++) {
      const from = start + row * stride + text * step;
      values.push(decodeText(bytes, from, Math.min(from + step, start + row * stride + count)));
    }
  }
  return { kind: 'texts', width, shape: [width], values };
}

function decodeText(bytes: Uint8Array, from: number, limit: number): string {
  const nul = bytes.subarray(from, limit).indexOf(0);
  let end = nul < 0 ? limit : from + nul;
  while (end > from && bytes[end - 1] === 32) end--;
  return decoder.decode(bytes.subarray(from, end));
}

function decodeLogicals({ view, start, stride, rows, count }: Layout, place: Place): LogicalColumn {
  const values = new Uint8Array(rows * count);
  let missing: Uint8Array | null = null;
  for (let row = 0, i = 0; row < rows; row++) {
    for (let at = start + row * stride, end = at + count; at < end; at++, i++) {
      const byte = view.getUint8(at);
      if (byte === TRUE) values[i] = 1;
      else if (byte === 0) {
        missing ??= new Uint8Array(values.length);
        missing[i] = 1;
      } else if (byte !== FALSE) {
        const problem = `row ${row} holds byte ${byte} where T, F or 0 (no value) is expected`;
        throw new FileError(place.file, place.place, problem);
      }
    }
  }
  return { kind: 'logicals', width: count, shape: [count], values, missing };
}

/** The most significant bit of a byte comes first. */
function decodeBits({ view, start, stride, rows, count }: Layout): Uint8Array {
  const values = new Uint8Array(rows * count);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let bit = 0; bit < count; bit++, i++) {
      values[i] = (view.getUint8(start + row * stride + (bit >> 3)) >> (7 - (bit & 7))) & 1;
    }
  }
  return values;
}
