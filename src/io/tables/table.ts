/** A table of objects: what CSV, Parquet and FITS tables are read into, and what encode, predict and outliers write. */
import { FileError } from '../../base/index.ts';

/**
 * One value a row; null (and NaN in a Float64Array or Float32Array) = no value. 64-bit integers that a double does not
 * hold exactly are bigint. The array's type decides how a column of numbers is stored.
 */
export type Column =
  | readonly (number | null)[]
  | readonly (string | null)[]
  | readonly (bigint | null)[]
  | Float64Array
  | Float32Array
  | Int32Array;

export type Cell = number | string | bigint | null;

export interface Table {
  readonly rows: number;
  /** In the file's order. */
  readonly names: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns of the file that are not one value a row (vectors, lists) and were left out. */
  readonly omitted: readonly string[];
}

/** @throws RangeError when the columns differ in length or two have the same name */
export function makeTable(columns: Iterable<readonly [string, Column]>, omitted: readonly string[] = []): Table {
  const entries = [...columns];
  const rows = entries.length === 0 ? 0 : entries[0][1].length;
  // Without a prototype, so that a column may be called `constructor`.
  const byName: Record<string, Column> = Object.create(null);
  for (const [name, column] of entries) {
    if (name in byName) throw new RangeError(`two columns are called "${name}"`);
    if (column.length !== rows) throw new RangeError(`column "${name}" has ${column.length} rows, not ${rows}`);
    byName[name] = column;
  }
  return { rows, names: entries.map(([name]) => name), columns: byName, omitted };
}

/** A column of numbers, null where there is none. @throws FileError when it is missing or not numbers */
export function numberColumn(table: Table, name: string, file: string): (number | null)[] {
  return Array.from<Cell, number | null>(required(table, name, file), (cell, row) => {
    if (cell === null) return null;
    const value = Number(cell);
    if (typeof cell === 'string' || (typeof cell === 'bigint' && !Number.isSafeInteger(value))) {
      const problem = `a number is expected here and ${JSON.stringify(String(cell))} was found`;
      throw new FileError(file, `row ${row}, column "${name}"`, problem);
    }
    return Number.isFinite(value) ? value : null;
  });
}

/** A column as text, null where there is no value; numbers in decimal. @throws FileError when it is missing */
export function textColumn(table: Table, name: string, file: string): (string | null)[] {
  return Array.from<Cell, string | null>(required(table, name, file), (cell) => {
    if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) return null;
    return String(cell);
  });
}

function required(table: Table, name: string, file: string): Column {
  if (name in table.columns) return table.columns[name];
  const omitted = table.omitted.includes(name) ? '; its column of this name is not one value a row' : '';
  const names = table.names.slice(0, 40).join(', ');
  throw new FileError(file, '', `the table has no column "${name}" (it has ${names}${omitted})`);
}
