import {
  InterruptedError,
  type LongWorkOptions,
  type Matrix,
  type ProgressReport,
  Random,
  row,
  zeros,
} from '../../base/index.ts';
import { type Dataset, gatherRows, rowsOfSplit, type Split } from '../../dataset/index.ts';
import { dense } from '../../linalg/index.ts';
import type { FitContext } from '../../models/index.ts';
import type { Baseline, LabelledSpectra, LabelPredictor, SpectralFeatures } from './baseline.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { partialLeastSquares } from './partial-least-squares.ts';
import { ridge } from './ridge.ts';
import { FeatureMaker } from './spectral-features.ts';

/** In the order in which tables show them. */
const BASELINES: readonly Baseline[] = [ridge, gaussianProcess, partialLeastSquares, nearestNeighbours];

/** Of larger surveys a random part is taken: what these methods can learn, they have learnt from as many. */
const MOST_TRAIN = 20_000;
const MOST_VALID = 5_000;
/** Labelled objects below which a label is left out. */
const LEAST_TRAIN = 10;
const LEAST_VALID = 3;

/** Variance of standardised labels below which no measurement is believed: a millionth of their scatter. */
const LEAST_NOISE = 1e-12;
const DEFAULT_SEED = 1;

export interface FitBaselinesOptions extends LongWorkOptions {
  readonly runtime: FitContext['runtime'];
  readonly seed?: number;
}

/** One baseline, fitted to every label that enough objects have. */
export interface FittedBaseline {
  readonly name: string;
  readonly title: string;
  /** Training objects that it uses at most. */
  readonly mostObjects: number;
  /** What was chosen on the validation objects, by label. */
  readonly chosen: Readonly<Record<string, LabelPredictor['chosen']>>;
  /** N × K in the order of `labels`: mean and variance of the true label, in its units. */
  predict(features: SpectralFeatures): { readonly mean: Matrix; readonly variance: Matrix };
}

export interface FittedBaselines {
  /** Names of the K labels that are predicted. */
  readonly labels: readonly string[];
  readonly baselines: readonly FittedBaseline[];
  /** Spectra that they were fitted to and that their settings were chosen on, and how many the dataset has of each. */
  readonly spectra: Readonly<Record<'train' | 'valid', { readonly used: number; readonly all: number }>>;
  /** Spectra as `predict` takes them. */
  readonly features: Pick<FeatureMaker, 'of' | 'release'>;
}

/**
 * Fits all baselines to the training objects of a dataset, with what they leave open chosen on its validation objects.
 *
 * @param names labels that `labelsToPredict` found enough objects for
 * @throws UserError when no training spectrum has an observed pixel, or values are too large for float32
 * @throws InterruptedError when `options.signal` fires
 */
export async function fitBaselines(
  dataset: Dataset,
  names: readonly string[],
  options: FitBaselinesOptions,
): Promise<FittedBaselines> {
  const random = new Random(options.seed ?? DEFAULT_SEED).stream('baselines');
  const observed = { train: observedRows(dataset, 'train'), valid: observedRows(dataset, 'valid') };
  const train = randomPart(observed.train, MOST_TRAIN, random.stream('train'));
  const valid = randomPart(observed.valid, MOST_VALID, random.stream('valid'));
  const data = { wavelength: dataset.wavelength, ...spectraOf(dataset, train) };
  const features = await FeatureMaker.fit(data, { ...options, random });
  const seen = {
    train: await features.of(data.flux, data.ivar, options.signal),
    valid: await featuresOfRows(dataset, valid, features, options.signal),
  };
  const fits: LabelFit[] = [];
  for (const name of names) {
    const standard = standardOf(dataset, name, train);
    const labelled = {
      train: labelledSpectra(dataset, train, seen.train, standard),
      valid: labelledSpectra(dataset, valid, seen.valid, standard),
    };
    for (const baseline of BASELINES) {
      await pause(options.signal);
      options.onProgress?.(progressOf(fits.length, names.length, `${baseline.title}, ${name}`));
      const predictor = baseline.fit(labelled.train, labelled.valid, { random: random.stream(baseline.name) });
      fits.push({ baseline, standard, predictor });
    }
  }
  options.onProgress?.(progressOf(fits.length, names.length));
  const spectra = {
    train: { used: train.length, all: observed.train.length },
    valid: { used: valid.length, all: observed.valid.length },
  };
  return { labels: names, baselines: BASELINES.map((baseline) => joined(baseline, fits)), spectra, features };
}

function progressOf(done: number, labels: number, note?: string): ProgressReport {
  return { stage: 'fitting baselines', done, total: labels * BASELINES.length, ...(note !== undefined && { note }) };
}

interface LabelFit {
  readonly baseline: Baseline;
  readonly standard: StandardLabel;
  readonly predictor: LabelPredictor;
}

/** A label, and its mean and standard deviation over the training objects: baselines see it in these units. */
interface StandardLabel {
  readonly name: string;
  readonly column: number;
  readonly centre: number;
  readonly scale: number;
}

/** The fits of one baseline to all labels, back in the labels' units. */
function joined(baseline: Baseline, fits: readonly LabelFit[]): FittedBaseline {
  const own = fits.filter((fit) => fit.baseline === baseline);
  return {
    name: baseline.name,
    title: baseline.title,
    mostObjects: baseline.mostObjects,
    chosen: Object.fromEntries(own.map(({ standard, predictor }) => [standard.name, predictor.chosen])),
    predict(features) {
      const [mean, variance] = [zeros(features.scores.rows, own.length), zeros(features.scores.rows, own.length)];
      own.forEach(({ standard: { centre, scale }, predictor }, k) => {
        const estimate = predictor.predict(features);
        for (let n = 0, at = k; n < mean.rows; n++, at += own.length) {
          mean.data[at] = centre + scale * estimate.mean[n];
          variance.data[at] = scale ** 2 * estimate.variance[n];
        }
      });
      return { mean, variance };
    },
  };
}

/** At most so many of the rows, in their order. */
function randomPart(rows: Uint32Array, most: number, random: Random): Uint32Array {
  if (rows.length <= most) return rows;
  const taken = random.permutation(rows.length).subarray(0, most);
  return Uint32Array.from(taken, (index) => rows[index]).sort();
}

/** Rows of a split with an observed pixel. */
function observedRows(dataset: Dataset, split: Split): Uint32Array {
  return rowsOfSplit(dataset, split).filter((n) => row(dataset.ivar, n).some((ivar) => ivar > 0));
}

function spectraOf({ flux, ivar }: Dataset, rows: Uint32Array) {
  return { flux: gatherRows(flux, rows), ivar: gatherRows(ivar, rows) };
}

async function featuresOfRows(dataset: Dataset, rows: Uint32Array, features: FeatureMaker, signal?: AbortSignal) {
  const { flux, ivar } = spectraOf(dataset, rows);
  return features.of(flux, ivar, signal);
}

function standardOf({ catalogue: { labels } }: Dataset, name: string, train: Uint32Array): StandardLabel {
  const column = labels.names.indexOf(name);
  const at = (n: number) => n * labels.names.length + column;
  const values = Array.from(train)
    .filter((n) => labels.ivar.data[at(n)] > 0)
    .map((n) => labels.value.data[at(n)]);
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  // A label that is the same everywhere has no scatter to measure by.
  return { name, column, centre, scale: Math.sqrt(square) || 1 };
}

/** @param features of the rows, in their order */
function labelledSpectra(
  { catalogue: { labels } }: Dataset,
  rows: Uint32Array,
  { scores, filled }: SpectralFeatures,
  { column, centre, scale }: StandardLabel,
): LabelledSpectra {
  const at = (index: number) => rows[index] * labels.names.length + column;
  const taken = Uint32Array.from(rows, (_, index) => index).filter((index) => labels.ivar.data[at(index)] > 0);
  const own = dense(taken.length, scores.columns);
  taken.forEach((index, into) => {
    own.data.set(scores.data.subarray(index * scores.columns, (index + 1) * scores.columns), into * scores.columns);
  });
  return {
    features: { scores: own, filled: gatherRows(filled, taken) },
    value: Float64Array.from(taken, (index) => (labels.value.data[at(index)] - centre) / scale),
    noise: Float64Array.from(taken, (index) => Math.max(LEAST_NOISE, 1 / (labels.ivar.data[at(index)] * scale ** 2))),
  };
}

/** Lets Ctrl-C be heard between two fits. */
async function pause(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (signal?.aborted) throw new InterruptedError('fitting the baselines was interrupted.');
}

/**
 * Which of the labels enough training and validation objects have; for the others, a sentence that says why not.
 */
export function labelsToPredict(
  dataset: Dataset,
  names: readonly string[],
): { readonly labels: readonly string[]; readonly notes: readonly string[] } {
  const [train, valid] = [observedRows(dataset, 'train'), observedRows(dataset, 'valid')];
  const { labels } = dataset.catalogue;
  const counts = names.map((name) => {
    const column = labels.names.indexOf(name);
    const measured = (n: number) => column >= 0 && labels.ivar.data[n * labels.names.length + column] > 0;
    return { name, train: train.filter(measured).length, valid: valid.filter(measured).length };
  });
  const enough = (count: (typeof counts)[number]) => count.train >= LEAST_TRAIN && count.valid >= LEAST_VALID;
  return {
    labels: counts.filter(enough).map(({ name }) => name),
    notes: counts
      .filter((count) => !enough(count))
      .map(
        (count) =>
          `no baselines for ${count.name}: ${count.train} training and ${count.valid} validation objects have it, and at least ${LEAST_TRAIN} and ${LEAST_VALID} are needed`,
      ),
  };
}
