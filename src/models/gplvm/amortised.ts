import { InterruptedError, type Matrix, type Random, row, zeros } from '../../base/index.ts';
import { type BoundRun, type Runtime, type Session, type Tensor, writeOnnx } from '../../graph/index.ts';
import type { Kernels } from '../../kernels/index.ts';
import { blockOf, forEachBlock } from '../../linalg/index.ts';
import type { DirectFitContext, Parameters } from '../model.ts';
import {
  drawPart,
  type EncoderNetwork,
  networkGradients,
  sampleGraph,
  startLoss,
  stepLoss,
  toldGraph,
} from './encoder-network.ts';
import type { TrainingLatents } from './latents.ts';
import type { StandardisedRows } from './standardise.ts';
import { TrainedParameters } from './trained.ts';

/** The network's learning rate as a share of that of latents which move by themselves. */
const SHARE_OF_RATE = 1 / 30;
/** Steps by which the network learns the latents that a fit starts from, and their learning rate. */
const START = { steps: 500, learningRate: 2e-3 };

export interface AmortisedOptions extends Pick<DirectFitContext, 'runtime' | 'random' | 'signal'> {
  readonly kernels: Kernels;
  /** B */
  readonly batch: number;
  /** P: the other outputs are labels. */
  readonly pixels: number;
}

/**
 * Latents that a network tells from what was observed of the N training objects: all objects share its parameters, and
 * Adam moves those. Like `PosteriorTable` it is a distribution, of independent coordinates.
 */
export class AmortisedLatents implements TrainingLatents {
  readonly sampled = true;
  readonly #rows: StandardisedRows;
  readonly #pixels: number;
  readonly #trained: TrainedParameters;
  /** Adam's steps so far. */
  readonly #steps = new Float32Array(1);
  /** Of all objects as they were told when the epoch began, N × Q each. */
  readonly #told: Readonly<Record<'mean' | 'logDeviation', Matrix>>;
  readonly #arrays: Readonly<Record<'value' | 'precision' | 'shown' | 'deviate' | 'slope' | 'latent', Float32Array>>;
  readonly #sessions: NetworkSessions;
  readonly #runs: Readonly<Record<'sample' | 'step' | 'start', BoundRun>>;

  private constructor(
    network: EncoderNetwork,
    rows: StandardisedRows,
    { batch, pixels, kernels, random }: AmortisedOptions,
    sessions: NetworkSessions,
  ) {
    const { outputs, latents } = network;
    this.#rows = rows;
    this.#pixels = pixels;
    this.#trained = new TrainedParameters(kernels, 'network', network.initialParameters(random.stream('network')));
    this.#told = { mean: zeros(rows.value.rows, latents), logDeviation: zeros(rows.value.rows, latents) };
    const array = (columns: number) => new Float32Array(batch * columns);
    this.#arrays = {
      value: array(outputs),
      precision: array(outputs),
      shown: array(outputs),
      deviate: array(latents),
      slope: array(latents),
      latent: array(latents),
    };
    this.#sessions = sessions;
    const { values, gradients } = this.#trained;
    const bound = (session: Session, into: Readonly<Record<string, Float32Array>>) => {
      const from: Readonly<Record<string, Float32Array>> = { ...this.#arrays, ...values };
      return session.bind(Object.fromEntries(session.inputs.map(({ name }) => [name, from[name]])), into);
    };
    const ofGradients = Object.fromEntries(Object.entries(gradients).map(([name, data]) => [gradientOf(name), data]));
    this.#runs = {
      sample: bound(sessions.sample, { latent: this.#arrays.latent }),
      step: bound(sessions.step, ofGradients),
      start: bound(sessions.start, ofGradients),
    };
  }

  /** @param start latents that the network learns first, N × Q; null when a checkpoint will tell its parameters */
  static async load(
    network: EncoderNetwork,
    start: Matrix | null,
    rows: StandardisedRows,
    options: AmortisedOptions,
  ): Promise<AmortisedLatents> {
    const sessions = await loadSessions(network, options.batch, options.runtime);
    const latents = new AmortisedLatents(network, rows, options, sessions);
    if (start !== null) await latents.#learn(start, options);
    return latents;
  }

  async #learn(start: Matrix, { random, signal, batch }: AmortisedOptions): Promise<void> {
    const drawing = random.stream("network's start");
    const chosen = new Uint32Array(batch);
    for (let step = 0; step < START.steps; step++) {
      if (signal?.aborted) throw new InterruptedError('Interrupted.');
      for (let at = 0; at < batch; at++) chosen[at] = drawing.integer(start.rows);
      this.#place(chosen, drawing);
      for (const [at, object] of chosen.entries()) this.#arrays.latent.set(row(start, object), at * start.columns);
      await this.#runs.start.run();
      this.#move(START.learningRate);
    }
  }

  async beginEpoch(signal?: AbortSignal): Promise<void> {
    const { value, precision } = this.#rows;
    const { mean, logDeviation } = this.#told;
    const visit = (block: { start: number; count: number }) =>
      this.#sessions.told.run(
        { ...this.#trained.values, value: blockOf(value, block), precision: blockOf(precision, block) },
        { mean: blockOf(mean, block), logDeviation: blockOf(logDeviation, block) },
      );
    await forEachBlock(value.rows, visit, signal);
  }

  async sample(chosen: Uint32Array, random: Random, latent: Float32Array): Promise<void> {
    this.#place(chosen, random);
    random.fillNormal(this.#arrays.deviate);
    await this.#runs.sample.run();
    latent.set(this.#arrays.latent);
  }

  /** Of the objects that were sampled last. */
  async step(
    _chosen: Uint32Array,
    gradient: Float32Array,
    scale: number,
    _visits: number,
    rate: number,
  ): Promise<void> {
    for (let at = 0; at < gradient.length; at++) this.#arrays.slope[at] = scale * gradient[at];
    await this.#runs.step.run();
    this.#move(rate * SHARE_OF_RATE);
  }

  #move(learningRate: number): void {
    this.#steps[0]++;
    this.#trained.step(this.#steps[0], learningRate);
  }

  /** What was observed of the chosen objects, and a part of it. */
  #place(chosen: Uint32Array, random: Random): void {
    const { value, precision, shown } = this.#arrays;
    const { columns } = this.#rows.value;
    for (const [at, object] of chosen.entries()) {
      value.set(row(this.#rows.value, object), at * columns);
      precision.set(row(this.#rows.precision, object), at * columns);
      drawPart(shown.subarray(at * columns, (at + 1) * columns), this.#pixels, random);
    }
  }

  means(): Matrix {
    return this.#told.mean;
  }

  divergence(): number {
    const { mean, logDeviation } = this.#told;
    let total = 0;
    for (const [at, log] of logDeviation.data.entries()) {
      total += 0.5 * (mean.data[at] ** 2 + Math.exp(2 * log) - 1) - log;
    }
    return total / mean.rows;
  }

  parameters(): Parameters {
    return this.#trained.parameters();
  }

  arrays(): Parameters {
    return { ...this.#trained.arrays(), 'network.steps': { shape: [1], data: this.#steps } };
  }

  async release(): Promise<void> {
    for (const session of Object.values(this.#sessions)) await session.release();
  }
}

type NetworkSessions = Readonly<Record<'told' | 'sample' | 'step' | 'start', Session>>;

async function loadSessions(network: EncoderNetwork, batch: number, runtime: Runtime): Promise<NetworkSessions> {
  const load = (name: string, outputs: Readonly<Record<string, Tensor>>) =>
    runtime.createSession(writeOnnx({ name, outputs }));
  const gradientsOf = (loss: Tensor) =>
    Object.fromEntries(Object.entries(networkGradients(loss)).map(([name, tensor]) => [gradientOf(name), tensor]));
  return {
    told: await load('told', toldGraph(network)),
    sample: await load('sample', sampleGraph(network, batch)),
    step: await load('step', gradientsOf(stepLoss(network, batch))),
    start: await load('start', gradientsOf(startLoss(network, batch))),
  };
}

const gradientOf = (parameter: string) => `${parameter}.gradient`;
