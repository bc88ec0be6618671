/**
 * Blocks of spectra as Arrow IPC files, one row an object, for servers and static sites. Axes: n spectra of a block,
 * P pixels.
 *
 * `float32`: lists `flux` and `ivar` (ivar 0 = not observed) as they stand in the dataset, and `truth` where a simulation
 * has it.
 *
 * `compact`, a third as large: `flux` counts steps of `fluxStep`, one for each spectrum, which is an eighth of its
 * median noise, so that rounding adds 0.13% to the variance of noise; larger only where the brightest pixel would not
 * fit. `error`, the standard deviation, is a mark from 1 at `errorLow` to 63 at `errorHigh`, evenly in its logarithm;
 * 0 = not observed. The truth is left out.
 */
import {
  type Data,
  Field,
  FixedSizeList,
  Float32,
  Int16,
  makeData,
  Table,
  tableFromIPC,
  tableToIPC,
  Uint8,
  Vector,
} from 'apache-arrow';
import { type Matrix, row, UserError, zeros } from '../base/index.ts';
import { medianInPlace } from '../spectra/index.ts';
import type { ExhibitDescription } from './protocol.ts';

export interface SpectraBlock {
  /** n × P */
  readonly flux: Matrix;
  /** n × P; 0 = not observed. */
  readonly ivar: Matrix;
  /** n × P; the noise-free spectra of a simulation. */
  readonly truth: Matrix | null;
}

/** One spectrum of a block as it is drawn, each array of length P. */
export interface BlockSpectrum {
  /** NaN where not observed. */
  readonly flux: Float32Array;
  /** Standard deviation; NaN where not observed. */
  readonly error: Float32Array;
  readonly truth: Float32Array | null;
}

/** Steps of flux in the median noise of a spectrum. */
const STEPS_IN_NOISE = 8;
const LARGEST_STEPS = 32767;
const HIGHEST_MARK = 63;

const writers: Readonly<Record<ExhibitDescription['spectra'], (block: SpectraBlock) => Record<string, Vector>>> = {
  float32: ({ flux, ivar, truth }) => ({
    flux: lists(floats(flux.data), flux.rows),
    ivar: lists(floats(ivar.data), ivar.rows),
    ...(truth === null ? {} : { truth: lists(floats(truth.data), truth.rows) }),
  }),
  compact: compactColumns,
};

export function writeSpectraBlock(block: SpectraBlock, form: ExhibitDescription['spectra']): Uint8Array {
  return tableToIPC(new Table(writers[form](block)), 'file');
}

/**
 * A block in either form.
 *
 * @param pixels P of the exhibit
 * @throws UserError when the bytes are no such block
 */
export function readSpectraBlock(bytes: Uint8Array, pixels: number): SpectraBlock {
  const columns = new BlockColumns(bytes, pixels);
  if (columns.has('fluxStep')) return readCompact(columns);
  return {
    flux: columns.matrix('flux'),
    ivar: columns.matrix('ivar'),
    truth: columns.has('truth') ? columns.matrix('truth') : null,
  };
}

/** @param at place of the spectrum in its block */
export function spectrumOfBlock({ flux, ivar, truth }: SpectraBlock, at: number): BlockSpectrum {
  const [ownFlux, ownIvar] = [row(flux, at), row(ivar, at)];
  return {
    flux: ownFlux.map((value, p) => (ownIvar[p] > 0 ? value : Number.NaN)),
    error: ownIvar.map((weight) => (weight > 0 ? 1 / Math.sqrt(weight) : Number.NaN)),
    truth: truth === null ? null : row(truth, at).slice(),
  };
}

function compactColumns({ flux, ivar }: SpectraBlock): Record<string, Vector> {
  const { rows: n, columns: pixels } = flux;
  const counts = new Int16Array(n * pixels);
  const marks = new Uint8Array(n * pixels);
  const [fluxStep, errorLow, errorHigh] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  const noise = new Float64Array(pixels);
  for (let at = 0; at < n; at++) {
    const [ownFlux, ownIvar] = [row(flux, at), row(ivar, at)];
    const scale = scaleOf(ownFlux, ownIvar, noise);
    fluxStep[at] = scale.fluxStep;
    errorLow[at] = scale.errorLow;
    errorHigh[at] = scale.errorHigh;
    const markOf = errorMarks(scale);
    for (let p = 0; p < pixels; p++) {
      if (!(ownIvar[p] > 0)) continue;
      // The step is stored as float32, whose rounding may leave the brightest pixel a hair above the largest count.
      const steps = Math.round(ownFlux[p] / fluxStep[at]);
      counts[at * pixels + p] = Math.max(-LARGEST_STEPS, Math.min(LARGEST_STEPS, steps));
      marks[at * pixels + p] = markOf(1 / Math.sqrt(ownIvar[p]));
    }
  }
  return {
    flux: lists(makeData({ type: new Int16(), data: counts }), n),
    fluxStep: new Vector([floats(fluxStep)]),
    error: lists(makeData({ type: new Uint8(), data: marks }), n),
    errorLow: new Vector([floats(errorLow)]),
    errorHigh: new Vector([floats(errorHigh)]),
  };
}

interface CompactScale {
  readonly fluxStep: number;
  readonly errorLow: number;
  readonly errorHigh: number;
}

/** @param noise scratch of length P */
function scaleOf(flux: Float32Array, ivar: Float32Array, noise: Float64Array): CompactScale {
  let observed = 0;
  let [brightest, errorLow, errorHigh] = [0, Number.POSITIVE_INFINITY, 0];
  for (let p = 0; p < flux.length; p++) {
    if (!(ivar[p] > 0)) continue;
    const error = 1 / Math.sqrt(ivar[p]);
    noise[observed++] = error;
    brightest = Math.max(brightest, Math.abs(flux[p]));
    errorLow = Math.min(errorLow, error);
    errorHigh = Math.max(errorHigh, error);
  }
  if (observed === 0) return { fluxStep: 1, errorLow: 1, errorHigh: 1 };
  const fluxStep = Math.max(medianInPlace(noise, observed) / STEPS_IN_NOISE, brightest / LARGEST_STEPS);
  return { fluxStep, errorLow, errorHigh };
}

function errorMarks({ errorLow, errorHigh }: CompactScale): (error: number) => number {
  const range = Math.log(errorHigh / errorLow);
  const factor = range > 0 ? (HIGHEST_MARK - 1) / range : 0;
  return (error) => 1 + Math.round(factor * Math.log(error / errorLow));
}

function readCompact(columns: BlockColumns): SpectraBlock {
  const counts = columns.lists('flux', Int16Array);
  const marks = columns.lists('error', Uint8Array);
  const [fluxStep, errorLow, errorHigh] = ['fluxStep', 'errorLow', 'errorHigh'].map((name) => columns.numbers(name));
  const [flux, ivar] = [zeros(columns.rows, columns.pixels), zeros(columns.rows, columns.pixels)];
  const weights = new Float32Array(HIGHEST_MARK + 1);
  for (let at = 0; at < columns.rows; at++) {
    const range = Math.log(errorHigh[at] / errorLow[at]);
    for (let mark = 1; mark <= HIGHEST_MARK; mark++) {
      weights[mark] = (errorLow[at] * Math.exp((range * (mark - 1)) / (HIGHEST_MARK - 1))) ** -2;
    }
    for (let i = at * columns.pixels; i < (at + 1) * columns.pixels; i++) {
      flux.data[i] = counts[i] * fluxStep[at];
      ivar.data[i] = weights[marks[i]];
    }
  }
  return { flux, ivar, truth: null };
}

const floats = (data: Float32Array): Data<Float32> => makeData({ type: new Float32(), data });

/** A column of `rows` lists, each of P numbers. */
function lists<T extends Float32 | Int16 | Uint8>(child: Data<T>, rows: number): Vector {
  const type = new FixedSizeList(child.length / rows, new Field('item', child.type, false));
  return new Vector([makeData<FixedSizeList<T>>({ type, child, length: rows })]);
}

type BlockArray = Float32Array | Int16Array | Uint8Array;

/** The columns of a block, each held to its kind and length. */
class BlockColumns {
  readonly rows: number;
  readonly pixels: number;
  readonly #table: Table;

  constructor(bytes: Uint8Array, pixels: number) {
    this.#table = tableOf(bytes);
    this.rows = this.#table.numRows;
    this.pixels = pixels;
  }

  has(name: string): boolean {
    return this.#table.getChild(name) !== null;
  }

  matrix(name: string): Matrix {
    return { rows: this.rows, columns: this.pixels, data: this.lists(name, Float32Array) };
  }

  lists<T extends BlockArray>(name: string, kind: new (length: number) => T): T {
    return this.#values(this.#table.getChild(name)?.getChildAt(0) ?? null, name, this.rows * this.pixels, kind);
  }

  numbers(name: string): Float32Array {
    return this.#values(this.#table.getChild(name), name, this.rows, Float32Array);
  }

  #values<T extends BlockArray>(
    vector: Vector | null,
    name: string,
    length: number,
    kind: new (length: number) => T,
  ): T {
    const values: unknown = vector?.data.length === 1 ? vector.data[0].values : null;
    // Arrow pads its buffers.
    if (values instanceof kind && values.length >= length) return values.subarray(0, length) as T;
    throw new UserError(`A block of spectra holds no column "${name}" of ${length} numbers; load the page anew.`);
  }
}

function tableOf(bytes: Uint8Array): Table {
  try {
    // Arrow makes views of the bytes, which must begin where a float32 may.
    return tableFromIPC(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice());
  } catch {
    throw new UserError('A block of spectra is damaged or cut short; load the page anew.');
  }
}
