/**
 * Columns of the page's tables: what the catalogue says of each object, and what a run makes of it, as Arrow tables with
 * the descriptions that tell the page how to show them. Axes: N objects, Q latents, K labels.
 */
import { Float64, makeData, Table, tableToIPC, Utf8, Vector, vectorFromArray } from 'apache-arrow';
import type { Catalogue } from '../dataset/index.ts';
import type { ColumnDescription, ColumnRole } from './protocol.ts';
import { calledAs } from './titles.ts';

export type ColumnValues =
  /** NaN = not known. */
  Float64Array | readonly (string | null)[];

export interface DescribedColumn {
  readonly description: ColumnDescription;
  /** Length N. */
  readonly values: ColumnValues;
}

/** An Arrow table of the columns, each under the name in its description. */
export function columnTableBytes(columns: readonly DescribedColumn[]): Uint8Array {
  const vectors = columns.map(({ description, values }) => [
    description.name,
    values instanceof Float64Array ? numberVector(values) : vectorFromArray(values, new Utf8()),
  ]);
  return tableToIPC(new Table(Object.fromEntries(vectors)), 'file');
}

/** The grid's table: column `wavelength`. */
export function gridBytes(wavelength: Float64Array): Uint8Array {
  return tableToIPC(new Table({ wavelength: numberVector(Float64Array.from(wavelength)) }), 'file');
}

/** The map that UMAP makes: columns `umap1`, `umap2`. @param position N × 2 */
export function umapBytes(position: Float32Array): Uint8Array {
  const axis = (k: number) =>
    numberVector(Float64Array.from({ length: position.length / 2 }, (_, n) => position[2 * n + k]));
  return tableToIPC(new Table({ umap1: axis(0), umap2: axis(1) }), 'file');
}

function numberVector(values: Float64Array): Vector<Float64> {
  const known = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, n) => {
    if (Number.isNaN(value)) nullCount++;
    else known[n >> 3] |= 1 << (n & 7);
  });
  const nullBitmap = nullCount === 0 ? null : known;
  return new Vector([makeData({ type: new Float64(), data: values, length: values.length, nullCount, nullBitmap })]);
}

/** What the catalogue knows: `id, z, class, snr, split`, labels with their errors, `source` and the dataset's own further columns. */
export function catalogueColumns(catalogue: Catalogue): DescribedColumn[] {
  const columns = [
    column({ name: 'id', title: 'object', kind: 'text', role: 'id' }, catalogue.id),
    column({ name: 'z', title: 'redshift z', kind: 'number', role: 'redshift' }, numbers(catalogue.redshift)),
    column({ name: 'class', title: 'class', kind: 'category', role: 'class' }, catalogue.objectClass),
    column({ name: 'snr', title: 'S/N per pixel', kind: 'number', role: 'snr' }, Float64Array.from(catalogue.snr)),
    column({ name: 'split', title: 'split', kind: 'category', role: 'split' }, catalogue.split),
    ...labelColumns(catalogue),
  ];
  const taken = new Set(columns.map(({ description }) => description.name));
  const labels = catalogue.labels.names;
  for (const [name, values] of Object.entries({ ...catalogue.extra, source: catalogue.source })) {
    const own = taken.has(name) || RUN_COLUMN.test(name) ? `${name}_given` : name;
    columns.push(column({ name: own, ...extraDescription(name, values, labels) }, toValues(values)));
  }
  return columns;
}

/** What `runColumns` gives; a catalogue's column of such a name would be hidden by it. */
const RUN_COLUMN = /^(z|sd|t|umap)\d+$|^(outlier_score|lof|cluster|chi2|ambiguity|predicted_.*)$/;

function labelColumns({ labels: { names, value, ivar } }: Catalogue): DescribedColumn[] {
  return names.flatMap((name, k) => {
    const measured = (of: (at: number) => number) =>
      Float64Array.from({ length: value.rows }, (_, n) => {
        const at = n * names.length + k;
        return ivar.data[at] > 0 ? of(at) : Number.NaN;
      });
    const called = calledAs(name);
    return [
      column(
        { name, ...called, kind: 'number', role: 'label', of: name },
        measured((at) => value.data[at]),
      ),
      column(
        {
          name: `${name}_err`,
          ...called,
          title: `error of ${called.title}`,
          kind: 'number',
          role: 'labelError',
          of: name,
        },
        measured((at) => 1 / Math.sqrt(ivar.data[at])),
      ),
    ];
  });
}

/** What a simulation knows of an object begins like this. */
const TRUTH = /^(true|planted)_/;
/** A column of more different texts is no set of categories. */
const MOST_CATEGORIES = 50;

function extraDescription(
  name: string,
  values: readonly (number | string | null)[],
  labels: readonly string[],
): Omit<ColumnDescription, 'name'> {
  const role: ColumnRole = TRUTH.test(name) ? 'truth' : 'other';
  const of = labels.find((label) => name === `true_${label}`);
  const called = of === undefined ? calledAs(name) : { ...calledAs(of), title: `true ${calledAs(of).title}` };
  return { ...called, kind: kindOf(values), role, ...(of === undefined ? {} : { of }) };
}

function kindOf(values: readonly (number | string | null)[]): ColumnDescription['kind'] {
  if (!values.some((value) => typeof value === 'string')) return 'number';
  return new Set(values).size <= MOST_CATEGORIES ? 'category' : 'text';
}

function toValues(values: readonly (number | string | null)[]): ColumnValues {
  if (!values.some((value) => typeof value === 'string')) return numbers(values);
  return values.map((value) => (value === null ? null : String(value)));
}

function numbers(values: readonly (number | string | null)[]): Float64Array {
  return Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN));
}

function column(description: ColumnDescription, values: ColumnValues): DescribedColumn {
  return { description, values };
}
