import { type Matrix, type Random, row, zeros } from '../../base/index.ts';
import { type Runtime, type Session, writeOnnx } from '../../graph/index.ts';
import { blockOf, choleskyInto, forEachBlock } from '../../linalg/index.ts';
import type { Parameters } from '../model.ts';
import { posteriorGraph } from './graphs.ts';
import type { TrainingLatents } from './latents.ts';
import type { StandardisedRows } from './standardise.ts';
import type { GplvmTensors } from './tensors.ts';

/** Rounds of one step each: first some, then one an update, as posteriors follow the decoders from epoch to epoch. */
const FIRST_ROUNDS = 2;
/** Objects at a time: Jacobians of a thousand outputs and ten latents take 5 MB, and a step holds a dozen such arrays. */
const BLOCK_ROWS = 128;
/** Standard deviation of all coordinates before the first update. */
const STARTING_DEVIATION = 0.3;

/**
 * Gaussians over the coordinates of all N training objects (E = Q latents, and the gain), by Laplace's approximation:
 * brought up to date with the decoders now and then, and sampled in between.
 */
export class PosteriorTable implements TrainingLatents {
  readonly sampled = true;
  /** N × E */
  readonly mean: Matrix;
  /** N × E², Cholesky factors of the covariances, row-major lower triangles. */
  readonly factor: Matrix;
  readonly #rows: StandardisedRows;
  readonly #session: Session;
  readonly #parameters: () => Parameters;
  readonly #latents: number;
  #begun = false;

  /**
   * @param session of `posteriorSession`, which stays the caller's
   * @param parameters the model's, as they are at each update
   */
  constructor(
    start: Matrix,
    coordinates: number,
    rows: StandardisedRows,
    session: Session,
    parameters: () => Parameters,
  ) {
    this.#rows = rows;
    this.#session = session;
    this.#parameters = parameters;
    this.#latents = start.columns;
    this.mean = zeros(start.rows, coordinates);
    this.factor = zeros(start.rows, coordinates * coordinates);
    for (let n = 0; n < start.rows; n++) {
      this.mean.data.set(row(start, n), n * coordinates);
      for (let e = 0; e < coordinates; e++) {
        this.factor.data[(n * coordinates + e) * coordinates + e] = STARTING_DEVIATION;
      }
    }
  }

  /** To be called when a checkpoint has told where the posteriors stand. */
  resumed(): void {
    this.#begun = true;
  }

  /** A few steps towards every object's best latents under the decoders as they are, and the covariances there. */
  async beginEpoch(signal?: AbortSignal): Promise<void> {
    const rounds = this.#begun ? 1 : FIRST_ROUNDS;
    this.#begun = true;
    for (let round = 0; round < rounds; round++) await this.#update(signal);
  }

  async #update(signal?: AbortSignal): Promise<void> {
    const { value, precision } = this.#rows;
    const { columns } = this.mean;
    const parameters = Object.fromEntries(Object.entries(this.#parameters()).map(([name, { data }]) => [name, data]));
    const mean = new Float32Array(BLOCK_ROWS * columns);
    const covariance = new Float32Array(BLOCK_ROWS * columns * columns);
    const factor = new Float64Array(columns * columns);
    const wanted = new Set(this.#session.inputs.map(({ name }) => name));
    const fed = Object.fromEntries(Object.entries(parameters).filter(([name]) => wanted.has(name)));
    const visit = async (block: { start: number; count: number }) => {
      const found = mean.subarray(0, block.count * columns);
      const spread = covariance.subarray(0, block.count * columns * columns);
      await this.#session.run(
        {
          ...fed,
          value: blockOf(value, block),
          precision: blockOf(precision, block),
          start: blockOf(this.mean, block),
        },
        { mean: found, covariance: spread },
      );
      blockOf(this.mean, block).set(found);
      for (let at = 0; at < block.count; at++) {
        choleskyInto(factor, spread.subarray(at * columns * columns, (at + 1) * columns * columns), columns);
        row(this.factor, block.start + at).set(factor);
      }
    };
    await forEachBlock(value.rows, visit, signal, BLOCK_ROWS);
  }

  async sample(chosen: Uint32Array, random: Random, latent: Float32Array): Promise<void> {
    const { columns } = this.mean;
    const deviates = new Float64Array(this.#latents);
    for (let at = 0; at < chosen.length; at++) {
      random.fillNormal(deviates);
      const mean = row(this.mean, chosen[at]);
      const factor = row(this.factor, chosen[at]);
      for (let q = 0; q < this.#latents; q++) {
        let value = mean[q];
        for (let k = 0; k <= q; k++) value += factor[q * columns + k] * deviates[k];
        latent[at * this.#latents + q] = value;
      }
    }
  }

  /** Nothing: `beginEpoch` moves all objects. */
  async step(): Promise<void> {}

  means(): Matrix {
    const latents = zeros(this.mean.rows, this.#latents);
    for (let n = 0; n < latents.rows; n++) {
      latents.data.set(row(this.mean, n).subarray(0, this.#latents), n * this.#latents);
    }
    return latents;
  }

  divergence(): number {
    const { columns, rows } = this.mean;
    let total = 0;
    for (let n = 0; n < rows; n++) {
      const mean = row(this.mean, n);
      const factor = row(this.factor, n);
      for (let q = 0; q < this.#latents; q++) {
        total += 0.5 * (mean[q] * mean[q] - 1) - Math.log(Math.max(factor[q * columns + q], 1e-30));
        for (let k = 0; k <= q; k++) total += 0.5 * factor[q * columns + k] ** 2;
      }
    }
    return total / rows;
  }

  parameters(): Parameters {
    return {};
  }

  arrays(): Parameters {
    const named = ({ rows, columns, data }: Matrix) => ({ shape: [rows, columns], data });
    return { 'posterior.mean': named(this.mean), 'posterior.factor': named(this.factor) };
  }

  async release(): Promise<void> {}
}

/** What posteriors are brought up to date with, by one step of each object's fit. */
export function posteriorSession(tensors: GplvmTensors, runtime: Runtime): Promise<Session> {
  const { inputs, outputs } = posteriorGraph(tensors, 1);
  return runtime.createSession(writeOnnx({ name: 'posteriors', inputs: Object.values(inputs), outputs }));
}
