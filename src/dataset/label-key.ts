import { FileError } from '../base/index.ts';
import { type Table, textColumn } from '../io/index.ts';

/** Which columns of a table say which object a row is about, and what each row says. */
export interface TableKey {
  /** Compared with the spectrum's id, or with the name of its file. */
  readonly of: 'id' | 'file';
  readonly columns: readonly string[];
  /** Canonical, a value per row; null = the cell is empty. */
  readonly values: readonly (string | null)[];
}

const FILE_COLUMNS = ['file', 'filename', 'path'];

/** What is tried, in this order, when the user names no key. */
const KNOWN_KEYS: readonly (readonly string[])[] = [
  ['id'],
  ['object_id'],
  ['targetid'],
  ['plate', 'mjd', 'fiber'],
  ['plate', 'mjd', 'fiberid'],
  ...FILE_COLUMNS.map((name) => [name]),
  ['name'],
];

/**
 * Finds the key of a table. Names are compared without regard to case.
 *
 * @param wanted `id`, `file`, `plate,mjd,fiber`, … as the user wrote it, or null to recognise it
 * @throws FileError naming the columns that the table has
 */
export function keyOf(table: Table, file: string, wanted: string | null): TableKey {
  const candidates = wanted === null ? KNOWN_KEYS : [wanted.split(',').map((name) => name.trim())];
  for (const candidate of candidates) {
    const names = candidate.map((name) => realName(table, name));
    if (names.some((name) => name === null)) continue;
    const found = names.filter((name) => name !== null);
    const of = found.length === 1 && FILE_COLUMNS.includes(found[0].toLowerCase()) ? 'file' : 'id';
    return { of, columns: found, values: keyValues(table, found, of, file) };
  }
  const tried = wanted === null ? 'id, targetid, plate with mjd and fiber, or file' : wanted;
  throw new FileError(
    file,
    '',
    `has no key column ${tried}; name one of its columns (${table.names.join(', ')}) with --key`,
  );
}

function realName(table: Table, wanted: string): string | null {
  if (table.names.includes(wanted)) return wanted;
  return table.names.find((name) => name.toLowerCase() === wanted.toLowerCase()) ?? null;
}

function keyValues(table: Table, names: readonly string[], of: 'id' | 'file', file: string): (string | null)[] {
  const parts = names.map((name) => exactTexts(table, name, file));
  return Array.from({ length: table.rows }, (_, row) => {
    const values = parts.map((part) => part[row]?.trim() ?? '');
    if (values.includes('')) return null;
    return of === 'file' ? canonicalFile(values[0]) : canonicalId(values.join('-'));
  });
}

function exactTexts(table: Table, name: string, file: string): (string | null)[] {
  const column = table.columns[name];
  for (let row = 0; row < table.rows; row++) {
    const cell = column[row];
    if (typeof cell === 'number' && Math.abs(cell) > Number.MAX_SAFE_INTEGER) {
      // A 64-bit id read as a double has lost its last digits and would match the wrong object.
      throw new FileError(file, `row ${row}, column "${name}"`, `the id ${cell} has lost digits; write ids as text`);
    }
  }
  return textColumn(table, name, file);
}

/** Ids as they are compared: the zeros that pad plate, MJD and fibre do not count (`266-51630-168`). */
export function canonicalId(id: string): string {
  const trimmed = id.trim();
  return /^\d+(-\d+)+$/.test(trimmed) ? trimmed.replace(/(^|-)0+(?=\d)/g, '$1') : trimmed;
}

/** File names as they are compared: without folder, `.gz` and `.fits`. */
export function canonicalFile(path: string): string {
  const name = path.trim().split(/[/\\]/).at(-1) ?? '';
  return name.replace(/\.gz$/i, '').replace(/\.(fits?|npz)$/i, '');
}
