/**
 * How latents answer to noise (VAE paper, section 3.4 and Fig. 17): noise is drawn many times about a noise-free
 * spectrum and each draw is encoded. An estimate without a prior must report the variance that its means then have. A
 * posterior's means must scatter less, since its prior draws them in: with covariance C and prior Λ by C − C Λ⁻¹ C, which
 * for one latent is the share 1 − V/Λ of the variance V reported. Their average lies where the noise-free spectrum does.
 */
import { InterruptedError, type LongWorkOptions, type Matrix, Random, row, UserError, zeros } from '../base/index.ts';
import { type Dataset, rowsOfSplit } from '../dataset/index.ts';
import type { LatentDistribution } from '../inference/index.ts';
import type { NoiseResponseData, ResponseCurve, ResponseRange } from '../plots/index.ts';
import type { FittedRun } from './fitted-run.ts';

/** A run that states its latents' covariances, and which of its latents it uses; `openRun` gives one. */
export interface EncodingRun extends Pick<FittedRun, 'requireCompatible' | 'reconstruct'> {
  readonly run: {
    readonly path: string;
    readonly description: {
      readonly model: string;
      readonly title: string;
      readonly latents: number;
      readonly latentPrior?: readonly number[] | null | undefined;
      readonly latentsInUse: { readonly posteriorShare: readonly number[] };
    };
  };
  encode(flux: Matrix, ivar: Matrix): Promise<LatentDistribution>;
}

/** Which spectrum counts as free of noise: the simulated truth, the run's own reconstruction, the spectrum as it is. */
export const NOISE_FREE = ['truth', 'reconstruction', 'spectrum'] as const;
export type NoiseFree = (typeof NOISE_FREE)[number];

export interface NoiseResponseOptions extends LongWorkOptions {
  /** Objects by id; unless given, `count` of the validation split. */
  readonly ids?: readonly string[];
  /** 1 unless told. */
  readonly count?: number;
  /** Median signal-to-noise ratios per pixel, ascending. */
  readonly snr: readonly number[];
  /** Draws of the noise at each; 100 unless told. */
  readonly realisations?: number;
  /** The truth where the dataset has one, else the reconstruction. */
  readonly noiseFree?: NoiseFree;
  readonly seed?: number;
}

/** One object at one signal-to-noise ratio; arrays of length Q. */
export interface NoiseResponseEntry {
  readonly id: string;
  readonly snr: number;
  /** Standard deviation of the latent means over the draws. */
  readonly scatter: Float64Array;
  /** Root of the mean variance that the encoder reported. */
  readonly reported: Float64Array;
  /** scatter² / reported² */
  readonly varianceRatio: Float64Array;
  /** What `varianceRatio` must be of a calibrated posterior; NaN when the run does not say what its prior is. */
  readonly expectedRatio: Float64Array;
  /** (mean of the latent means − encoding of the noise-free spectrum) / reported */
  readonly bias: Float64Array;
}

export interface NoiseResponse {
  /** Object by object, each in the order of `snr`. */
  readonly entries: readonly NoiseResponseEntry[];
  /** Over all objects, for the figure and the summary. */
  readonly data: NoiseResponseData;
}

/** A latent is in use when its posterior is narrower than this share of its whole variance, as in training. */
const IN_USE = 0.5;

/**
 * Encodes draws of white noise about noise-free spectra. The noise-free encoding is that of the noise-free flux itself
 * with the weights of the highest signal-to-noise ratio asked for. What was not observed stays unobserved.
 *
 * @throws UserError when an object is unknown or not observed, the run states no latent uncertainty, or the run was
 *   fitted on another grid or normalisation
 * @throws InterruptedError when `options.signal` fires
 */
export async function noiseResponse(
  run: EncodingRun,
  dataset: Dataset,
  options: NoiseResponseOptions,
): Promise<NoiseResponse> {
  run.requireCompatible(dataset);
  const { realisations = 100, seed = 1, signal, onProgress } = options;
  const snr = [...options.snr].sort((a, b) => a - b);
  const random = new Random(seed);
  const objects = chooseObjects(dataset, options);
  const entries: NoiseResponseEntry[] = [];
  for (const [index, object] of objects.entries()) {
    const around = await noiseFreeSpectrum(run, dataset, object, options.noiseFree);
    const expected = await run.encode(...observedAt(around, snr[snr.length - 1]));
    for (const ratio of snr) {
      if (signal?.aborted) throw new InterruptedError('the noise response was interrupted; nothing was written');
      const draws = await run.encode(
        ...drawsAbout(around, ratio, realisations, random.stream(`${around.id} ${ratio}`)),
      );
      entries.push({
        id: around.id,
        snr: ratio,
        ...compare(draws, expected.mean.data, run.run.description.latentPrior),
      });
    }
    onProgress?.({ stage: 'encoding noise', done: index + 1, total: objects.length });
  }
  requireUncertainty(run, entries);
  return { entries, data: summarise(run, entries, { objects: objects.length, snr, realisations }) };
}

/** A spectrum taken as noise-free, and which of its pixels are observed; length P. */
interface NoiseFreeSpectrum {
  readonly id: string;
  readonly flux: Float32Array;
  readonly observed: Uint8Array;
  /** Median flux of the observed pixels. */
  readonly level: number;
}

/** With a truth any object will do, and they are taken evenly from faint to bright; else those of the least noise. */
function chooseObjects(dataset: Dataset, { ids, count = 1, noiseFree }: NoiseResponseOptions): number[] {
  const { id, snr } = dataset.catalogue;
  if (ids !== undefined) return ids.map((wanted) => rowOfId(id, wanted));
  const valid = [...rowsOfSplit(dataset, 'valid')];
  const brightest = (valid.length > 0 ? valid : [...rowsOfSplit(dataset, 'all')]).sort((a, b) => snr[b] - snr[a]);
  const taken = Math.min(count, brightest.length);
  const even = dataset.truth !== null && (noiseFree ?? 'truth') === 'truth' && taken > 1;
  const step = even ? (brightest.length - 1) / (taken - 1) : 1;
  return Array.from({ length: taken }, (_, k) => brightest[Math.round(k * step)]);
}

function rowOfId(ids: readonly string[], wanted: string): number {
  const found = ids.indexOf(wanted);
  if (found < 0) throw new UserError(`the dataset has no object "${wanted}"; its ids look like "${ids[0]}".`);
  return found;
}

async function noiseFreeSpectrum(
  run: EncodingRun,
  dataset: Dataset,
  object: number,
  noiseFree: NoiseFree = dataset.truth === null ? 'reconstruction' : 'truth',
): Promise<NoiseFreeSpectrum> {
  const id = dataset.catalogue.id[object];
  const one = (matrix: Matrix): Matrix => ({ rows: 1, columns: matrix.columns, data: row(matrix, object) });
  const ivar = one(dataset.ivar);
  const flux = await fluxOf(noiseFree);
  const observed = Uint8Array.from(ivar.data, (value) => (value > 0 ? 1 : 0));
  const level = median(flux.filter((_, pixel) => observed[pixel] === 1));
  if (!(level > 0)) {
    throw new UserError(
      `the median flux of ${id} is ${level}; a signal-to-noise ratio needs a positive one, so choose another object.`,
    );
  }
  return { id, flux, observed, level };

  async function fluxOf(kind: NoiseFree): Promise<Float32Array> {
    if (kind === 'spectrum') return one(dataset.flux).data;
    if (kind === 'reconstruction') return (await run.reconstruct(one(dataset.flux), ivar)).mean.data;
    if (dataset.truth === null) {
      throw new UserError(
        'the dataset is not simulated and knows no truth; draw about the reconstruction or spectrum.',
      );
    }
    return row(dataset.truth, object);
  }
}

function observedAt({ flux, observed, level }: NoiseFreeSpectrum, snr: number): [Matrix, Matrix] {
  const weight = (snr / level) ** 2;
  const ivar = Float32Array.from(observed, (seen) => seen * weight);
  const shape = { rows: 1, columns: flux.length };
  return [
    { ...shape, data: flux },
    { ...shape, data: ivar },
  ];
}

function drawsAbout(around: NoiseFreeSpectrum, snr: number, count: number, random: Random): [Matrix, Matrix] {
  const [{ data, columns }, { data: weights }] = observedAt(around, snr);
  const flux = zeros(count, columns);
  const ivar = zeros(count, columns);
  random.fillNormal(flux.data);
  const sigma = around.level / snr;
  for (let i = 0; i < flux.data.length; i++) flux.data[i] = data[i % columns] + sigma * flux.data[i];
  for (let n = 0; n < count; n++) row(ivar, n).set(weights);
  return [flux, ivar];
}

function compare(
  { mean, covariance }: LatentDistribution,
  expected: Float32Array,
  prior: readonly number[] | null | undefined,
) {
  const { rows, columns } = mean;
  const each = (of: (latent: number) => number): Float64Array =>
    Float64Array.from({ length: columns }, (_, q) => of(q));
  const average = each((q) => averageOver(rows, (n) => mean.data[n * columns + q]));
  const variance = each(
    (q) => (rows / (rows - 1)) * averageOver(rows, (n) => (mean.data[n * columns + q] - average[q]) ** 2),
  );
  const stated = each((q) => averageOver(rows, (n) => covariance.data[(n * columns + q) * columns + q]));
  return {
    scatter: variance.map(Math.sqrt),
    reported: stated.map(Math.sqrt),
    varianceRatio: each((q) => variance[q] / stated[q]),
    expectedRatio: each((q) => 1 - averageOver(rows, (n) => drawnIn(row(covariance, n), q, prior)) / stated[q]),
    bias: each((q) => (average[q] - expected[q]) / Math.sqrt(stated[q])),
  };
}

/** (C Λ⁻¹ C)_qq: what the prior takes from the variance of a posterior's mean. */
function drawnIn(covariance: Float32Array, latent: number, prior: readonly number[] | null | undefined): number {
  if (prior === undefined) return Number.NaN;
  if (prior === null) return 0;
  return prior.reduce((sum, variance, k) => sum + covariance[latent * prior.length + k] ** 2 / variance, 0);
}

function averageOver(rows: number, of: (n: number) => number): number {
  let sum = 0;
  for (let n = 0; n < rows; n++) sum += of(n);
  return sum / rows;
}

function requireUncertainty({ run }: EncodingRun, entries: readonly NoiseResponseEntry[]): void {
  if (entries.some(({ reported }) => reported.some((deviation) => deviation > 0))) return;
  throw new UserError(
    `${run.path} (${run.description.model}) states no latent uncertainty that noise could be held to.`,
  );
}

interface Asked {
  readonly objects: number;
  readonly snr: readonly number[];
  readonly realisations: number;
}

function summarise({ run }: EncodingRun, entries: readonly NoiseResponseEntry[], asked: Asked): NoiseResponseData {
  const { title, latents, latentsInUse } = run.description;
  const curve = (latent: number): ResponseCurve => {
    const over = (of: (entry: NoiseResponseEntry) => number): ResponseRange[] =>
      asked.snr.map((snr) => rangeOf(entries.filter((entry) => entry.snr === snr).map(of)));
    return {
      latent: latent + 1,
      inUse: latentsInUse.posteriorShare[latent] < IN_USE,
      varianceRatio: over(({ varianceRatio }) => varianceRatio[latent]),
      expectedRatio: over(({ expectedRatio }) => expectedRatio[latent]),
      bias: over(({ bias }) => Math.abs(bias[latent])),
    };
  };
  return { model: title, ...asked, curves: Array.from({ length: latents }, (_, latent) => curve(latent)) };
}

function rangeOf(values: readonly number[]): ResponseRange {
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, 0.16), median: quantile(sorted, 0.5), high: quantile(sorted, 0.84) };
}

function median(values: Float32Array): number {
  return values.length === 0 ? Number.NaN : quantile(Float64Array.from(values).sort(), 0.5);
}

/** Linear between order statistics, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
