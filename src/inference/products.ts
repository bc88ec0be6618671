/** What `lightfold encode`, `reconstruct` and `predict` write: a run's view of every object of a dataset. */
import type { LongWorkOptions } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { type Column, makeTable, type Table } from '../io/index.ts';
import type { SpectrumDistribution } from './distributions.ts';
import { type ObservedParts, observationOf } from './observed-parts.ts';
import type { OpenRun } from './open-run.ts';

export interface ProductOptions extends LongWorkOptions, ObservedParts {}

/**
 * One row an object: `id`, latent means `z1` … `zQ` and their standard deviations `sd1` … `sdQ`; from models that look for
 * a second mode, its probability as `ambiguity`.
 *
 * @throws as `observationOf`
 * @throws InterruptedError when `options.signal` fires
 */
export async function latentTable(run: OpenRun, dataset: Dataset, options: ProductOptions = {}): Promise<Table> {
  const { mean, covariance, ambiguity } = await run.encodeJointly(observationOf(run, dataset, options), options);
  const latents = Array.from({ length: run.latents }, (_, q) => q);
  const column = (of: (row: number) => number): Float32Array =>
    Float32Array.from({ length: mean.rows }, (_, row) => of(row));
  const means = latents.map((q) => [`z${q + 1}`, column((row) => mean.data[row * run.latents + q])] as const);
  const deviations = latents.map((q) => {
    const variance = (row: number) => covariance.data[row * run.latents ** 2 + q * (run.latents + 1)];
    return [`sd${q + 1}`, column((row) => Math.sqrt(variance(row)))] as const;
  });
  const columns: (readonly [string, Column])[] = [['id', dataset.catalogue.id], ...means, ...deviations];
  if (ambiguity !== null) columns.push(['ambiguity', ambiguity.data]);
  return makeTable(columns);
}

/**
 * One row an object: `id`, and for each label that the run predicts `NAME` and `NAME_sd`.
 *
 * @throws as `latentTable`, and UserError when the run predicts no labels
 */
export async function labelPredictionTable(
  run: OpenRun,
  dataset: Dataset,
  options: ProductOptions = {},
): Promise<Table> {
  const { mean, variance } = await run.predictLabelsJointly(observationOf(run, dataset, options), options);
  const column = (of: (at: number) => number, k: number) =>
    Float32Array.from({ length: mean.rows }, (_, n) => of(n * mean.columns + k));
  const columns = run.labels.flatMap((name, k): (readonly [string, Column])[] => [
    [name, column((at) => mean.data[at], k)],
    [`${name}_sd`, column((at) => Math.sqrt(variance.data[at]), k)],
  ]);
  return makeTable([['id', dataset.catalogue.id], ...columns]);
}

/** Arrays for an .npz file in the convention of `docs/contract.md`. */
export type ReconstructionArrays = Readonly<
  Record<'wave' | 'flux' | 'flux_sd' | 'id', { readonly shape: readonly number[]; readonly data: NpzData }>
>;
type NpzData = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | readonly string[];

/**
 * `wave` (P), `flux` and `flux_sd` (N × P): every object as the run rebuilds it and the standard deviation of the
 * noise-free spectrum about that, in the dataset's normalisation; `id` (N).
 *
 * @throws as `latentTable`
 */
export async function reconstructionArrays(
  run: OpenRun,
  dataset: Dataset,
  options: LongWorkOptions = {},
): Promise<ReconstructionArrays> {
  run.requireCompatible(dataset);
  return spectrumArrays(run, dataset, await run.reconstruct(dataset.flux, dataset.ivar, options));
}

/**
 * The same arrays of spectra however they were predicted.
 *
 * @param spectra of the dataset's objects, N × P
 */
export function spectrumArrays(run: OpenRun, dataset: Dataset, spectra: SpectrumDistribution): ReconstructionArrays {
  const { mean, variance } = spectra;
  const { id } = dataset.catalogue;
  const shape = [mean.rows, mean.columns];
  return {
    wave: { shape: [run.pixels], data: new Float64Array(run.run.wavelength) },
    flux: { shape, data: new Float32Array(mean.data) },
    flux_sd: { shape, data: Float32Array.from(variance.data, Math.sqrt) },
    id: { shape: [id.length], data: id },
  };
}
