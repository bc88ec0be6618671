/** Which part of the objects of a dataset a run is shown. N objects, P pixels, K labels of the run. */
import { type Matrix, UserError, zeros } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import type { Observation } from './observation.ts';
import type { OpenRun } from './open-run.ts';

export type PredictFrom = 'spectra' | 'labels' | 'both';

/** A stretch of rest-frame spectrum in vacuum ångström, ends included. */
export interface WavelengthWindow {
  readonly low: number;
  readonly high: number;
}

export interface ObservedParts {
  /** What is known of the objects; `spectra` unless told. */
  readonly from?: PredictFrom;
  /** Only pixels in these windows count as observed; all that were unless told. */
  readonly windows?: readonly WavelengthWindow[];
}

/**
 * The dataset as the run is to see it. Labels are found by name, in the run's order; those that the dataset does not have
 * are not measured.
 *
 * @throws UserError when the run cannot read the dataset or labels, the dataset has none of the run's labels, or the
 *   windows hold no pixel
 */
export function observationOf(
  run: OpenRun,
  dataset: Dataset,
  { from = 'spectra', windows }: ObservedParts,
): Observation {
  run.requireCompatible(dataset);
  if (from === 'labels' && windows !== undefined) {
    throw new UserError('windows of the spectrum mean nothing where latents come from labels alone.');
  }
  if (from !== 'spectra') run.requireJointEncoder();
  const spectra =
    from === 'labels' ? {} : { flux: dataset.flux, ivar: withinWindows(dataset.wavelength, dataset.ivar, windows) };
  return from === 'spectra' ? spectra : { ...spectra, ...labelsOf(run, dataset) };
}

/** `ivar` with zeros outside the windows; itself when there are none. */
function withinWindows(
  wavelength: Float64Array,
  ivar: Matrix,
  windows: readonly WavelengthWindow[] | undefined,
): Matrix {
  if (windows === undefined) return ivar;
  const seen = Array.from(wavelength, (w) => windows.some(({ low, high }) => w >= low && w <= high));
  for (const { low, high } of windows) {
    if (wavelength.some((w) => w >= low && w <= high)) continue;
    const [first, last] = [wavelength[0].toFixed(0), wavelength[wavelength.length - 1].toFixed(0)];
    throw new UserError(
      `no pixel lies in the window ${low}:${high}; the grid runs from ${first} to ${last} Å at rest.`,
    );
  }
  return { ...ivar, data: ivar.data.map((value, at) => (seen[at % wavelength.length] ? value : 0)) };
}

function labelsOf(run: OpenRun, { catalogue }: Dataset): { readonly label: Matrix; readonly labelIvar: Matrix } {
  const { names, value, ivar } = catalogue.labels;
  const columns = run.labels.map((name) => names.indexOf(name));
  if (columns.every((column) => column < 0)) {
    const has = names.length === 0 ? 'no labels' : `the labels ${names.join(', ')}`;
    throw new UserError(`the dataset has ${has}, and ${run.run.path} knows ${run.labels.join(', ')}.`);
  }
  const label = zeros(value.rows, columns.length);
  const labelIvar = zeros(value.rows, columns.length);
  for (let n = 0; n < value.rows; n++) {
    columns.forEach((column, k) => {
      if (column < 0) return;
      label.data[n * columns.length + k] = value.data[n * names.length + column];
      labelIvar.data[n * columns.length + k] = ivar.data[n * names.length + column];
    });
  }
  return { label, labelIvar };
}
