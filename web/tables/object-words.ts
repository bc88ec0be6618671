/** Cells and objects in words, the same wherever they are shown. */
import type { ColumnRole } from '../../src/explorer/index.ts';
import type { ExhibitData, PageColumn } from '../data/exhibit-data.ts';

/** What stands where a value is not known. */
export const NOT_KNOWN = '–';

export function columnOfRole(exhibit: Pick<ExhibitData, 'columns'>, role: ColumnRole): PageColumn | undefined {
  for (const column of exhibit.columns.values()) if (column.description.role === role) return column;
  return undefined;
}

/** A value in at most four significant digits more than its whole part. */
export function shownNumber(value: number): string {
  if (!Number.isFinite(value)) return NOT_KNOWN;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value).replace('-', '−');
  const text = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : fixed(value, size);
  return text.replace('-', '−');
}

function fixed(value: number, size: number): string {
  const whole = size < 1 ? 0 : Math.floor(Math.log10(size));
  return value.toFixed(Math.max(0, 4 - Math.max(1, whole)));
}

export function shownCell(column: PageColumn, row: number): string {
  if (column.kind === 'number') return shownNumber(column.values[row]);
  const code = column.codes[row];
  return code < 0 ? NOT_KNOWN : column.categories[code];
}

/** The object's name, or its row when the catalogue has none. */
export function objectName(exhibit: Pick<ExhibitData, 'columns'>, row: number): string {
  const id = columnOfRole(exhibit, 'id');
  return id === undefined ? `object ${row}` : shownCell(id, row);
}

const WORDED: readonly (readonly [ColumnRole, string])[] = [
  ['class', 'class'],
  ['redshift', 'z'],
  ['snr', 'S/N'],
];

/** Class, redshift and S/N, where the catalogue has them. */
export function objectFacts(
  exhibit: Pick<ExhibitData, 'columns'>,
  row: number,
): readonly (readonly [string, string])[] {
  return WORDED.flatMap(([role, word]) => {
    const column = columnOfRole(exhibit, role);
    return column === undefined ? [] : [[word, shownCell(column, row)] as const];
  });
}

export function describedObject(exhibit: Pick<ExhibitData, 'columns'>, row: number): string {
  const facts = objectFacts(exhibit, row).map(([word, value]) => `${word} ${value}`);
  return [objectName(exhibit, row), ...facts].join(', ');
}
