import { FileError } from '../../base/index.ts';
import type { FitsColumn, TableHdu } from '../../io/index.ts';

/**
 * A column's numbers as float64, NaN where there is none. A column with one value a row is one array over all rows
 * (rows are pixels); a column of arrays is one array for each row (rows are spectra).
 *
 * @throws FileError when the column holds no numbers
 */
export function valuesByRow(table: TableHdu, file: string, name: string): Float64Array[] {
  const column = table.column(name);
  const refuse = () => new FileError(file, `${table.header.place}, column "${name}"`, 'it does not hold numbers');
  if (column.kind === 'variable') {
    return Array.from({ length: column.rows }, (_, row) => {
      const values = doublesOf(column.cell(row));
      if (values === null) throw refuse();
      return values;
    });
  }
  const values = doublesOf(column);
  if (values === null) throw refuse();
  if (column.width === 1) return [values];
  return Array.from({ length: table.rows }, (_, row) => values.slice(row * column.width, (row + 1) * column.width));
}

function doublesOf(column: FitsColumn): Float64Array | null {
  if (column.kind === 'variable' || column.kind === 'texts' || column.kind === 'complex') return null;
  const values = column.kind === 'longs' ? Float64Array.from(column.values, Number) : Float64Array.from(column.values);
  const { missing } = column;
  if (missing !== null) for (let i = 0; i < values.length; i++) if (missing[i] === 1) values[i] = Number.NaN;
  return values;
}
