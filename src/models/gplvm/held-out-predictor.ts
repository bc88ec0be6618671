/**
 * What a fitted model predicts of objects from a part of what was observed of them, over sigma points of their coordinates as
 * inference does. Standardised throughout.
 */
import { type Matrix, zeros } from '../../base/index.ts';
import { type Runtime, type Session, writeOnnx } from '../../graph/index.ts';
import { blockOf, forEachBlock, type Gaussians, momentsOf, type RowBlock, sigmaPoints } from '../../linalg/index.ts';
import type { Parameters } from '../model.ts';
import { type GplvmTensors, placingGraph, predictionGraphs } from './graphs.ts';
import { PosteriorTable } from './posteriors.ts';
import type { StandardisedRows } from './standardise.ts';

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
  /** Of the model; its covariances are not widened yet. */
  readonly parameters: Parameters;
  /** Of `posteriorSession`; stays the caller's. */
  readonly updating: Session;
  readonly runtime: Runtime;
}

const PLACING_ROWS = 64;
const DECODED_ROWS = 32;

/**
 * Fits objects to what `rows` show of them, in rounds of one step.
 *
 * @param start latents, N × Q
 */
export async function placeHeldOut(
  { tensors, parameters, updating, runtime }: PredictorParts,
  rows: StandardisedRows,
  start: Matrix,
  rounds: number,
  signal?: AbortSignal,
): Promise<PlacedObjects> {
  const E = tensors.coordinates;
  const table = new PosteriorTable(start, E, rows, updating, () => parameters);
  table.resumed();
  for (let round = 0; round < rounds; round++) await table.beginEpoch(signal);
  const outputs = placingGraph(tensors);
  const { session, fed } = await load(runtime, 'placing', outputs, parameters);
  const N = start.rows;
  const found = { mean: zeros(N, E), covariance: zeros(N, E * E) };
  const gainDeviation = 'gainDeviation' in outputs ? zeros(N, 1) : null;
  const placeBlock = (block: RowBlock) =>
    session.run(
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
  await session.release();
  return { ...found, gainDeviation };
}

export class HeldOutPredictor {
  /** Variance of true values about the decoder at the means, N × D. */
  readonly scatter: Matrix;
  readonly #placed: PlacedObjects;
  readonly #decoding: Awaited<ReturnType<typeof load>>;

  private constructor(placed: PlacedObjects, scatter: Matrix, decoding: Awaited<ReturnType<typeof load>>) {
    this.#placed = placed;
    this.scatter = scatter;
    this.#decoding = decoding;
  }

  /** @param from the first of the D outputs that are predicted, where a block begins */
  static async load(
    { tensors, parameters, runtime }: PredictorParts,
    placed: PlacedObjects,
    from: number,
    signal?: AbortSignal,
  ): Promise<HeldOutPredictor> {
    const { value, scatter } = predictionGraphs(tensors, from);
    // The scatter, much the dearer, is taken at the means alone.
    const scattering = await load(runtime, 'scatter', { scatter }, parameters);
    const at = zeros(placed.mean.rows, tensors.outputs - from);
    await forEachBlock(
      at.rows,
      (block) =>
        scattering.session.run(
          { ...scattering.fed, coordinates: blockOf(placed.mean, block) },
          { scatter: blockOf(at, block) },
        ),
      signal,
      PLACING_ROWS,
    );
    await scattering.session.release();
    return new HeldOutPredictor(placed, at, await load(runtime, 'values', { value }, parameters));
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
    const { session, fed } = this.#decoding;
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

  async release(): Promise<void> {
    await this.#decoding.session.release();
  }
}

/** Parameters are fed, not written into the graph, which would copy the large ones several times. */
async function load(runtime: Runtime, name: string, outputs: ReturnType<typeof placingGraph>, parameters: Parameters) {
  const session = await runtime.createSession(writeOnnx({ name, outputs }));
  const fed = session.inputs.flatMap((declared): [string, Float32Array][] =>
    declared.name in parameters ? [[declared.name, parameters[declared.name].data]] : [],
  );
  return { session, fed: Object.fromEntries(fed) };
}

function repeated({ data }: Matrix, { start, count }: RowBlock, times: number): Float32Array {
  return Float32Array.from({ length: count * times }, (_, at) => data[start + Math.floor(at / times)]);
}
