import { gatherRows, type Random, UserError } from '../base/index.ts';
import type { Dataset, ExtraColumn, Split } from './dataset.ts';

/** Rows of a split in the order of the dataset; `all` gives every row. */
export function rowsOfSplit(dataset: Dataset, split: Split | 'all'): Uint32Array {
  const every = Uint32Array.from(dataset.catalogue.split, (_, index) => index);
  return split === 'all' ? every : every.filter((index) => dataset.catalogue.split[index] === split);
}

/**
 * Visits 0 … n−1 once in a random order, in batches; the last is short when `batch` does not divide n.
 * The batches are views of one array that lives as long as the epoch.
 */
export function* minibatches(n: number, batch: number, random: Random): Generator<Uint32Array, void, undefined> {
  if (!(Number.isInteger(batch) && batch > 0))
    throw new UserError(`batch size ${batch} must be a whole number above 0`);
  const order = random.permutation(n);
  for (let start = 0; start < n; start += batch) yield order.subarray(start, Math.min(start + batch, n));
}

/**
 * A new dataset of the given rows, in the given order; matrices are copied. It has no checksum before it is saved.
 *
 * @throws UserError when a row is outside the dataset
 */
export function selectRows(dataset: Dataset, rows: ArrayLike<number>): Dataset {
  const { catalogue } = dataset;
  const { checksum: _ofAllRows, ...manifest } = dataset.manifest;
  const n = dataset.flux.rows;
  const indices = Array.from(rows);
  const outside = indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < n));
  if (outside !== undefined) throw new UserError(`row ${outside} is outside the dataset, which has ${n} rows`);
  const pick = <T>(column: readonly T[]): T[] => indices.map((index) => column[index]);
  return {
    wavelength: dataset.wavelength,
    manifest,
    flux: gatherRows(dataset.flux, indices),
    ivar: gatherRows(dataset.ivar, indices),
    truth: dataset.truth === null ? null : gatherRows(dataset.truth, indices),
    catalogue: {
      id: pick(catalogue.id),
      redshift: pick(catalogue.redshift),
      objectClass: pick(catalogue.objectClass),
      snr: Float32Array.from(indices, (index) => catalogue.snr[index]),
      split: pick(catalogue.split),
      scale: Float32Array.from(indices, (index) => catalogue.scale[index]),
      source: pick(catalogue.source),
      labels: {
        names: catalogue.labels.names,
        value: gatherRows(catalogue.labels.value, indices),
        ivar: gatherRows(catalogue.labels.ivar, indices),
      },
      extra: Object.fromEntries(
        Object.entries(catalogue.extra).map(([name, column]) => [name, pickExtra(column, indices)]),
      ),
    },
  };
}

function pickExtra(column: ExtraColumn, indices: readonly number[]): ExtraColumn {
  const values: readonly (number | string | null)[] = column;
  // An ExtraColumn is numbers or strings throughout, and so is any selection from it.
  return indices.map((index) => values[index]) as ExtraColumn;
}

/** Share of the pixels of all objects with `ivar > 0`; 0 for a dataset without pixels. */
export function observedFraction(dataset: Pick<Dataset, 'ivar'>): number {
  const { data } = dataset.ivar;
  let observed = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > 0) observed++;
  return data.length === 0 ? 0 : observed / data.length;
}
