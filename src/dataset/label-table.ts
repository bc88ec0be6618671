import { FileError } from '../base/index.ts';
import { type Cell, numberColumn, type Table, textColumn } from '../io/index.ts';
import type { Spectrum } from '../spectra/index.ts';
import { canonicalFile, canonicalId, keyOf, type TableKey } from './label-key.ts';
import { type Label, measurements } from './measurements.ts';

/** What a table says about one object. */
export interface TableRow {
  readonly redshift: number | null;
  readonly redshiftError: number | null;
  readonly objectClass: string | null;
  readonly subclass: string | null;
  readonly labels: Readonly<Record<string, Label>>;
  readonly extra: Readonly<Record<string, number | string | null>>;
}

/** A table of labels, joined to spectra by a key. */
export interface LabelTable {
  readonly file: string;
  readonly rows: number;
  readonly key: TableKey;
  readonly labelNames: readonly string[];
  /** The row of the object, or null when the table has none. */
  readonly rowFor: (spectrum: Pick<Spectrum, 'id' | 'source'>) => TableRow | null;
}

/** How to read a label table. */
export interface LabelTableOptions {
  /** A column (`id`, `file`, `TARGETID`, …) or several joined by commas (`plate,mjd,fiber`); null = recognise it. */
  readonly key?: string | null;
  /** The columns that are labels; null = every numeric column that is not bookkeeping. */
  readonly labels?: readonly string[] | null;
}

const REDSHIFT = ['z', 'redshift'];
const REDSHIFT_ERROR = ['z_err', 'zerr', 'redshift_err', 'z_error'];
const CLASS = ['class', 'cls', 'spectype', 'objectclass'];
const SUBCLASS = ['subclass', 'sub', 'subtype'];

/** Numbers that identify or locate an object, or describe its exposure: kept as extra columns, never as labels. */
const BOOKKEEPING = new Set(
  [
    ...[
      'id',
      'plate',
      'mjd',
      'fiber',
      'fiberid',
      'targetid',
      'specobjid',
      'objid',
      'thing_id',
      'run2d',
      'index',
      'row',
    ],
    ...['ra', 'dec', 'plug_ra', 'plug_dec', 'target_ra', 'target_dec', 'sn', 'snr', 'sn_median_all', 'npix', 'wmin'],
    ...['wmax', 'zwarn', 'zwarning', 'z_warning', 'split', 'scale', 'z', ...REDSHIFT_ERROR],
  ].map((name) => name.toLowerCase()),
);

/** How well a line was measured, as `lightfold lines` says it: not a label either. */
const QUALITY = /_(snr|chi2|flags)$/i;

/** Values that catalogues write for "not measured". */
const SENTINELS = new Set([-99, -999, -9999, -99999]);

/**
 * Reads a table of physical labels: columns NAME and, where known, NAME_err (a standard deviation) or NAME_ivar.
 * Empty cells, NaN, −99, −999, −9999 and −99999 mean "not measured". A `z` or `redshift` column also gives the redshift of
 * objects whose spectra have none, and `class`/`subclass` columns their class. All other columns become extra ones.
 *
 * @throws FileError when the key is not found or stands twice, or a named label is missing or not numeric
 */
export function labelTable(table: Table, file: string, options: LabelTableOptions = {}): LabelTable {
  const key = keyOf(table, file, options.key ?? null);
  const index = indexRows(key, file);
  const labelNames = options.labels ?? guessLabels(table, key);
  const labels = labelNames.map((name) => [name, readLabel(table, name, file)] as const);
  const [redshift, redshiftError] = [firstNumbers(table, REDSHIFT, file), firstNumbers(table, REDSHIFT_ERROR, file)];
  const [objectClass, subclass] = [firstTexts(table, CLASS, file), firstTexts(table, SUBCLASS, file)];
  const used = new Set([...labelNames.flatMap((name) => [name, ...errorNames(name)]), ...key.columns]);
  const extra = table.names
    .filter((name) => !used.has(name) && !isSpecial(name))
    .map((name) => [name, plainCells(table.columns[name])] as const);
  const rowAt = (row: number): TableRow => ({
    redshift: redshift?.[row] ?? null,
    redshiftError: redshiftError?.[row] ?? null,
    objectClass: objectClass?.[row] ?? null,
    subclass: subclass?.[row] ?? null,
    labels: measuredLabels(labels, row),
    extra: Object.fromEntries(extra.map(([name, cells]) => [name, cells[row]])),
  });
  const rowFor: LabelTable['rowFor'] = ({ id, source }) => {
    const row = index.get(key.of === 'file' ? canonicalFile(source.file) : canonicalId(id));
    return row === undefined ? null : rowAt(row);
  };
  return { file, rows: table.rows, key, labelNames, rowFor };
}

function measuredLabels(labels: readonly (readonly [string, readonly Label[]])[], row: number): Record<string, Label> {
  const found: Record<string, Label> = {};
  for (const [name, column] of labels) if (column[row].ivar > 0) found[name] = column[row];
  return found;
}

function indexRows(key: TableKey, file: string): Map<string, number> {
  const index = new Map<string, number>();
  key.values.forEach((value, row) => {
    if (value === null) return;
    const first = index.get(value);
    if (first !== undefined) {
      throw new FileError(
        file,
        `rows ${first} and ${row}, column "${key.columns.join(',')}"`,
        `the key ${value} stands twice; keep one row per object`,
      );
    }
    index.set(value, row);
  });
  return index;
}

function guessLabels(table: Table, key: TableKey): string[] {
  const errors = new Set(table.names.flatMap(errorNames));
  return table.names.filter(
    (name) =>
      !key.columns.includes(name) &&
      !BOOKKEEPING.has(name.toLowerCase()) &&
      !QUALITY.test(name) &&
      !errors.has(name) &&
      isNumeric(plainCells(table.columns[name])),
  );
}

function isNumeric(cells: readonly Cell[]): boolean {
  return cells.every((cell) => cell === null || typeof cell === 'number') && cells.some((cell) => cell !== null);
}

function errorNames(label: string): string[] {
  return [`${label}_err`, `${label}_ERR`, `${label}_error`, `${label}_ivar`, `${label}_IVAR`];
}

function readLabel(table: Table, name: string, file: string): readonly Label[] {
  const values = measuredNumbers(table, name, file);
  const errorName = errorNames(name).find((candidate) => table.names.includes(candidate));
  if (errorName === undefined) return measurements(values, null);
  const errors = measuredNumbers(table, errorName, file);
  if (!/_ivar$/i.test(errorName)) return measurements(values, errors);
  // An inverse variance of 0 says "not measured", where a missing error only says "error unknown".
  return measurements(
    values.map((value, row) => (errors[row] === 0 ? null : value)),
    errors.map((weight) => (weight !== null && weight > 0 ? 1 / Math.sqrt(weight) : null)),
  );
}

function measuredNumbers(table: Table, name: string, file: string): (number | null)[] {
  return numberColumn(table, name, file).map((value) => (value === null || SENTINELS.has(value) ? null : value));
}

function firstNumbers(table: Table, wanted: readonly string[], file: string): (number | null)[] | null {
  const name = findColumn(table, wanted);
  return name === null ? null : measuredNumbers(table, name, file);
}

function firstTexts(table: Table, wanted: readonly string[], file: string): (string | null)[] | null {
  const name = findColumn(table, wanted);
  return name === null ? null : textColumn(table, name, file);
}

function findColumn(table: Table, wanted: readonly string[]): string | null {
  for (const name of wanted) {
    const found = table.names.find((candidate) => candidate.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return null;
}

function isSpecial(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'z' || [...REDSHIFT_ERROR, ...CLASS, ...SUBCLASS].includes(lower);
}

/** Cells as the catalogue keeps them: integers beyond a double as text, NaN as nothing. */
function plainCells(column: Table['columns'][string]): (number | string | null)[] {
  return Array.from<Cell, number | string | null>(column, (cell) => {
    if (typeof cell === 'bigint') return String(cell);
    return typeof cell === 'number' && !Number.isFinite(cell) ? null : cell;
  });
}
