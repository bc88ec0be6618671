/**
 * A file that the reader brings, in the eyes of a run: read as `lightfold import` reads it, moved to rest, resampled and
 * normalised as the run's dataset was, and encoded. Axes: n placed spectra, P pixels, Q latents, K labels.
 */
import { type Matrix, row, UserError, zeros } from '../base/index.ts';
import { readNpzSpectra } from '../dataset/index.ts';
import type { LabelPrediction, OpenRun, Posterior, SpectrumDistribution } from '../inference/index.ts';
import { isZip } from '../io/index.ts';
import { createPreparation, type Preparation, parseNormalisation, type Spectrum } from '../spectra/index.ts';
import { recogniseAndRead } from '../spectra/surveys/index.ts';
import { type Shift, shiftOf } from './placing-redshift.ts';
import type { PlacedFile, PlacedSpectrum } from './protocol.ts';
import type { PlaceRequest } from './source.ts';

/** Spectra of one file that are placed; a plate of thousands is a matter for `lightfold import`. */
const MOST_PLACED = 50;
/** Spectra of one file that are tried: a redshift that is fitted takes its time. */
const MOST_TRIED = 200;
/** A longer name of a file says no more. */
const LONGEST_NAME = 200;

type Skipped = PlacedFile['skipped'][number];

/** What was read of a file. */
interface BroughtSpectra {
  readonly count: number;
  readonly spectra: Iterable<Spectrum>;
  readonly rejected: readonly Skipped[];
  /** What had to be assumed, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Places the spectra of a file, at most 50; those that are not placed are named with the reason.
 *
 * @throws UserError when the file cannot be read, or nothing in it can be placed
 */
export async function placeFile(
  run: OpenRun,
  { fileName, bytes, redshift }: Pick<PlaceRequest, 'fileName' | 'bytes' | 'redshift'>,
): Promise<PlacedFile> {
  if (redshift !== undefined && !(redshift > -1 && redshift < Infinity)) {
    throw new UserError(`A redshift of ${redshift} is not possible; give a number above -1.`);
  }
  const file = plainName(fileName);
  const { count, spectra, rejected, notes } = readSpectra(bytes, file);
  const shelf = new Shelf(run, Math.min(MOST_PLACED, count));
  const skipped = [...rejected];
  let tried = 0;
  for (const spectrum of spectra) {
    const place = placeOf(spectrum);
    if (shelf.size === MOST_PLACED || tried === MOST_TRIED) {
      skipped.push({ place, reason: leftOut(count - tried) });
      break;
    }
    tried++;
    const shift = await shiftOf(run, spectrum, redshift);
    const reason = shift.ok ? shelf.put(spectrum, shift, notes) : shift.reason;
    if (reason !== null) skipped.push({ place, reason });
  }
  if (shelf.size === 0) throw nothingPlaced(file, skipped);
  return { file, placed: await shelf.placed(), skipped };
}

/** The last part of a path: no folder of anyone's machine comes back. */
function plainName(fileName: string): string {
  return (fileName.split(/[\\/]/).at(-1) ?? '').slice(0, LONGEST_NAME) || 'file';
}

function readSpectra(bytes: Uint8Array, file: string): BroughtSpectra {
  if (isZip(bytes)) {
    const { length, spectra } = readNpzSpectra(bytes, file);
    return { count: length, spectra: spectra(), rejected: [], notes: [] };
  }
  const { spectra, rejected, redshifts, notes } = recogniseAndRead(bytes, file);
  if (spectra.length === 0 && redshifts.length > 0) {
    throw new UserError(`${file} holds ${redshifts.length} redshifts and no spectra; bring the file with the spectra.`);
  }
  return { count: spectra.length, spectra, rejected, notes };
}

function placeOf({ id, source }: Spectrum): string {
  return source.place === '' ? id : source.place;
}

function leftOut(count: number): string {
  const others = count === 1 ? 'this one is' : `this and ${count - 1} more are`;
  return `${others} left out: at most ${MOST_PLACED} spectra of a file are placed and ${MOST_TRIED} tried; lightfold import takes them all`;
}

function nothingPlaced(file: string, [first, ...others]: readonly Skipped[]): UserError {
  if (first === undefined) return new UserError(`${file} holds no spectra.`);
  const more = others.length === 0 ? '' : ` (and ${others.length} more could not be placed)`;
  const place = first.place === '' ? '' : `${first.place}: `;
  return new UserError(`Nothing in ${file} can be placed: ${place}${first.reason}${more}.`);
}

/** Spectra on the run's grid, waiting to be encoded together. */
class Shelf {
  readonly #run: OpenRun;
  readonly #prepare: Preparation;
  readonly #flux: Matrix;
  readonly #ivar: Matrix;
  readonly #put: (Pick<PlacedSpectrum, 'id' | 'source' | 'scale'> & Shift)[] = [];

  constructor(run: OpenRun, most: number) {
    this.#run = run;
    this.#prepare = createPreparation(
      run.run.wavelength,
      parseNormalisation(run.run.description.dataset.normalisation),
    );
    this.#flux = zeros(most, run.pixels);
    this.#ivar = zeros(most, run.pixels);
  }

  get size(): number {
    return this.#put.length;
  }

  /** Why the spectrum cannot be put on the grid; null = it is there. */
  put(spectrum: Spectrum, shift: Shift, notes: readonly string[]): string | null {
    const { id, source, frame } = spectrum;
    const shifted = frame === 'rest' ? spectrum : { ...spectrum, redshift: shift.redshift };
    const outcome = this.#prepare(shifted, row(this.#flux, this.size), row(this.#ivar, this.size));
    if (!outcome.ok) return outcome.reason;
    const { redshift, redshiftFrom, redshiftError, warnings } = shift;
    this.#put.push({
      ...{ id, redshift, redshiftFrom, redshiftError },
      source: source.place === '' ? source.file : `${source.file}, ${source.place}`,
      scale: outcome.scale,
      warnings: [...warnings, ...notes],
    });
    return null;
  }

  async placed(): Promise<PlacedSpectrum[]> {
    const [flux, ivar] = [firstRows(this.#flux, this.size), firstRows(this.#ivar, this.size)];
    const posterior = await this.#run.encodeJointly({ flux, ivar });
    const rebuilt = await this.#run.reconstruct(flux, ivar);
    const labels = this.#run.labels.length === 0 ? null : await this.#run.labelsOf(posterior, null);
    return this.#put.map((about, n) => ({
      ...about,
      flux: [...row(flux, n)],
      ivar: [...row(ivar, n)],
      ...seenByRun(n, posterior, rebuilt),
      labels: labels === null ? [] : labelsAt(this.#run.labels, labels, n),
    }));
  }
}

function firstRows({ columns, data }: Matrix, rows: number): Matrix {
  return { rows, columns, data: data.subarray(0, rows * columns) };
}

function seenByRun(
  n: number,
  { mean, covariance, ambiguity }: Posterior,
  rebuilt: SpectrumDistribution,
): Pick<PlacedSpectrum, 'latentMean' | 'latentCovariance' | 'ambiguity' | 'reconstruction' | 'reconstructionError'> {
  return {
    latentMean: [...row(mean, n)],
    latentCovariance: [...row(covariance, n)],
    ambiguity: ambiguity === null ? null : ambiguity.data[n],
    reconstruction: [...row(rebuilt.mean, n)],
    reconstructionError: [...row(rebuilt.variance, n).map(Math.sqrt)],
  };
}

function labelsAt(names: readonly string[], { mean, variance }: LabelPrediction, n: number): PlacedSpectrum['labels'] {
  return names.map((name, k) => ({ name, mean: row(mean, n)[k], error: Math.sqrt(row(variance, n)[k]) }));
}
