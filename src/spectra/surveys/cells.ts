import type { FitsHeader, TableHdu } from '../../io/index.ts';

/** The first of these columns that the table has; null when it has none. Names in any case. */
export function firstColumn(table: TableHdu, names: readonly string[]): string | null {
  return names.find((name) => table.has(name)) ?? null;
}

/**
 * Reads, row by row, the first of these columns that the table has; null where there is none or no finite number.
 * Of a column of arrays it is the first value that counts.
 *
 * @throws FileError when the column does not hold numbers
 */
export function numberColumn(table: TableHdu, names: readonly string[]): (row: number) => number | null {
  const name = firstColumn(table, names);
  if (name === null || table.rows === 0) return () => null;
  const values = table.numbers(name);
  const width = values.length / table.rows;
  return (row) => (Number.isFinite(values[row * width]) ? values[row * width] : null);
}

/**
 * The same for texts, without surrounding blanks; null where the column is missing or holds something else. An empty
 * text is kept, since surveys mean something by it.
 */
export function textColumn(table: TableHdu, names: readonly string[]): (row: number) => string | null {
  const name = firstColumn(table, names);
  const column = name === null ? null : table.column(name);
  if (column?.kind !== 'texts') return () => null;
  return (row) => column.values[row * column.width]?.trim() ?? null;
}

/** `numberColumn` of the first row. */
export function numberCell(table: TableHdu, names: readonly string[]): number | null {
  return numberColumn(table, names)(0);
}

/** `textColumn` of the first row. */
export function textCell(table: TableHdu, names: readonly string[]): string | null {
  return textColumn(table, names)(0);
}

/** A header's number by the first of these keywords that holds one; null when none does. */
export function numberCard(header: FitsHeader, keywords: readonly string[]): number | null {
  for (const keyword of keywords) {
    const value = header.get(keyword);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
}

/** A header's text by the first of these keywords that holds one which is not blank; numbers are written out. */
export function textCard(header: FitsHeader, keywords: readonly string[]): string | null {
  for (const keyword of keywords) {
    const value = header.get(keyword);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  }
  return null;
}

/** An empty class says nothing; classes are upper case, as SDSS writes them. */
export function classOrNull(text: string | null): string | null {
  const trimmed = text?.trim().toUpperCase() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** Errors of zero and below are how surveys say that a fit failed or was not made. */
export function errorOrNull(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

/** A redshift that can be used; null for −1 and below, which mark failed fits. */
export function redshiftOrNull(value: number | null): number | null {
  return value !== null && value > -1 ? value : null;
}

/** The file's own name without folders and endings of tables, for ids. */
export function stemOf(file: string): string {
  const name = file.split(/[\\/]/).pop() ?? file;
  return name.replace(/\.gz$/i, '').replace(/\.(fits?|fts|csv|tsv|txt|dat|ascii|ecsv)$/i, '');
}
