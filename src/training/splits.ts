import { UserError } from '../base/index.ts';
import { type Dataset, gatherRows, rowsOfSplit, type Split } from '../dataset/index.ts';
import type { FitData } from '../models/index.ts';

/** Fewer training spectra than this teach nothing. */
const LEAST_TRAIN = 10;

export interface FitSplits {
  readonly train: FitData;
  readonly valid: FitData;
  readonly objects: Readonly<Record<Split, number>>;
}

/**
 * The training and validation spectra of a dataset. Spectra without one observed pixel are left out: there is nothing
 * in them to learn from.
 *
 * @throws UserError when too few are left
 */
export function splitsForFit(dataset: Dataset, latents: number): FitSplits {
  const train = rowsToFit(dataset, 'train');
  const valid = rowsToFit(dataset, 'valid');
  const least = Math.max(LEAST_TRAIN, latents + 1);
  if (train.length < least) {
    throw new UserError(
      `A fit with ${latents} latents needs at least ${least} training spectra and the dataset has ${train.length}; import more or take fewer latents.`,
    );
  }
  if (valid.length === 0) {
    throw new UserError(
      'The dataset has no validation spectra to tell when training should stop; import more objects.',
    );
  }
  const data = (rows: Uint32Array): FitData => ({
    wavelength: dataset.wavelength,
    flux: gatherRows(dataset.flux, rows),
    ivar: gatherRows(dataset.ivar, rows),
    labels: {
      value: gatherRows(dataset.catalogue.labels.value, rows),
      ivar: gatherRows(dataset.catalogue.labels.ivar, rows),
    },
  });
  const objects = { train: train.length, valid: valid.length, test: rowsOfSplit(dataset, 'test').length };
  return { train: data(train), valid: data(valid), objects };
}

/** Rows of a split with at least one observed pixel. */
export function rowsToFit(dataset: Dataset, split: Split): Uint32Array {
  const { columns, data } = dataset.ivar;
  return rowsOfSplit(dataset, split).filter((row) =>
    data.subarray(row * columns, (row + 1) * columns).some((ivar) => ivar > 0),
  );
}
