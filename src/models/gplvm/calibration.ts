/**
 * How far the latents' covariances must be widened for what is predicted from them to scatter as stated. Laplace's
 * covariance takes the decoders for exact and their errors for independent from output to output; both make it narrow.
 * One factor is fitted to held-out objects: to half of their pixels, predicted from the other half, and to their labels,
 * predicted from spectra alone. Where both are there and ask for different factors, their geometric mean serves both.
 */
import type { Matrix } from '../../base/index.ts';
import { type Session, writeOnnx } from '../../graph/index.ts';
import { blockOf, forEachBlock } from '../../linalg/index.ts';
import type { FitContext, FitData, Parameters } from '../model.ts';
import { type GplvmTensors, predictionGraph } from './graphs.ts';

/** Between which factors on variances the best is sought. */
const RANGE: readonly [number, number] = [0.25, 16];
/** Labels measured in fewer held-out objects say too little. */
const LEAST_LABELS = 30;
/** Held-out objects that are predicted: enough for the factor to be known to 5%. */
const LARGEST = 1000;
const BLOCK_ROWS = 64;
/** Standard deviations that no sound value is off by. */
const FAULT = 5;
/** A few faults are found in one round; where they made the first factor large, in two or three. */
const FAULT_ROUNDS = 4;

/** Predictions of one kind of value with what they were found to be off by; all of one length. */
export interface Predictions {
  readonly squaredError: number[];
  /** Variance that comes from the latents. */
  readonly spread: number[];
  /** All other variance: the decoder's scatter and the value's own noise. */
  readonly other: number[];
  /** How much each counts. */
  readonly weight: number[];
}

/** The factor γ that makes errors most probable under N(0, γ · spread + other); 1 when there are none. */
export function bestWidening({ squaredError, spread, other, weight }: Predictions): number {
  if (squaredError.length === 0) return 1;
  const cost = (logFactor: number) => {
    const factor = Math.exp(logFactor);
    let total = 0;
    for (let i = 0; i < squaredError.length; i++) {
      const variance = factor * spread[i] + other[i];
      total += weight[i] * (Math.log(variance) + squaredError[i] / variance);
    }
    return total;
  };
  return Math.exp(lowestBetween(Math.log(RANGE[0]), Math.log(RANGE[1]), cost));
}

/**
 * `bestWidening` but for values further out than the scatter of the others lets pass: faults of the data, such as cosmic
 * rays, which must not widen everyone's intervals.
 */
export function wideningWithoutFaults(predictions: Predictions): number {
  let factor = bestWidening(predictions);
  for (let round = 0; round < FAULT_ROUNDS; round++) factor = bestWidening(within(predictions, factor));
  return factor;
}

/** Those less than `FAULT` standard deviations off. */
function within({ squaredError, spread, other, weight }: Predictions, factor: number): Predictions {
  const sound = (_: number, i: number) => squaredError[i] < FAULT ** 2 * (factor * spread[i] + other[i]);
  return {
    squaredError: squaredError.filter(sound),
    spread: spread.filter(sound),
    other: other.filter(sound),
    weight: weight.filter(sound),
  };
}

/** Golden-section search for the lowest point of a function with one valley. */
function lowestBetween(low: number, high: number, cost: (x: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [low, high];
  while (to - from > 1e-3) {
    const [left, right] = [to - golden * (to - from), from + golden * (to - from)];
    if (cost(left) < cost(right)) to = right;
    else from = left;
  }
  return (from + to) / 2;
}

/**
 * The factor for a fitted model, from held-out objects.
 *
 * @param parameters of `predictionGraph`
 */
export async function wideningOf(
  tensors: GplvmTensors,
  parameters: Parameters,
  heldOut: FitData,
  { runtime, signal }: FitContext,
): Promise<number> {
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const { outputs } = predictionGraph(tensors);
  const session = await runtime.createSession(
    writeOnnx({ name: 'calibration', outputs: { ...outputs }, parameterValues }),
  );
  const data = firstOf(heldOut);
  const ofPixels = wideningWithoutFaults(await pixelPredictions(session, tensors.outputs, data, signal));
  const { labels = 0 } = tensors.shape;
  const ofLabels = labels === 0 ? null : await labelPredictions(session, tensors.outputs, data, signal);
  await session.release();
  if (ofLabels === null || ofLabels.squaredError.length < LEAST_LABELS) return ofPixels;
  return Math.sqrt(ofPixels * bestWidening(ofLabels));
}

async function labelPredictions(
  session: Session,
  outputs: number,
  { flux, ivar, labels }: FitData,
  signal?: AbortSignal,
): Promise<Predictions> {
  const predictions: Predictions = { squaredError: [], spread: [], other: [], weight: [] };
  if (labels === undefined) return predictions;
  await predict(session, outputs, { flux, ivar }, signal, (n, d, mean, spread, scatter) => {
    if (d < flux.columns) return;
    const at = n * labels.value.columns + d - flux.columns;
    if (!(labels.ivar.data[at] > 0)) return;
    add(predictions, labels.value.data[at] - mean, spread, scatter + 1 / labels.ivar.data[at], 1);
  });
  return predictions;
}

async function pixelPredictions(
  session: Session,
  outputs: number,
  { flux, ivar }: FitData,
  signal?: AbortSignal,
): Promise<Predictions> {
  const shown = halfHidden(ivar);
  const predictions: Predictions = { squaredError: [], spread: [], other: [], weight: [] };
  await predict(session, outputs, { flux, ivar: shown }, signal, (n, d, mean, spread, scatter) => {
    if (d >= flux.columns) return;
    const at = n * flux.columns + d;
    if (!(ivar.data[at] > 0) || shown.data[at] > 0) return;
    add(predictions, flux.data[at] - mean, spread, scatter + 1 / ivar.data[at], 1 / flux.columns);
  });
  return predictions;
}

function add(into: Predictions, error: number, spread: number, other: number, weight: number): void {
  into.squaredError.push(error * error);
  into.spread.push(spread);
  into.other.push(other);
  into.weight.push(weight);
}

/** Of every other object the first half of the observed pixels hidden, of the rest the second half. */
export function halfHidden(ivar: Matrix): Matrix {
  const shown = { ...ivar, data: Float32Array.from(ivar.data) };
  for (let n = 0; n < ivar.rows; n++) {
    const start = n * ivar.columns;
    const observed: number[] = [];
    for (let p = 0; p < ivar.columns; p++) if (ivar.data[start + p] > 0) observed.push(start + p);
    const half = observed.length >> 1;
    for (const at of n % 2 === 0 ? observed.slice(0, half) : observed.slice(half)) shown.data[at] = 0;
  }
  return shown;
}

/** Predicts all outputs of every object from its spectrum, value by value. */
async function predict(
  session: Session,
  outputs: number,
  { flux, ivar }: Pick<FitData, 'flux' | 'ivar'>,
  signal: AbortSignal | undefined,
  visit: (object: number, output: number, mean: number, spread: number, scatter: number) => void,
): Promise<void> {
  const [mean, spread, scatter] = [0, 1, 2].map(() => new Float32Array(BLOCK_ROWS * outputs));
  await forEachBlock(
    flux.rows,
    async (block) => {
      const part = (of: Float32Array) => of.subarray(0, block.count * outputs);
      await session.run(
        { flux: blockOf(flux, block), ivar: blockOf(ivar, block) },
        { mean: part(mean), spread: part(spread), scatter: part(scatter) },
      );
      for (let at = 0; at < block.count * outputs; at++) {
        visit(block.start + Math.floor(at / outputs), at % outputs, mean[at], spread[at], scatter[at]);
      }
    },
    signal,
    BLOCK_ROWS,
  );
}

function firstOf({ wavelength, flux, ivar, labels }: FitData): FitData {
  const head = ({ rows, columns, data }: Matrix): Matrix => {
    const kept = Math.min(rows, LARGEST);
    return { rows: kept, columns, data: data.subarray(0, kept * columns) };
  };
  const some = { wavelength, flux: head(flux), ivar: head(ivar) };
  return labels === undefined ? some : { ...some, labels: { value: head(labels.value), ivar: head(labels.ivar) } };
}
