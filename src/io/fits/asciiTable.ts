/** ASCII tables (FITS 4.0, section 7.2): every value is written out in characters at a fixed place of its row. */
import { FileError } from '../../base/index.ts';
import type { ColumnField, ColumnSource, FitsColumn } from './columns.ts';
import { dataOf } from './data.ts';
import { readScaling } from './scaling.ts';
import type { Unit } from './walk.ts';

interface AsciiField extends ColumnField {
  readonly letter: string;
  readonly start: number;
  readonly width: number;
  /** Digits after an implied decimal point. */
  readonly decimals: number;
  /** The text that means "no value"; null when none is declared. */
  readonly nullText: string | null;
}

const FORMAT = /^([AIFED])(\d+)(?:\.(\d+))?$/;
const NUMBER = /^([+-]?)(\d*)(\.?)(\d*)(?:[ED]?([+-]?\d+))?$/;
const decoder = new TextDecoder('latin1');

/** @throws FileError when the header's column descriptions do not fit its rows */
export function openAsciiTable(unit: Unit): ColumnSource {
  const { header, file, axes } = unit;
  if (axes.length !== 2 || unit.bitpix !== 8 || unit.groups !== 1 || unit.parameterBytes !== 0) {
    throw new FileError(file, header.place, 'the header does not describe an ASCII table');
  }
  const count = header.integer('TFIELDS');
  if (count < 0 || count > 999) throw new FileError(file, header.place, `TFIELDS is ${count}, not between 0 and 999`);
  if (axes[0] === 0 && axes[1] > 0) throw new FileError(file, header.place, `it declares ${axes[1]} rows of no bytes`);
  const fields = Array.from({ length: count }, (_, i) => describeField(unit, i + 1));
  return {
    rows: axes[1],
    fields,
    decode: (index) => decodeColumn(unit, fields[index]),
    decodeNumbers(index) {
      return fields[index].letter === 'A' ? null : decodeNumbers(unit, fields[index]);
    },
  };
}

function describeField(unit: Unit, number: number): AsciiField {
  const { header, file, axes } = unit;
  const format = header.text(`TFORM${number}`);
  const match = FORMAT.exec(format.trim().toUpperCase());
  if (match === null) {
    throw new FileError(
      file,
      header.place,
      `TFORM${number} is ${JSON.stringify(format)}, which is not a column format`,
    );
  }
  const start = header.integer(`TBCOL${number}`) - 1;
  const width = Number(match[2]);
  if (start < 0 || start + width > axes[0]) {
    const problem = `column ${number} lies at bytes ${start + 1} to ${start + width} of rows of ${axes[0]} bytes`;
    throw new FileError(file, header.place, problem);
  }
  const name = header.has(`TTYPE${number}`) ? header.text(`TTYPE${number}`).trim() : '';
  const nullText = header.has(`TNULL${number}`) ? String(header.get(`TNULL${number}`)).trim() : null;
  return { name, number, format, letter: match[1], start, width, decimals: Number(match[3] ?? 0), nullText };
}

function decodeColumn(unit: Unit, field: AsciiField): FitsColumn {
  if (field.letter === 'A') {
    const values = [...texts(unit, field, dataOf(unit))].map((text) => text.trimEnd());
    return { kind: 'texts', width: 1, shape: [1], values };
  }
  const values = decodeNumbers(unit, field);
  const flags = Uint8Array.from(values, (value) => (Number.isFinite(value) ? 0 : 1));
  return { kind: 'numbers', width: 1, shape: [1], values, missing: flags.includes(1) ? flags : null };
}

function decodeNumbers(unit: Unit, field: AsciiField): Float64Array<ArrayBuffer> {
  const { scale, zero } = readScaling(
    unit.header,
    { scale: `TSCAL${field.number}`, zero: `TZERO${field.number}`, blank: null },
    unit.file,
  );
  // Sees to it that there are as many rows as the header claims.
  const view = dataOf(unit);
  const values = new Float64Array(unit.axes[1]);
  let row = 0;
  for (const text of texts(unit, field, view)) {
    const trimmed = text.replaceAll(' ', '').toUpperCase();
    if (trimmed === '' || trimmed === field.nullText) values[row++] = Number.NaN;
    else values[row] = zero + scale * parseNumber(unit, field, trimmed, row++);
  }
  return values;
}

function parseNumber(unit: Unit, field: AsciiField, text: string, row: number): number {
  const match = NUMBER.exec(text);
  if (match === null || match[2] + match[4] === '') {
    const place = `${unit.header.place}, row ${row}, column "${field.name}"`;
    throw new FileError(unit.file, place, `${JSON.stringify(text)} is not a number`);
  }
  const [, sign, whole, point, fraction, exponent] = match;
  const implied = point === '' && field.letter !== 'I' ? field.decimals : 0;
  return Number(`${sign}${whole}.${fraction}E${Number(exponent ?? 0) - implied}`);
}

function* texts({ axes }: Unit, field: AsciiField, view: DataView): Generator<string> {
  const [rowBytes, rows] = axes;
  for (let row = 0; row < rows; row++) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + row * rowBytes + field.start, field.width);
    yield decoder.decode(bytes);
  }
}
