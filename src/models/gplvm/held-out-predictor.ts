/**
 * What a fitted model predicts of objects from a part of what was observed of them, over sigma points of their coordinates as
 * inference does. Standardised throughout.
 */
import { type Matrix, zeros } from '../../base/index.ts';
import { type Runtime, type Session, type Tensor, writeOnnx } from '../../graph/index.ts';
import { blockOf, forEachBlock, type Gaussians, momentsOf, type RowBlock, sigmaPoints } from '../../linalg/index.ts';
import type { Parameters } from '../model.ts';
import { placingGraph, predictionGraphs } from './graphs.ts';
import { PosteriorTable } from './posteriors.ts';
import type { StandardisedRows } from './standardise.ts';
import type { GplvmTensors } from './tensors.ts';

/** Coordinates of N objects: E latents and gain, as Laplace's approximation has them. */
export interface PlacedObjects extends Gaussians {
  /** Of the gain by its prior, N × 1; null where there is none. */
  readonly gainDeviation: Matrix | null;
}

export interface PredictedValue {
  readonly mean: number;
  /** Variance that comes from the coordinates' uncertainty. */
  readonly spread: number;
}

export interface PredictorParts {
  readonly tensors: GplvmTensors;
  /** Of `posteriorSession`; stays the caller's. */
  readonly updating: Session;
  readonly runtime: Runtime;
}

const PLACING_ROWS = 64;
const DECODED_ROWS = 32;

/** Graphs that place objects and predict their outputs from one on, for any parameters of the model. */
export class PredictionSessions {
  readonly placing: Session;
  readonly scatter: Session;
  readonly values: Session;
  /** D, the number of outputs that are predicted. */
  readonly outputs: number;

  private constructor(placing: Session, scatter: Session, values: Session, outputs: number) {
    this.placing = placing;
    this.scatter = scatter;
    this.values = values;
    this.outputs = outputs;
  }

  /** @param from the first output that is predicted, where a block begins */
  static async load({ tensors, runtime }: PredictorParts, from: number): Promise<PredictionSessions> {
    // Parameters are fed, not written into the graph, which would copy the large ones several times.
    const load = (name: string, outputs: Readonly<Record<string, Tensor>>) =>
      runtime.createSession(writeOnnx({ name, outputs }));
    const { value, scatter } = predictionGraphs(tensors, from);
    return new PredictionSessions(
      await load('placing', placingGraph(tensors)),
      // Much dearer than the values, and taken at the means alone.
      await load('scatter', { scatter }),
      await load('values', { value }),
      tensors.outputs - from,
    );
  }

  async release(): Promise<void> {
    for (const session of [this.placing, this.scatter, this.values]) await session.release();
  }
}

/** Where fits begin, N × Q latents, and how many rounds of one step they take. */
export interface Settling {
  readonly start: Matrix;
  readonly rounds: number;
}

/** Fits objects to what `rows` show of them. */
export async function placeHeldOut(
  { tensors, updating }: PredictorParts,
  { placing }: PredictionSessions,
  parameters: Parameters,
  rows: StandardisedRows,
  { start, rounds }: Settling,
  signal?: AbortSignal,
): Promise<PlacedObjects> {
  const E = tensors.coordinates;
  const table = new PosteriorTable(start, E, rows, updating, () => parameters);
  table.resumed();
  for (let round = 0; round < rounds; round++) await table.beginEpoch(signal);
  const fed = fedTo(placing, parameters);
  const N = start.rows;
  const found = { mean: zeros(N, E), covariance: zeros(N, E * E) };
  const gainDeviation = placing.outputs.some(({ name }) => name === 'gainDeviation') ? zeros(N, 1) : null;
  const placeBlock = (block: RowBlock) =>
    placing.run(
      {
        ...fed,
        value: blockOf(rows.value, block),
        precision: blockOf(rows.precision, block),
        start: blockOf(table.mean, block),
      },
      {
        mean: blockOf(found.mean, block),
        covariance: blockOf(found.covariance, block),
        ...(gainDeviation === null ? {} : { gainDeviation: blockOf(gainDeviation, block) }),
      },
    );
  await forEachBlock(N, placeBlock, signal, PLACING_ROWS);
  return { ...found, gainDeviation };
}

export class HeldOutPredictor {
  /** Variance of true values about the decoder at the means, N × D. */
  readonly scatter: Matrix;
  readonly #placed: PlacedObjects;
  readonly #values: Session;
  readonly #parameters: Parameters;

  private constructor(placed: PlacedObjects, scatter: Matrix, values: Session, parameters: Parameters) {
    this.#placed = placed;
    this.scatter = scatter;
    this.#values = values;
    this.#parameters = parameters;
  }

  /** @param sessions stay the caller's */
  static async of(
    sessions: PredictionSessions,
    parameters: Parameters,
    placed: PlacedObjects,
    signal?: AbortSignal,
  ): Promise<HeldOutPredictor> {
    const scatter = zeros(placed.mean.rows, sessions.outputs);
    const fed = fedTo(sessions.scatter, parameters);
    await forEachBlock(
      scatter.rows,
      (block) =>
        sessions.scatter.run(
          { ...fed, coordinates: blockOf(placed.mean, block) },
          { scatter: blockOf(scatter, block) },
        ),
      signal,
      PLACING_ROWS,
    );
    return new HeldOutPredictor(placed, scatter, sessions.values, parameters);
  }

  /** Every output of every object, with covariances widened by `factor`. */
  async predict(
    factor: number,
    signal: AbortSignal | undefined,
    visit: (object: number, output: number, value: PredictedValue) => void,
  ): Promise<void> {
    const { mean, covariance, gainDeviation } = this.#placed;
    const D = this.scatter.columns;
    const wide = { mean, covariance: { ...covariance, data: covariance.data.map((value) => factor * value) } };
    const pointsEach = 1 + 2 * mean.columns;
    const session = this.#values;
    const fed = fedTo(session, this.#parameters);
    const gained = session.inputs.some(({ name }) => name === 'gainDeviation');
    const unscattered = zeros(DECODED_ROWS * pointsEach, D);
    const decodeBlock = async (block: RowBlock): Promise<void> => {
      const { start, count } = block;
      const points = sigmaPoints(wide, start, start + count);
      const decoded = zeros(points.rows, D);
      const gains =
        gained && gainDeviation !== null ? { gainDeviation: repeated(gainDeviation, block, pointsEach) } : {};
      await session.run({ ...fed, coordinates: points.data, ...gains }, { value: decoded.data });
      const [centre, spread] = [new Float32Array(count * D), new Float32Array(count * D)];
      momentsOf({ decoded, scatter: unscattered, pointsEach }, centre, spread);
      for (let at = 0; at < count * D; at++) {
        visit(start + Math.floor(at / D), at % D, { mean: centre[at], spread: spread[at] });
      }
    };
    await forEachBlock(mean.rows, decodeBlock, signal, DECODED_ROWS);
  }
}

/** Those of the parameters that a session declares as inputs. */
function fedTo(session: Session, parameters: Parameters): Record<string, Float32Array> {
  return Object.fromEntries(
    session.inputs.flatMap(({ name }) => (name in parameters ? [[name, parameters[name].data] as const] : [])),
  );
}

function repeated({ data }: Matrix, { start, count }: RowBlock, times: number): Float32Array {
  return Float32Array.from({ length: count * times }, (_, at) => data[start + Math.floor(at / times)]);
}
