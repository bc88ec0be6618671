import { FileError, SOFTWARE_VERSION, UserError } from '../base/index.ts';
import { writeNpz } from '../io/index.ts';
import { airToVacuum, formatNormalisation, type Normalisation, type Spectrum } from '../spectra/index.ts';
import { checkWavelength } from './check.ts';
import { ownGrid } from './choose-grid.ts';
import type { Dataset } from './dataset.ts';
import { Intake, type Skipped } from './intake.ts';
import { DATASET_FORMAT, DATASET_KIND } from './manifest.ts';
import { type Label, measurements } from './measurements.ts';
import { NpzArrays } from './npz-arrays.ts';
import type { SplitFractions } from './splits.ts';

/** Spectra of one `.npz` file, all on one grid. */
export interface NpzSpectra {
  /** Rest-frame vacuum ångström. */
  readonly wavelength: Float64Array;
  readonly length: number;
  /** One after another; each is made when it is asked for. */
  readonly spectra: () => Iterable<Spectrum>;
}

export interface NpzOptions {
  /** The file's wavelengths are in air, against the convention; they are converted to vacuum. */
  readonly air?: boolean;
}

/**
 * Reads the `.npz` convention (`docs/contract.md`): `wave` (P) rest-frame vacuum Å, `flux` and `ivar` (N, P), and
 * optionally `id`, `z`, `class` (N), `labels` and `label_err` (N, K), `label_names` (K).
 *
 * A pixel whose flux or ivar is NaN is not observed, and so is a label that is NaN. A label with a value and no
 * usable error gets a nominal one (`measurements`). Without `id`, objects are named after the file and their row.
 *
 * @throws FileError naming the array that is missing, of the wrong shape or not numbers
 */
export function readNpzSpectra(bytes: Uint8Array, file: string, options: NpzOptions = {}): NpzSpectra {
  const arrays = new NpzArrays(bytes, file);
  const wavelength = readWave(arrays, options.air ?? false);
  const pixels = wavelength.length;
  const flux = arrays.matrix('flux', null, pixels);
  const rows = flux.length / pixels;
  const ivar = arrays.matrix('ivar', rows, pixels);
  refuseNegative(ivar, pixels, file);
  const id = arrays.has('id') ? arrays.texts('id', rows) : namesAfter(file, rows);
  const redshift = arrays.has('z') ? arrays.vector('z', rows) : null;
  const objectClass = arrays.has('class') ? arrays.texts('class', rows) : null;
  const labels = readLabels(arrays, rows);
  const spectrum = (row: number): Spectrum => ({
    id: id[row],
    wavelength,
    frame: 'rest',
    ...pixelsOf(flux, ivar, row, pixels),
    fluxUnit: '',
    redshift: finiteOrNull(redshift?.[row]),
    redshiftError: null,
    redshiftWarning: null,
    objectClass: objectClass?.[row].trim() || null,
    subclass: null,
    labels: labels(row),
    source: { file, place: `row ${row}` },
  });
  return {
    wavelength,
    length: rows,
    *spectra() {
      for (let row = 0; row < rows; row++) yield spectrum(row);
    },
  };
}

export interface NpzDatasetOptions extends NpzOptions {
  /** By default the fluxes stay as they are. */
  readonly normalise?: Normalisation;
  /** Of the split; 0 when not given. */
  readonly seed?: number;
  readonly fractions?: SplitFractions;
}

/**
 * A `.npz` file as a dataset on its own grid, without touching the disk; rows that cannot be used are skipped and
 * named. `importSpectra` does the same for files, with their checksums kept.
 *
 * @throws FileError as `readNpzSpectra`, and when no row remains
 */
export function readNpzDataset(
  bytes: Uint8Array,
  file: string,
  options: NpzDatasetOptions = {},
): { readonly dataset: Dataset; readonly skipped: readonly Skipped[] } {
  const { wavelength, length, spectra } = readNpzSpectra(bytes, file, options);
  const choice = ownGrid([wavelength], options.normalise);
  const intake = new Intake(choice, { expected: length });
  for (const spectrum of spectra()) intake.take(spectrum);
  if (intake.size === 0) {
    throw new FileError(file, '', `no object could be read: ${intake.skipped[0]?.reason ?? 'it holds none'}`);
  }
  const { normalise, ...settings } = options;
  const dataset: Dataset = {
    wavelength,
    truth: null,
    ...intake.finish(options.seed ?? 0, options.fractions),
    manifest: {
      format: DATASET_FORMAT,
      kind: DATASET_KIND,
      normalisation: formatNormalisation(choice.normalisation),
      fluxUnit: '',
      preset: null,
      provenance: {
        software: `lightfold ${SOFTWARE_VERSION}`,
        created: new Date().toISOString(),
        command: 'readNpzDataset',
        settings: { ...settings, file },
        inputs: [],
      },
    },
  };
  return { dataset, skipped: intake.skipped };
}

/** A dataset in the `.npz` convention; what is null becomes NaN or the empty text. */
export function exportNpz(dataset: Dataset): Uint8Array {
  const { catalogue, flux, ivar, wavelength } = dataset;
  const { names, value, ivar: weight } = catalogue.labels;
  const shape = [flux.rows, flux.columns];
  const labelShape = [flux.rows, names.length];
  const measured = (i: number, number: number): number => (weight.data[i] > 0 ? number : Number.NaN);
  return writeNpz({
    wave: { data: Float64Array.from(wavelength) },
    flux: { data: Float32Array.from(flux.data), shape },
    ivar: { data: Float32Array.from(ivar.data), shape },
    id: { data: catalogue.id },
    z: { data: Float64Array.from(catalogue.redshift, (z) => z ?? Number.NaN) },
    class: { data: catalogue.objectClass.map((name) => name ?? '') },
    ...(names.length > 0 && {
      labels: { data: Float64Array.from(value.data, (v, i) => measured(i, v)), shape: labelShape },
      label_err: { data: Float64Array.from(weight.data, (w, i) => measured(i, 1 / Math.sqrt(w))), shape: labelShape },
      label_names: { data: names },
    }),
  });
}

function readWave(arrays: NpzArrays, air: boolean): Float64Array {
  const given = arrays.vector('wave', null);
  const wavelength = air ? given.map(airToVacuum) : given;
  try {
    checkWavelength(wavelength);
  } catch (error) {
    if (error instanceof UserError) throw arrays.fault('wave', error.message);
    throw error;
  }
  return wavelength;
}

function refuseNegative(ivar: Float64Array, pixels: number, file: string): void {
  const index = ivar.findIndex((weight) => weight < 0 || weight === Infinity);
  if (index < 0) return;
  const place = `array "ivar", row ${Math.floor(index / pixels)}, pixel ${index % pixels}`;
  throw new FileError(file, place, `it is ${ivar[index]}; expected a finite number ≥ 0 (0 = not observed)`);
}

function pixelsOf(
  allFlux: Float64Array,
  allIvar: Float64Array,
  row: number,
  pixels: number,
): Pick<Spectrum, 'flux' | 'ivar'> {
  const flux = allFlux.slice(row * pixels, (row + 1) * pixels);
  const ivar = allIvar.slice(row * pixels, (row + 1) * pixels);
  for (let i = 0; i < pixels; i++) {
    if (ivar[i] > 0 && Number.isFinite(flux[i])) continue;
    flux[i] = 0;
    ivar[i] = 0;
  }
  return { flux, ivar };
}

function readLabels(arrays: NpzArrays, rows: number): (row: number) => Record<string, Label> {
  if (!arrays.has('labels')) return () => ({});
  const names = arrays.texts('label_names', null);
  const repeated = names.find((name, k) => names.indexOf(name) !== k);
  if (repeated !== undefined) throw arrays.fault('label_names', `two labels are called "${repeated}"`);
  const values = arrays.matrix('labels', rows, names.length);
  const errors = arrays.has('label_err') ? arrays.matrix('label_err', rows, names.length) : null;
  const columnOf = (matrix: Float64Array, k: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => matrix[row * names.length + k]);
  const labels = names.map((_, k) => measurements(columnOf(values, k), errors === null ? null : columnOf(errors, k)));
  return (row) => {
    const found: Record<string, Label> = {};
    names.forEach((name, k) => {
      found[name] = labels[k][row];
    });
    return found;
  };
}

function namesAfter(file: string, rows: number): string[] {
  const stem = (file.split(/[/\\]/).at(-1) ?? file).replace(/\.npz$/i, '');
  const digits = String(Math.max(0, rows - 1)).length;
  return Array.from({ length: rows }, (_, row) => `${stem}-${String(row).padStart(digits, '0')}`);
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
