import { InterruptedError, type LongWorkOptions, type Matrix, row, UserError } from '../../base/index.ts';
import { type Dataset, rowsOfSplit } from '../../dataset/index.ts';
import { continuumBasis } from './continuum.ts';
import { SpectrumMeasurer } from './measure-spectrum.ts';
import { LINE_FLAGS, type LineName, type MeasuredLine } from './measured-line.ts';

export interface MeasureLinesOptions extends LongWorkOptions {
  /**
   * Spectra of galaxies without emission lines on the grid of the dataset, n × P, each of mean 1: starlight is taken to
   * be a sum of their principal components. Null or not given: continua are polynomials.
   */
  readonly starlight?: Matrix | null;
  /** The objects to measure; all unless told. */
  readonly rows?: ArrayLike<number>;
}

/** What was measured of one line in N objects; NaN where nothing was. Units are those of the files (see `measureLines`). */
export type LineColumns = Readonly<Record<LineQuantity, Float64Array>>;

export type LineQuantity = Exclude<keyof MeasuredLine, 'name'>;

export const LINE_QUANTITIES: readonly LineQuantity[] = [
  'flux',
  'fluxError',
  'width',
  'widthError',
  'sigma',
  'sigmaError',
  'offset',
  'offsetError',
  'chi2',
  'flags',
];

export interface LineMeasurements {
  /** Length N, in the order asked for. */
  readonly id: readonly string[];
  /** Rows of the dataset. */
  readonly rows: Uint32Array;
  /** Lines that were measured in at least one object, blue to red. */
  readonly lines: ReadonlyMap<LineName, LineColumns>;
}

/** Objects between two looks at the clock, so that Ctrl-C arrives. */
const BREATH = 64;

/**
 * Measures the emission lines of every object (docs/decisions/012-emission-lines.md). Fluxes come out in the unit of the
 * files' flux density × observed-frame Å (rest-frame Å for spectra that came without a redshift to undo, as `.npz` do),
 * the dataset's normalisation undone; equivalent widths in rest-frame Å; widths (σ) and offsets in km/s.
 *
 * @throws UserError when the grid holds none of the lines or `starlight` is on another grid
 * @throws InterruptedError when the signal fires
 */
export async function measureLines(dataset: Dataset, options: MeasureLinesOptions = {}): Promise<LineMeasurements> {
  const { wavelength, catalogue } = dataset;
  const starlight = options.starlight ?? null;
  if (starlight !== null && starlight.columns !== wavelength.length) {
    throw new UserError(`the starlight has ${starlight.columns} pixels and the dataset ${wavelength.length}`);
  }
  const plain = new SpectrumMeasurer(wavelength, null);
  if (plain.lineNames.length === 0) {
    throw new UserError(
      `the grid, ${wavelength[0].toFixed(0)} to ${wavelength[wavelength.length - 1].toFixed(0)} Å, holds none of the lines that are measured, or has too few pixels on them`,
    );
  }
  const withStars = starlight === null ? plain : new SpectrumMeasurer(wavelength, continuumBasis(starlight));
  const rows = options.rows === undefined ? rowsOfSplit(dataset, 'all') : Uint32Array.from(options.rows);
  const found = new Map<LineName, LineColumns>();
  for (const [at, index] of rows.entries()) {
    if (at % BREATH === 0) await breathe(at, rows.length, options);
    const measurer = isQuasar(catalogue.objectClass[index]) ? plain : withStars;
    const factor = fluxFactor(dataset, index);
    for (const line of measurer.measure(row(dataset.flux, index), row(dataset.ivar, index)).lines) {
      store(found, line, at, rows.length, factor);
    }
  }
  options.onProgress?.({ stage: 'measuring lines', done: rows.length, total: rows.length });
  const lines = new Map(
    plain.lineNames.flatMap((name) => {
      const columns = found.get(name);
      return columns === undefined ? [] : [[name, columns] as const];
    }),
  );
  return { id: Array.from(rows, (index) => catalogue.id[index]), rows, lines };
}

async function breathe(done: number, total: number, { onProgress, signal }: LongWorkOptions): Promise<void> {
  if (signal?.aborted) throw new InterruptedError('line measurement stopped; nothing was written, so start it again');
  onProgress?.({ stage: 'measuring lines', done, total });
  await new Promise((resolve) => setTimeout(resolve, 0));
}

function store(
  found: Map<LineName, LineColumns>,
  line: MeasuredLine,
  at: number,
  objects: number,
  factor: number,
): void {
  const columns = found.get(line.name) ?? emptyColumns(objects);
  found.set(line.name, columns);
  for (const quantity of LINE_QUANTITIES) {
    const value = line[quantity] ?? Number.NaN;
    columns[quantity][at] = quantity === 'flux' || quantity === 'fluxError' ? value * factor : value;
  }
}

/** Of a line that nobody was measured in yet. */
export function emptyColumns(objects: number): LineColumns {
  const column = (value: number) => new Float64Array(objects).fill(value);
  return {
    ...(Object.fromEntries(LINE_QUANTITIES.map((name) => [name, column(Number.NaN)])) as LineColumns),
    flags: column(LINE_FLAGS.unobserved),
  };
}

/**
 * What turns normalised flux × rest-frame Å into the file's flux × Å: files are in the observed frame, where a line is
 * 1 + z times as wide, but `.npz` by convention are in the rest frame.
 */
export function fluxFactor({ catalogue }: Dataset, index: number): number {
  const isRestFrame = /\.npz($|,)/i.test(catalogue.source[index]);
  return catalogue.scale[index] * (isRestFrame ? 1 : 1 + (catalogue.redshift[index] ?? 0));
}

function isQuasar(objectClass: string | null): boolean {
  return /^(qso|quasar)$/i.test(objectClass ?? '');
}
