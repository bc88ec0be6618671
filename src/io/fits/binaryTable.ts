/** Binary tables (FITS 4.0, section 7.3). A column is decoded when asked for, and only that column. */
import { FileError } from '../../base/index.ts';
import { decodeCells, decodeCellsAsDoubles, type Place } from './cells.ts';
import type { ColumnField, ColumnSource, FitsColumn } from './columns.ts';
import { dataOf } from './data.ts';
import type { Layout } from './elements.ts';
import { type ColumnFormat, parseDimensions, parseFormat } from './format.ts';
import { openHeap } from './heap.ts';
import { readScaling, type Scaling } from './scaling.ts';
import type { Unit } from './walk.ts';

interface BinaryField extends ColumnField {
  readonly layout: ColumnFormat;
  /** Bytes from the row's start. */
  readonly offset: number;
}

/** @throws FileError when the header's column descriptions do not add up to its rows */
export function openBinaryTable(unit: Unit): ColumnSource {
  const fields = describeFields(unit);
  return {
    rows: unit.axes[1],
    fields,
    decode(index) {
      const field = fields[index];
      const scaling = scalingOf(unit, field);
      if (field.layout.descriptor !== 0) return variableColumn(unit, field, scaling);
      const dimensions = dimensionsOf(unit, field);
      const format = withTextWidth(field.layout, dimensions);
      const column = decodeCells(format, layoutOf(unit, field), scaling, placeOf(unit, field));
      return { ...column, shape: shapeOf(field, column.width, dimensions) };
    },
    decodeNumbers(index) {
      const field = fields[index];
      if (field.layout.descriptor !== 0) return null;
      return decodeCellsAsDoubles(field.layout, layoutOf(unit, field), scalingOf(unit, field));
    },
  };
}

function layoutOf(unit: Unit, field: BinaryField): Layout {
  const [stride, rows] = unit.axes;
  return { view: dataOf(unit), start: field.offset, stride, rows, count: field.layout.repeat };
}

function placeOf(unit: Unit, field: BinaryField): Place {
  return { file: unit.file, place: `${unit.header.place}, column "${field.name}"` };
}

function describeFields(unit: Unit): BinaryField[] {
  const { header, file, axes } = unit;
  const refuse = (problem: string): FileError => new FileError(file, header.place, problem);
  if (axes.length !== 2 || unit.bitpix !== 8 || unit.groups !== 1) {
    throw refuse('the header does not describe a table: NAXIS must be 2, BITPIX 8 and GCOUNT 1');
  }
  const count = header.integer('TFIELDS');
  if (count < 0 || count > 999) throw refuse(`TFIELDS is ${count}, not between 0 and 999`);
  const fields: BinaryField[] = [];
  let offset = 0;
  for (let column = 1; column <= count; column++) {
    const format = header.text(`TFORM${column}`);
    const layout = parseFormat(format);
    if (layout === null) throw refuse(`TFORM${column} is ${JSON.stringify(format)}, which is not a column format`);
    const name = header.has(`TTYPE${column}`) ? header.text(`TTYPE${column}`).trim() : '';
    fields.push({ name, number: column, format, layout, offset });
    offset += layout.bytes;
  }
  if (offset !== axes[0]) {
    throw refuse(`its columns take ${offset} bytes a row and NAXIS1 says ${axes[0]}; the header is damaged`);
  }
  if (axes[0] === 0 && axes[1] > 0) throw refuse(`it declares ${axes[1]} rows of no bytes`);
  return fields;
}

function scalingOf(unit: Unit, { layout, number }: BinaryField): Scaling {
  const blank = 'BIJK'.includes(layout.letter) ? `TNULL${number}` : null;
  return readScaling(unit.header, { scale: `TSCAL${number}`, zero: `TZERO${number}`, blank }, unit.file);
}

function variableColumn(unit: Unit, field: BinaryField, scaling: Scaling): FitsColumn {
  const source = placeOf(unit, field);
  const descriptors = layoutOf(unit, field);
  const heap = openHeap(unit, field.layout, descriptors, source);
  return {
    kind: 'variable',
    rows: descriptors.rows,
    cell(row) {
      const layout = heap(row);
      const format: ColumnFormat = { ...field.layout, descriptor: 0, repeat: layout.count };
      return decodeCells(format, layout, scaling, { file: source.file, place: `${source.place}, row ${row}` });
    },
  };
}

/** TDIM as a shape, slowest axis first; null when the column has none. */
function dimensionsOf(unit: Unit, field: BinaryField): readonly number[] | null {
  const keyword = `TDIM${field.number}`;
  if (!unit.header.has(keyword)) return null;
  const text = unit.header.text(keyword);
  const dimensions = parseDimensions(text);
  if (dimensions !== null && dimensions.reduce((product, axis) => product * axis, 1) <= field.layout.repeat) {
    return dimensions;
  }
  const { file, place } = placeOf(unit, field);
  throw new FileError(file, place, `${keyword} is ${text}, which does not fit a row of ${field.layout.repeat} values`);
}

/** Each text of an array of texts takes the first (fastest) axis of TDIM. */
function withTextWidth(format: ColumnFormat, dimensions: readonly number[] | null): ColumnFormat {
  if (format.letter !== 'A' || dimensions === null) return format;
  return { ...format, textWidth: dimensions[dimensions.length - 1] };
}

/** A TDIM that covers only a part of the row says nothing about the rest (section 7.3.2), so it is passed over. */
function shapeOf(field: BinaryField, width: number, dimensions: readonly number[] | null): readonly number[] {
  if (dimensions === null) return [width];
  const shape = field.layout.letter === 'A' ? dimensions.slice(0, -1) : dimensions;
  const covered = shape.reduce((product, axis) => product * axis, 1);
  return covered === width && shape.length > 0 ? shape : [width];
}
