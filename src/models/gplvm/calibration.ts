/**
 * How far the latents' covariances must be widened for what is predicted from them to scatter as stated. Laplace's
 * covariance takes the decoders for exact and their errors for independent from output to output; both make it narrow.
 * Factors are fitted to held-out objects: one to half of their pixels, predicted from the other half, and one to their labels,
 * predicted from spectra alone; as predictions are made later, over sigma points of the widened covariances.
 */
import type { Matrix } from '../../base/index.ts';
import type { Parameters } from '../model.ts';
import { HeldOutPredictor, PredictionSessions, type PredictorParts, placeHeldOut } from './held-out-predictor.ts';
import type { StandardisedRows } from './standardise.ts';

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

/** Objects that a model has not seen, standardised, by which posteriors are widened. */
export interface Judges {
  /** Of that model; its covariances are not widened yet. */
  readonly parameters: Parameters;
  readonly rows: StandardisedRows;
  /** Where their fits start, N × Q or of more objects. */
  readonly start: Matrix;
  /** Whether fits of their spectra have gone on from there for some epochs. */
  readonly settled: boolean;
}

/** Rounds of one step in which fits settle: from afar, from where more of the object was seen, from where they settled before. */
const ROUNDS = { fromAfar: 10, fromNear: 3, again: 1 };

/**
 * The factors for a fitted model, from held-out objects. There may be several lots of them, each with parameters of its
 * own that know nothing of it; their predictions count together.
 */
export async function wideningOf(
  parts: PredictorParts,
  lots: readonly Judges[],
  signal?: AbortSignal,
): Promise<Widening> {
  const { pixels } = parts.tensors.shape;
  const judges = lots.map(firstOf);
  const hidden = judges.map((lot): Predicted => {
    const precision = halfHidden(columnsUpTo(lot.rows.precision, pixels));
    return { lot, shown: { ...lot.rows, precision }, rounds: lot.settled ? ROUNDS.fromNear : ROUNDS.fromAfar };
  });
  const ofPixels = await settled(parts, hidden, { from: 0, upTo: pixels, weight: 1 / pixels }, signal);
  const labels = judges.reduce((count, { rows }) => count + countObserved(rows.precision, pixels), 0);
  if (labels < LEAST_LABELS) return { ofPixels, ofLabels: ofPixels };
  const unlabelled = judges.map((lot): Predicted => {
    const precision = columnsUpTo(lot.rows.precision, pixels);
    return { lot, shown: { ...lot.rows, precision }, rounds: lot.settled ? ROUNDS.again : ROUNDS.fromAfar };
  });
  const { outputs } = parts.tensors;
  const ofLabels = await settled(parts, unlabelled, { from: pixels, upTo: outputs, weight: 1 }, signal);
  return { ofPixels, ofLabels };
}

/** Objects of which a part is shown; the rest of what was observed is predicted. */
interface Predicted {
  readonly lot: Judges;
  readonly shown: StandardisedRows;
  /** In which their fits settle. */
  readonly rounds: number;
}

/** The outputs that are predicted, and what each value counts. */
interface Asked {
  readonly from: number;
  readonly upTo: number;
  readonly weight: number;
}

/** How far the spread grows with a factor is known only near the factor it was worked out at. */
const FACTORS_TRIED = 2;

async function settled(
  parts: PredictorParts,
  predicted: readonly Predicted[],
  asked: Asked,
  signal?: AbortSignal,
): Promise<number> {
  const sessions = await PredictionSessions.load(parts, asked.from);
  const predictors: { readonly of: Predicted; readonly predictor: HeldOutPredictor }[] = [];
  for (const of of predicted) {
    const { parameters, start } = of.lot;
    const placed = await placeHeldOut(parts, sessions, parameters, of.shown, { start, rounds: of.rounds }, signal);
    predictors.push({ of, predictor: await HeldOutPredictor.of(sessions, parameters, placed, signal) });
  }
  let factor = 1;
  for (let round = 0; round < FACTORS_TRIED; round++) {
    const predictions: Predictions = { squaredError: [], spread: [], other: [], weight: [] };
    for (const { of, predictor } of predictors) await predict(predictor, of, asked, factor, predictions, signal);
    factor *= coveringWidening(predictions);
  }
  await sessions.release();
  return Math.min(Math.max(factor, RANGE[0]), RANGE[1]);
}

/** Adds the predictions of all that was observed and not shown. */
async function predict(
  predictor: HeldOutPredictor,
  { lot, shown }: Predicted,
  { from, upTo, weight }: Asked,
  factor: number,
  into: Predictions,
  signal?: AbortSignal,
): Promise<void> {
  const { value, precision } = lot.rows;
  const { scatter } = predictor;
  await predictor.predict(factor, signal, (n, d, { mean, spread }) => {
    const at = n * precision.columns + from + d;
    if (from + d >= upTo || !(precision.data[at] > 0) || shown.precision.data[at] > 0) return;
    const other = scatter.data[n * scatter.columns + d] + 1 / precision.data[at];
    add(into, value.data[at] - mean, spread, other, weight);
  });
}

function add(into: Predictions, error: number, spread: number, other: number, weight: number): void {
  into.squaredError.push(error * error);
  into.spread.push(spread);
  into.other.push(other);
  into.weight.push(weight);
}

/** Of every other object the first half of the observed values hidden, of the rest the second half. */
export function halfHidden(precision: Matrix): Matrix {
  const shown = { ...precision, data: Float32Array.from(precision.data) };
  for (let n = 0; n < precision.rows; n++) {
    const start = n * precision.columns;
    const observed: number[] = [];
    for (let p = 0; p < precision.columns; p++) if (precision.data[start + p] > 0) observed.push(start + p);
    const half = observed.length >> 1;
    for (const at of n % 2 === 0 ? observed.slice(0, half) : observed.slice(half)) shown.data[at] = 0;
  }
  return shown;
}

/** With 0 in the columns from `pixels` on. */
function columnsUpTo(precision: Matrix, pixels: number): Matrix {
  const { columns } = precision;
  return { ...precision, data: precision.data.map((value, at) => (at % columns < pixels ? value : 0)) };
}

function countObserved({ data, columns }: Matrix, from: number): number {
  return data.reduce((count, value, at) => count + (at % columns >= from && value > 0 ? 1 : 0), 0);
}

function firstOf({ rows, start, ...judges }: Judges): Judges {
  const head = ({ rows: all, columns, data }: Matrix): Matrix => {
    const kept = Math.min(all, LARGEST);
    return { rows: kept, columns, data: data.subarray(0, kept * columns) };
  };
  return { ...judges, rows: { value: head(rows.value), precision: head(rows.precision) }, start: head(start) };
}
