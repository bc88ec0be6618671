/**
 * How far the latents' covariances must be widened for what is predicted from them to scatter as stated. Laplace's
 * covariance takes the decoders for exact and their errors for independent from output to output; both make it narrow.
 * Factors are fitted to held-out objects: one to half of their pixels, predicted from the other half, and one to their labels,
 * predicted from spectra alone; as predictions are made later, over sigma points of the widened covariances.
 */
import type { Matrix } from '../../base/index.ts';
import type { FitContext, FitData, LabelData, Parameters } from '../model.ts';
import type { GplvmTensors } from './graphs.ts';
import { HeldOutPredictor } from './held-out-predictor.ts';

/** Between which factors on variances the best is sought. */
const RANGE: readonly [number, number] = [0.25, 16];
/** Labels measured in fewer held-out objects say too little. */
const LEAST_LABELS = 30;
/** Held-out objects that are predicted: enough for the factors to be known to 8%. */
export const LARGEST = 500;
/** Share of a Gaussian within one standard deviation. */
const WITHIN_ONE_SIGMA = 0.6827;

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

/**
 * The factor γ on the spread with which as many errors lie within one standard deviation, √(γ · spread + other), as do of
 * a Gaussian; 1 when there are none. Each counts by the share of its variance that is spread, for others tell little of
 * it. Unlike the most probable γ this one heeds no error for being enormous: faults of the data, such as cosmic rays, must
 * not widen everyone's intervals.
 */
export function coveringWidening(predictions: Predictions): number {
  if (predictions.squaredError.length === 0) return 1;
  let [low, high] = [Math.log(RANGE[0]), Math.log(RANGE[1])];
  while (high - low > 1e-3) {
    const middle = (low + high) / 2;
    if (surplusWithin(Math.exp(middle), predictions) < 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** How much more of the weight lies within one standard deviation than is due. */
function surplusWithin(factor: number, { squaredError, spread, other, weight }: Predictions): number {
  let surplus = 0;
  for (let i = 0; i < squaredError.length; i++) {
    const variance = factor * spread[i] + other[i];
    const within = squaredError[i] < variance ? 1 : 0;
    surplus += ((weight[i] * factor * spread[i]) / variance) * (within - WITHIN_ONE_SIGMA);
  }
  return surplus;
}

/** Factors on the latents' covariances. */
export interface Widening {
  /** For what is predicted of pixels that were not observed. */
  readonly ofPixels: number;
  /** For labels; that for pixels where too few labels were measured to tell. */
  readonly ofLabels: number;
}

/** Objects that a model has not seen, and the model's parameters: those of `predictionGraphs`. */
export interface Judges {
  readonly parameters: Parameters;
  readonly heldOut: FitData;
}

/**
 * The factors for a fitted model, from held-out objects. There may be several sets of them, each with parameters of its
 * own that know nothing of it; their predictions count as one lot.
 */
export async function wideningOf(
  tensors: GplvmTensors,
  judges: readonly Judges[],
  { runtime, signal }: FitContext,
): Promise<Widening> {
  const [ofPixels, ofLabels]: Predicting[][] = [[], []];
  const loaded: HeldOutPredictor[] = [];
  for (const { parameters, heldOut } of judges) {
    const predictor = await HeldOutPredictor.load(tensors, parameters, runtime);
    loaded.push(predictor);
    const data = firstOf(heldOut);
    ofPixels.push(await pixelPredictions(predictor, data, signal));
    if (data.labels !== undefined) ofLabels.push(await labelPredictions(predictor, data, data.labels, signal));
  }
  const pixels = await settled(ofPixels);
  const labels = judges.reduce((count, { heldOut }) => count + measuredLabels(firstOf(heldOut)), 0);
  const widening = { ofPixels: pixels, ofLabels: labels < LEAST_LABELS ? pixels : await settled(ofLabels) };
  for (const predictor of loaded) await predictor.release();
  return widening;
}

function measuredLabels({ labels }: FitData): number {
  return labels === undefined ? 0 : labels.ivar.data.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
}

/** Predictions from covariances that are widened by the factor given, added to others; their spread is as it comes out then. */
type Predicting = (factor: number, into: Predictions) => Promise<void>;

/** How far the spread grows with a factor is known only near the factor it was worked out at. */
const ROUNDS = 2;

async function settled(lots: readonly Predicting[]): Promise<number> {
  let factor = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const predictions: Predictions = { squaredError: [], spread: [], other: [], weight: [] };
    for (const predict of lots) await predict(factor, predictions);
    factor *= coveringWidening(predictions);
  }
  return Math.min(Math.max(factor, RANGE[0]), RANGE[1]);
}

async function labelPredictions(
  predictor: HeldOutPredictor,
  { flux, ivar }: FitData,
  labels: LabelData,
  signal?: AbortSignal,
): Promise<Predicting> {
  const placed = await predictor.place(flux, ivar, signal);
  return async (factor, into) => {
    await predictor.predict(placed, factor, signal, (n, d, { mean, spread, scatter }) => {
      if (d < flux.columns) return;
      const at = n * labels.value.columns + d - flux.columns;
      if (!(labels.ivar.data[at] > 0)) return;
      add(into, labels.value.data[at] - mean, spread, scatter + 1 / labels.ivar.data[at], 1);
    });
  };
}

async function pixelPredictions(
  predictor: HeldOutPredictor,
  { flux, ivar }: FitData,
  signal?: AbortSignal,
): Promise<Predicting> {
  const shown = halfHidden(ivar);
  const placed = await predictor.place(flux, shown, signal);
  return async (factor, into) => {
    await predictor.predict(placed, factor, signal, (n, d, { mean, spread, scatter }) => {
      if (d >= flux.columns) return;
      const at = n * flux.columns + d;
      if (!(ivar.data[at] > 0) || shown.data[at] > 0) return;
      add(into, flux.data[at] - mean, spread, scatter + 1 / ivar.data[at], 1 / flux.columns);
    });
  };
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

function firstOf({ wavelength, flux, ivar, labels }: FitData): FitData {
  const head = ({ rows, columns, data }: Matrix): Matrix => {
    const kept = Math.min(rows, LARGEST);
    return { rows: kept, columns, data: data.subarray(0, kept * columns) };
  };
  const some = { wavelength, flux: head(flux), ivar: head(ivar) };
  return labels === undefined ? some : { ...some, labels: { value: head(labels.value), ivar: head(labels.ivar) } };
}
