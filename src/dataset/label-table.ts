import { FileError } from '../base/index.ts';
import type { Spectrum } from '../spectra/index.ts';
import { FIXED_COLUMNS } from './check.ts';
import type { Label } from './collector.ts';
import { type Cell, type Columns, canonicalFile, canonicalId, keyOf, type TableKey } from './label-key.ts';
import { measurements } from './measurements.ts';

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

/** Values that catalogues write for "not measured". */
const SENTINELS = new Set([-99, -999, -9999, -99999]);

/**
 * Reads a table of physical labels: columns NAME and, where known, NAME_err (a standard deviation) or NAME_ivar.
 * Empty cells, NaN, −99, −999, −9999 and −99999 mean "not measured". A `z` or `redshift` column also gives the redshift of
 * objects whose spectra have none, and `class`/`subclass` columns their class. All other columns become extra ones.
 *
 * @throws FileError when the key is not found or stands twice, or a named label is missing or not numeric
 */
export function labelTable(columns: Columns, file: string, options: LabelTableOptions = {}): LabelTable {
  const key = keyOf(columns, file, options.key ?? null);
  const index = indexRows(key, file);
  const find = (names: readonly string[]): readonly Cell[] | null => findColumn(columns, names);
  const labelNames = options.labels ?? guessLabels(columns, key);
  const labels = labelNames.map((name) => readLabel(columns, name, file));
  const used = new Set([...labelNames.flatMap((name) => [name, ...errorNames(name)]), ...key.columns]);
  const [redshift, redshiftError] = [find(REDSHIFT), find(REDSHIFT_ERROR)];
  const [objectClass, subclass] = [find(CLASS), find(SUBCLASS)];
  const extra = Object.keys(columns).filter((name) => !used.has(name) && !isSpecial(name));
  const rowAt = (row: number): TableRow => ({
    redshift: numberOf(redshift?.[row]),
    redshiftError: numberOf(redshiftError?.[row]),
    objectClass: textOf(objectClass?.[row]),
    subclass: textOf(subclass?.[row]),
    labels: Object.fromEntries(
      labelNames.flatMap((name, k) => {
        const label = labels[k][row];
        return label === null ? [] : [[name, label] as const];
      }),
    ),
    extra: Object.fromEntries(extra.map((name) => [extraName(name), columns[name][row] ?? null])),
  });
  const rowFor: LabelTable['rowFor'] = ({ id, source }) => {
    const row = index.get(key.of === 'file' ? canonicalFile(source.file) : canonicalId(id));
    return row === undefined ? null : rowAt(row);
  };
  return { file, rows: key.values.length, key, labelNames, rowFor };
}

function indexRows(key: TableKey, file: string): Map<string, number> {
  const index = new Map<string, number>();
  key.values.forEach((value, row) => {
    if (value === null) return;
    const first = index.get(value);
    if (first !== undefined) {
      throw new FileError(
        file,
        `rows ${first + 1} and ${row + 1}, column "${key.columns.join(',')}"`,
        `the key ${value} stands twice; keep one row per object.`,
      );
    }
    index.set(value, row);
  });
  return index;
}

function guessLabels(columns: Columns, key: TableKey): string[] {
  const names = Object.keys(columns);
  const errors = new Set(names.flatMap(errorNames));
  return names.filter(
    (name) =>
      !key.columns.includes(name) &&
      !BOOKKEEPING.has(name.toLowerCase()) &&
      !errors.has(name) &&
      isNumeric(columns[name]),
  );
}

function isNumeric(column: readonly Cell[]): boolean {
  return column.every((cell) => cell === null || typeof cell === 'number') && column.some((cell) => cell !== null);
}

function errorNames(label: string): string[] {
  return [`${label}_err`, `${label}_ERR`, `${label}_error`, `${label}_ivar`, `${label}_IVAR`];
}

function readLabel(columns: Columns, name: string, file: string): (Label | null)[] {
  if (!Object.hasOwn(columns, name)) {
    throw new FileError(file, '', `has no column "${name}"; it has ${Object.keys(columns).join(', ')}.`);
  }
  const values = numbers(columns[name], name, file);
  const errorName = errorNames(name).find((candidate) => Object.hasOwn(columns, candidate));
  if (errorName === undefined) return measurements(values, null);
  const errors = numbers(columns[errorName], errorName, file);
  if (!/_ivar$/i.test(errorName)) return measurements(values, errors);
  // An inverse variance of 0 says "not measured", where a missing error only says "error unknown".
  const observed = values.map((value, row) => (errors[row] === 0 ? null : value));
  return measurements(
    observed,
    errors.map((weight) => (weight !== null && weight > 0 ? 1 / Math.sqrt(weight) : null)),
  );
}

function numbers(column: readonly Cell[], name: string, file: string): (number | null)[] {
  return column.map((cell, row) => {
    if (cell === null || cell === '') return null;
    if (typeof cell === 'string') {
      throw new FileError(
        file,
        `row ${row + 1}, column "${name}"`,
        `"${cell}" is not a number; leave the cell empty if it was not measured.`,
      );
    }
    return Number.isFinite(cell) && !SENTINELS.has(cell) ? cell : null;
  });
}

function findColumn(columns: Columns, names: readonly string[]): readonly Cell[] | null {
  for (const wanted of names) {
    const name = Object.keys(columns).find((candidate) => candidate.toLowerCase() === wanted);
    if (name !== undefined) return columns[name];
  }
  return null;
}

function isSpecial(name: string): boolean {
  return [...REDSHIFT, ...REDSHIFT_ERROR, ...CLASS, ...SUBCLASS].includes(name.toLowerCase());
}

/** A table may have its own `snr` or `split`; those names are taken in the catalogue. */
function extraName(name: string): string {
  return FIXED_COLUMNS.includes(name) ? `${name}_given` : name;
}

function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' && Number.isFinite(cell) && !SENTINELS.has(cell) ? cell : null;
}

function textOf(cell: Cell | undefined): string | null {
  return cell === undefined || cell === null ? null : String(cell);
}
