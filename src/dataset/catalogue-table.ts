import { FileError, type Matrix, zeros } from '../base/index.ts';
import { type Cell, type Column, makeTable, type Table } from '../io/index.ts';
import type { Catalogue, ExtraColumn, Split } from './dataset.ts';

/**
 * The catalogue as a table, a row per object: `id, z, class, snr, split, scale, source`, then for every label NAME
 * and NAME_err, then the extra columns. NAME_err is a standard deviation, as in the `.npz` convention and as
 * astronomers quote it; both are null where the label was not measured. The way back, ivar = 1/err², is exact:
 * the rounding of two float64 operations is far below the spacing of float32.
 */
export function catalogueTable(catalogue: Catalogue): Table {
  const { labels } = catalogue;
  const columns: [string, Column][] = [
    ['id', catalogue.id],
    ['z', Float64Array.from(catalogue.redshift, (value) => value ?? Number.NaN)],
    ['class', catalogue.objectClass],
    ['snr', catalogue.snr],
    ['split', catalogue.split],
    ['scale', catalogue.scale],
    ['source', catalogue.source],
  ];
  labels.names.forEach((name, k) => {
    const rows = Uint32Array.from(catalogue.id, (_, row) => row * labels.names.length + k);
    const ivar = (index: number): number => labels.ivar.data[index];
    columns.push([name, Float32Array.from(rows, (i) => (ivar(i) > 0 ? labels.value.data[i] : Number.NaN))]);
    columns.push([`${name}_err`, Float64Array.from(rows, (i) => (ivar(i) > 0 ? 1 / Math.sqrt(ivar(i)) : Number.NaN))]);
  });
  return makeTable([...columns, ...Object.entries(catalogue.extra)]);
}

/** What the manifest promises of a catalogue. */
export interface CatalogueShape {
  readonly objects: number;
  readonly labelNames: readonly string[];
  readonly extraNames: readonly string[];
}

/**
 * The way back from a table to a catalogue.
 *
 * @throws FileError naming the column and row that is missing or not of its kind
 */
export function catalogueFromTable(table: Table, shape: CatalogueShape, file: string): Catalogue {
  if (table.rows !== shape.objects) {
    throw new FileError(
      file,
      '',
      `it has ${table.rows} rows and the manifest says ${shape.objects}; make the dataset again`,
    );
  }
  const reader = new ColumnReader(table, file);
  return {
    id: reader.text('id'),
    redshift: reader.numbersOrNull('z'),
    objectClass: reader.textOrNull('class'),
    snr: Float32Array.from(reader.numbers('snr')),
    split: reader.splits('split'),
    scale: Float32Array.from(reader.numbers('scale')),
    source: reader.text('source'),
    labels: readLabels(reader, shape),
    extra: Object.fromEntries(shape.extraNames.map((name) => [name, reader.numbersOrText(name)])),
  };
}

function readLabels(reader: ColumnReader, { objects, labelNames }: CatalogueShape): Catalogue['labels'] {
  const value = zeros(objects, labelNames.length);
  const ivar = zeros(objects, labelNames.length);
  labelNames.forEach((name, k) => {
    fillLabel(reader, name, k, value, ivar);
  });
  return { names: [...labelNames], value, ivar };
}

function fillLabel(reader: ColumnReader, name: string, k: number, value: Matrix, ivar: Matrix): void {
  const values = reader.numbersOrNull(name);
  const errors = reader.numbersOrNull(`${name}_err`);
  for (let row = 0; row < values.length; row++) {
    const [v, error] = [values[row], errors[row]];
    if (v === null && error === null) continue;
    if (v === null || error === null || !(error > 0)) {
      const problem = `the label is ${v} and its error ${error}; expected both or neither, and an error above 0`;
      throw reader.fault(`${name}_err`, row, problem);
    }
    value.data[row * value.columns + k] = v;
    ivar.data[row * value.columns + k] = 1 / error ** 2;
  }
}

/** Columns of a table, each cell held to its kind. */
class ColumnReader {
  readonly #table: Table;
  readonly #file: string;

  constructor(table: Table, file: string) {
    this.#table = table;
    this.#file = file;
  }

  fault(name: string, row: number, problem: string): FileError {
    return new FileError(this.#file, `row ${row}, column "${name}"`, problem);
  }

  text(name: string): string[] {
    return this.textOrNull(name).map((cell, row) => {
      if (cell !== null) return cell;
      throw this.fault(name, row, 'nothing is here where a text is expected');
    });
  }

  textOrNull(name: string): (string | null)[] {
    return this.#cells(name, (cell, row) => {
      if (cell === null || typeof cell === 'string') return cell;
      throw this.fault(name, row, `found the number ${cell} where a text is expected`);
    });
  }

  numbers(name: string): number[] {
    return this.numbersOrNull(name).map((value, row) => {
      if (value !== null) return value;
      throw this.fault(name, row, 'nothing is here where a number is expected');
    });
  }

  /** NaN is what numpy writes for nothing in a column of numbers. */
  numbersOrNull(name: string): (number | null)[] {
    return this.#cells(name, (cell, row) => {
      if (cell === null || Number.isNaN(cell)) return null;
      if (typeof cell === 'number' && Number.isFinite(cell)) return cell;
      throw this.fault(name, row, `found ${String(cell)} where a finite number is expected`);
    });
  }

  splits(name: string): Split[] {
    return this.#cells(name, (cell, row) => {
      if (cell === 'train' || cell === 'valid' || cell === 'test') return cell;
      throw this.fault(name, row, `found ${String(cell)} where train, valid or test is expected`);
    });
  }

  numbersOrText(name: string): ExtraColumn {
    const column = this.#column(name);
    const first = Array.from<Cell>(column).find((cell) => cell !== null);
    return typeof first === 'string' ? this.textOrNull(name) : this.numbersOrNull(name);
  }

  #cells<T>(name: string, read: (cell: Cell, row: number) => T): T[] {
    return Array.from<Cell, T>(this.#column(name), read);
  }

  #column(name: string): Column {
    if (this.#table.names.includes(name)) return this.#table.columns[name];
    const found = this.#table.names.join(', ');
    throw new FileError(this.#file, '', `it has no column "${name}" (it has ${found}); make the dataset again`);
  }
}
