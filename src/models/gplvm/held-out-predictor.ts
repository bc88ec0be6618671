/** What a fitted model predicts of objects from their spectra, over sigma points of their coordinates as inference does. */
import { type Matrix, zeros } from '../../base/index.ts';
import { type Runtime, type Session, writeOnnx } from '../../graph/index.ts';
import { blockOf, forEachBlock, type Gaussians, momentsOf, type RowBlock, sigmaPoints } from '../../linalg/index.ts';
import type { Parameters } from '../model.ts';
import { type GplvmTensors, predictionGraphs } from './graphs.ts';

/** Coordinates of N objects: E latents and gain, as Laplace's approximation has them. */
export interface PlacedObjects extends Gaussians {
  /** Of the gain by its prior, N × 1; null where there is none. */
  readonly gainDeviation: Matrix | null;
}

export interface PredictedValue {
  readonly mean: number;
  /** Variance that comes from the coordinates' uncertainty. */
  readonly spread: number;
  /** Variance of true values about the decoder. */
  readonly scatter: number;
}

const PLACING_ROWS = 64;
const DECODED_ROWS = 32;

export class HeldOutPredictor {
  readonly #place: Session;
  /** Apart, since a session computes all of its outputs whichever are asked for. */
  readonly #decode: Readonly<Record<'value' | 'scatter', Session>>;
  readonly #coordinates: number;
  readonly #outputs: number;
  readonly #gained: boolean;

  private constructor(
    place: Session,
    decode: Readonly<Record<'value' | 'scatter', Session>>,
    { coordinates, outputs, shape }: GplvmTensors,
  ) {
    this.#place = place;
    this.#decode = decode;
    this.#coordinates = coordinates;
    this.#outputs = outputs;
    this.#gained = coordinates > shape.latents;
  }

  /** @param parameters of a model whose covariances are not widened yet */
  static async load(tensors: GplvmTensors, parameters: Parameters, runtime: Runtime): Promise<HeldOutPredictor> {
    const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
    const { place, decode } = predictionGraphs(tensors);
    const load = (name: string, outputs: typeof place) =>
      runtime.createSession(writeOnnx({ name, outputs, parameterValues }));
    const apart = {
      value: await load('values', { value: decode.value }),
      scatter: await load('scatter', { scatter: decode.scatter }),
    };
    return new HeldOutPredictor(await load('placing', place), apart, tensors);
  }

  /** Coordinates from spectra, N × P each; ivar 0 = not observed. */
  async place(flux: Matrix, ivar: Matrix, signal?: AbortSignal): Promise<PlacedObjects> {
    const E = this.#coordinates;
    const mean = zeros(flux.rows, E);
    const covariance = zeros(flux.rows, E * E);
    const gainDeviation = this.#gained ? zeros(flux.rows, 1) : null;
    const placeBlock = (block: RowBlock) =>
      this.#place.run(
        { flux: blockOf(flux, block), ivar: blockOf(ivar, block) },
        {
          mean: blockOf(mean, block),
          covariance: blockOf(covariance, block),
          ...(gainDeviation === null ? {} : { gainDeviation: blockOf(gainDeviation, block) }),
        },
      );
    await forEachBlock(flux.rows, placeBlock, signal, PLACING_ROWS);
    return { mean, covariance, gainDeviation };
  }

  /** Every output of every object, with covariances widened by `factor`. */
  async predict(
    { mean, covariance, gainDeviation }: PlacedObjects,
    factor: number,
    signal: AbortSignal | undefined,
    visit: (object: number, output: number, value: PredictedValue) => void,
  ): Promise<void> {
    const D = this.#outputs;
    const wide = { mean, covariance: { ...covariance, data: covariance.data.map((value) => factor * value) } };
    const pointsEach = 1 + 2 * mean.columns;
    // The scatter, much the dearer, is taken at the mean alone.
    const unscattered = zeros(DECODED_ROWS * pointsEach, D);
    await forEachBlock(
      mean.rows,
      async (block) => {
        const { start, count } = block;
        const points = sigmaPoints(wide, start, start + count);
        const decoded = zeros(points.rows, D);
        const [centre, spread, scatter] = [0, 1, 2].map(() => new Float32Array(count * D));
        const gains = gainDeviation === null ? {} : { gainDeviation: repeated(gainDeviation, block, pointsEach) };
        await this.#decode.value.run({ coordinates: points.data, ...gains }, { value: decoded.data });
        await this.#decode.scatter.run({ coordinates: blockOf(mean, block) }, { scatter });
        momentsOf({ decoded, scatter: unscattered, pointsEach }, centre, spread);
        for (let at = 0; at < count * D; at++) {
          const value = { mean: centre[at], spread: spread[at], scatter: scatter[at] };
          visit(start + Math.floor(at / D), at % D, value);
        }
      },
      signal,
      DECODED_ROWS,
    );
  }

  async release(): Promise<void> {
    await this.#place.release();
    await this.#decode.value.release();
    await this.#decode.scatter.release();
  }
}

function repeated({ data }: Matrix, { start, count }: RowBlock, times: number): Float32Array {
  return Float32Array.from({ length: count * times }, (_, at) => data[start + Math.floor(at / times)]);
}
