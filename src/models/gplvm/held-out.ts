/**
 * How well a model that is still being fitted predicts held-out objects: their labels from their spectra, or, without
 * labels, their pixels. Axes: N objects, D outputs, Q latents, E coordinates.
 */
import { type Matrix, row, zeros } from '../../base/index.ts';
import {
  add,
  divide,
  greater,
  input,
  log,
  matmul,
  multiply,
  type Runtime,
  reciprocal,
  type Session,
  slice,
  square,
  subtract,
  sum,
  type Tensor,
  where,
  writeOnnx,
} from '../../graph/index.ts';
import { blockOf, forEachBlock, type RowBlock } from '../../linalg/index.ts';
import type { Parameters } from '../model.ts';
import type { Judges } from './calibration.ts';
import { PosteriorTable } from './posteriors.ts';
import type { StandardisedRows } from './standardise.ts';
import type { GplvmTensors } from './tensors.ts';

/** Held-out objects that are judged by after every epoch. */
const LARGEST = 512;
/** Of them at a time: outer products of their features take 4 MB. */
const BLOCK_ROWS = 128;
/** Updates of their posteriors before the first judgement; later ones follow the decoders. */
const FIRST_UPDATES = 3;

export class HeldOutJudge {
  readonly #posteriors: PosteriorTable;
  readonly #session: Session;
  /** All that was observed of them, and what they are judged by. */
  readonly #rows: StandardisedRows;
  readonly #judged: StandardisedRows;
  readonly #count: number;
  readonly #parameters: () => Parameters;
  #updates = 0;

  private constructor(
    posteriors: PosteriorTable,
    session: Session,
    rows: StandardisedRows,
    judged: StandardisedRows,
    parameters: () => Parameters,
  ) {
    this.#rows = rows;
    this.#posteriors = posteriors;
    this.#session = session;
    this.#judged = judged;
    this.#parameters = parameters;
    this.#count = judged.precision.data.reduce((total, precision) => total + (precision > 0 ? 1 : 0), 0);
  }

  /** Null when there is nothing to judge by. */
  static async load(
    tensors: GplvmTensors,
    rows: StandardisedRows,
    updating: Session,
    runtime: Runtime,
    parameters: () => Parameters,
  ): Promise<HeldOutJudge | null> {
    const { pixels } = tensors.shape;
    const some = firstRows(rows);
    const hasLabels = columnsFrom(some, pixels).precision.data.some((precision) => precision > 0);
    if (!hasLabels && !some.precision.data.some((precision) => precision > 0)) return null;
    const first = hasLabels ? pixels : 0;
    const judged = columnsFrom(some, first);
    const shown = withoutColumns(some, pixels, tensors.outputs);
    const start = zeros(some.value.rows, tensors.shape.latents);
    const posteriors = new PosteriorTable(start, tensors.coordinates, shown, updating, parameters);
    const onnx = writeOnnx({ name: 'judge', outputs: { total: surprise(tensors, first) } });
    return new HeldOutJudge(posteriors, await runtime.createSession(onnx), some, judged, parameters);
  }

  /** Mean of −ln p over the values judged by, standardised, under the decoders as they are (NLPD). */
  async judge(signal?: AbortSignal): Promise<number> {
    const updates = this.#updates === 0 ? FIRST_UPDATES : 1;
    for (let update = 0; update < updates; update++) await this.#posteriors.beginEpoch(signal);
    this.#updates += updates;
    const wanted = new Set(this.#session.inputs.map(({ name }) => name));
    const parameters = Object.entries(this.#parameters()).filter(([name]) => wanted.has(name));
    const fed = Object.fromEntries(parameters.map(([name, { data }]) => [name, data]));
    const { value, precision } = this.#judged;
    const { mean, factor } = this.#posteriors;
    const part = new Float32Array(1);
    let total = 0;
    const judgeBlock = async (block: RowBlock): Promise<void> => {
      const rows = {
        value: blockOf(value, block),
        precision: blockOf(precision, block),
        mean: blockOf(mean, block),
        factor: blockOf(factor, block),
      };
      await this.#session.run({ ...fed, ...rows }, { total: part });
      total += part[0];
    };
    await forEachBlock(value.rows, judgeBlock, signal, BLOCK_ROWS);
    return total / this.#count;
  }

  /** The same objects as held-out ones to widen posteriors by, with the latents that they have by now. */
  standing(): Omit<Judges, 'parameters'> {
    return { rows: this.#rows, start: this.#posteriors.means(), settled: true };
  }

  /** What a resumed fit needs, as views. */
  arrays(): Parameters {
    return Object.fromEntries(
      Object.entries(this.#posteriors.arrays()).map(([name, array]) => [`heldOut.${name}`, array]),
    );
  }

  /** To be called after the arrays were restored. */
  resumed(): void {
    this.#updates = FIRST_UPDATES;
    this.#posteriors.resumed();
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** Σ −ln N(x; f, spread + v + s² + 1/p) of the outputs from `first` on, the spread linearised about the posterior means. */
function surprise(tensors: GplvmTensors, first: number): Tensor {
  const { latents } = tensors.shape;
  const { coordinates } = tensors;
  const outputs = tensors.outputs - first;
  const [value, precision] = [input('value', ['N', outputs]), input('precision', ['N', outputs])];
  const mean = slice(input('mean', ['N', coordinates]), 1, 0, latents);
  const factor = input('factor', ['N', coordinates, coordinates]);
  const ofLatents = slice(slice(factor, 1, 0, latents), 2, 0, latents);
  const { value: decoded, jacobian } = tensors.withTangents(mean, first);
  const spread = sum(square(matmul(ofLatents, jacobian, { transposeA: true })), [1]);
  const scatter = slice(tensors.noise(), 0, first, tensors.outputs);
  const seen = greater(precision, 0);
  const noise = reciprocal(where(seen, precision, 1));
  const variance = add(add(add(spread, tensors.marginals(mean, first).variance), scatter), noise);
  const terms = add(divide(square(subtract(value, decoded)), variance), add(log(variance), Math.log(2 * Math.PI)));
  return multiply(sum(multiply(terms, seen)), 0.5);
}

function firstRows({ value, precision }: StandardisedRows): StandardisedRows {
  const head = ({ rows, columns, data }: Matrix): Matrix => {
    const kept = Math.min(rows, LARGEST);
    return { rows: kept, columns, data: data.subarray(0, kept * columns) };
  };
  return { value: head(value), precision: head(precision) };
}

/** The same objects with the outputs from `first` on alone. */
function columnsFrom({ value, precision }: StandardisedRows, first: number): StandardisedRows {
  const cut = (from: Matrix): Matrix => {
    const kept = zeros(from.rows, from.columns - first);
    for (let n = 0; n < from.rows; n++) kept.data.set(row(from, n).subarray(first), n * kept.columns);
    return kept;
  };
  return { value: cut(value), precision: cut(precision) };
}

/** The same objects with some outputs not observed. */
function withoutColumns({ value, precision }: StandardisedRows, from: number, to: number): StandardisedRows {
  const kept = zeros(precision.rows, precision.columns);
  for (let at = 0; at < kept.data.length; at++) {
    const column = at % kept.columns;
    kept.data[at] = column >= from && column < to ? 0 : precision.data[at];
  }
  return { value, precision: kept };
}
