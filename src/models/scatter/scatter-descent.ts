/** The network of `scatter-network.ts` fitted to residuals: Adam on a penalised Gaussian likelihood with clipped tails. */
import { InterruptedError, type Matrix, type Random, row } from '../../base/index.ts';
import {
  add,
  divide,
  gradients,
  input,
  log,
  maximum,
  minimum,
  multiply,
  parametersOf,
  slice,
  square,
  subtract,
  sum,
  type Tensor,
  writeOnnx,
} from '../../graph/index.ts';
import { type DenseLayer, initialDense } from '../layers/dense.ts';
import type { FitContext, ModelShape, Parameters } from '../model.ts';
import { Adam } from './adam.ts';
import { CENTRE, SCALE, scatterLayers, scatterVariance } from './scatter-network.ts';

const BATCH = 64;
const STEPS = 2000;
const LEARNING_RATE = 6e-3;
/** The last steps, to settle, are ten times smaller. */
const SETTLING = 600;
const REPORT_EVERY = 50;
/** A prefix keeps outputs apart from parameters: they share one space of names. */
const GRADIENT = 'gradient.';
/** The network's first answer hardly depends on the latents. */
const FIRST_WEIGHTS = 0.01;

/*
 * Standard deviations of the priors, in ln s², without which pixels whose excess drowns in noise would go their own ways:
 * what one hidden unit may do to a pixel, to a knot or the level, and how much neighbouring pixels differ.
 */
const OF_PIXELS = 0.2;
const OF_MANY_PIXELS = 0.7;
const OF_NEIGHBOURS = 0.5;

/** Residuals beyond so many standard deviations count by their logarithm: a few odd spectra must not widen the bands. */
const CLIP = 5;

/** Held-out spectra: latents N × Q, residuals and what these would scatter by if the model left nothing, N × P. */
export interface ScatteredResiduals {
  readonly latent: Matrix;
  readonly residual: Matrix;
  /** A variance; 0 = not observed. */
  readonly noise: Matrix;
}

/**
 * @param average scatter over all objects, length P: where descent begins
 * @returns the parameters of `scatterVariance`
 * @throws InterruptedError when the context's signal fires
 */
export async function descendScatter(
  residuals: ScatteredResiduals,
  average: Float32Array,
  { runtime, random, signal, onProgress }: FitContext,
): Promise<Parameters> {
  const { rows } = residuals.latent;
  const shape = { pixels: residuals.residual.columns, latents: residuals.latent.columns };
  const scaling = scalingOf(residuals.latent);
  const network = startingPoint(average, leastScatter(residuals.noise), shape, random);
  const batch = new Batch(Math.min(BATCH, rows), shape);
  const loss = scatterLoss(batch.rows, rows, shape);
  const moved = [...parametersOf([loss])].filter(([name]) => name in network);
  const derivatives = gradients(
    loss,
    moved.map(([, tensor]) => tensor),
  );
  const outputs = Object.fromEntries(moved.map(([name], at) => [GRADIENT + name, derivatives[at]]));
  const slopes = Object.fromEntries(
    moved.map(([name]) => [GRADIENT + name, new Float32Array(network[name].data.length)]),
  );
  const session = await runtime.createSession(writeOnnx({ name: 'scatter', outputs, leadingDimension: batch.rows }));
  const adam = new Adam(network);
  try {
    const step = session.bind({ ...batch.feeds, ...valuesOf({ ...scaling, ...network }) }, slopes);
    for (let done = 0; done < STEPS; done++) {
      if (signal?.aborted) throw new InterruptedError('estimating the scatter about the model was interrupted');
      batch.next(residuals, random);
      await step.run();
      adam.move((name) => slopes[GRADIENT + name], done < STEPS - SETTLING ? LEARNING_RATE : LEARNING_RATE / 10);
      if ((done + 1) % REPORT_EVERY === 0) {
        onProgress?.({ stage: 'estimating the scatter', done: done + 1, total: STEPS });
      }
    }
  } finally {
    await session.release();
  }
  return { ...scaling, ...network };
}

/**
 * Mean per spectrum of ½ Σ_p [ln V + ρ(r²/V)], V = noise + s²(z), and of minus the logarithm of the priors. ρ grows as its
 * argument up to CLIP² and as the logarithm beyond.
 *
 * @param objects N: how many spectra share the priors
 */
function scatterLoss(rows: number, objects: number, shape: ModelShape): Tensor {
  const latent = input('latent', [rows, shape.latents]);
  const [residual, noise, seen] = ['residual', 'noise', 'seen'].map((name) => input(name, [rows, shape.pixels]));
  const variance = add(noise, scatterVariance(latent, shape));
  const deviation = divide(square(residual), variance);
  const beyond = multiply(log(maximum(divide(deviation, CLIP ** 2), 1)), CLIP ** 2);
  const misfit = add(minimum(deviation, CLIP ** 2), beyond);
  const likelihood = divide(sum(multiply(seen, add(log(variance), misfit))), 2 * rows);
  return add(likelihood, divide(priors(parametersOf([variance]), shape), objects));
}

function priors(parameters: ReadonlyMap<string, Tensor>, shape: ModelShape): Tensor {
  const of = (name: string): Tensor => {
    const found = parameters.get(name);
    if (found === undefined) throw new Error(`the scatter does not depend on ${name}`);
    return found;
  };
  const normal = (values: Tensor, deviation: number) => multiply(sum(square(values)), 0.5 / deviation ** 2);
  const { pixels, level, continuum } = scatterLayers(shape);
  const bias = of(`${pixels.name}.bias`);
  const steps = subtract(slice(bias, 0, 1, shape.pixels), slice(bias, 0, 0, shape.pixels - 1));
  return [
    normal(of(`${pixels.name}.weight`), OF_PIXELS),
    normal(of(`${level.name}.weight`), OF_MANY_PIXELS),
    normal(of(`${continuum.name}.weight`), OF_MANY_PIXELS),
    normal(steps, OF_NEIGHBOURS),
  ].reduce(add);
}

/** A minibatch's arrays, filled again and again in an order that is shuffled at each pass over the spectra. */
class Batch {
  readonly rows: number;
  readonly feeds: Readonly<Record<'latent' | 'residual' | 'noise' | 'seen', Float32Array>>;
  #order: Uint32Array = new Uint32Array(0);
  #at = 0;

  constructor(rows: number, { pixels, latents }: ModelShape) {
    this.rows = rows;
    const each = (columns: number) => new Float32Array(rows * columns);
    this.feeds = { latent: each(latents), residual: each(pixels), noise: each(pixels), seen: each(pixels) };
  }

  next({ latent, residual, noise }: ScatteredResiduals, random: Random): void {
    if (this.#at + this.rows > this.#order.length) {
      this.#order = random.permutation(latent.rows);
      this.#at = 0;
    }
    for (let b = 0; b < this.rows; b++, this.#at++) {
      const object = this.#order[this.#at];
      this.feeds.latent.set(row(latent, object), b * latent.columns);
      this.feeds.residual.set(row(residual, object), b * residual.columns);
      const variance = row(noise, object);
      for (let p = 0, at = b * noise.columns; p < variance.length; p++, at++) {
        this.feeds.seen[at] = variance[p] > 0 ? 1 : 0;
        this.feeds.noise[at] = variance[p] > 0 ? variance[p] : 1;
      }
    }
  }
}

/** Half of the average scatter in either term: neighbouring pixels averaged in the one, the median of all in the other. */
function startingPoint(average: Float32Array, least: number, shape: ModelShape, random: Random): Parameters {
  const layers = scatterLayers(shape);
  const smooth = average.map((_, p) => Math.max(least, meanOf(average.subarray(Math.max(0, p - 2), p + 3))));
  const median = smooth.slice().sort()[smooth.length >> 1];
  const last = (layer: DenseLayer, bias: (at: number) => number): Parameters => {
    const { name, outputs } = layer;
    const weight = initialDense(layer, random)[`${name}.weight`];
    return {
      [`${name}.weight`]: { ...weight, data: weight.data.map((w) => FIRST_WEIGHTS * w) },
      [`${name}.bias`]: { shape: [outputs], data: Float32Array.from({ length: outputs }, (_, at) => bias(at)) },
    };
  };
  return {
    ...initialDense(layers.hidden, random),
    ...last(layers.level, () => 0),
    ...last(layers.pixels, (p) => Math.log(smooth[p] / 2)),
    ...last(layers.continuum, () => Math.log(median / 2)),
  };
}

/** A hundredth of a per cent of the mean noise: no scatter to speak of, and yet a logarithm to descend from. */
function leastScatter(noise: Matrix): number {
  const observed = noise.data.filter((variance) => variance > 0);
  return observed.length === 0 ? 1 : 1e-4 * meanOf(observed);
}

/** Mean and standard deviation of each latent. */
function scalingOf({ rows, columns, data }: Matrix): Parameters {
  const centre = new Float32Array(columns);
  const scale = new Float32Array(columns);
  for (let q = 0; q < columns; q++) {
    const values = Float64Array.from({ length: rows }, (_, n) => data[n * columns + q]);
    const mean = meanOf(values);
    centre[q] = mean;
    // A latent that is the same everywhere has no spread to measure by.
    scale[q] = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) || 1;
  }
  return { [CENTRE]: { shape: [columns], data: centre }, [SCALE]: { shape: [columns], data: scale } };
}

function meanOf(values: Float32Array | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}

function valuesOf(parameters: Parameters): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
}
