import { InterruptedError, type LongWorkOptions, type Matrix, zeros } from '../base/index.ts';
import { type Dataset, gatherRows } from '../dataset/index.ts';
import type { LatentAxis } from '../plots/index.ts';
import type { FittedRun } from './fitted-run.ts';
import { type LatentAxes, latentAxes, turnToAxes } from './latent-axes.ts';

const CHUNK = 1024;

/** Where objects lie in a run's latent space. */
export interface LatentSpace {
  /** n × Q: latent means as the run gives them. */
  readonly means: Matrix;
  readonly axes: LatentAxes;
  /** n × Q: the means on the axes. */
  readonly position: Matrix;
}

export interface LatentSpaceOptions extends LongWorkOptions {
  /** N × Q: latent means of all objects of the dataset, where the caller has them already. */
  readonly means?: Matrix;
}

/**
 * Encodes the given rows of a dataset and puts their latent means on axes of falling variance: turned, or the
 * latents themselves where these mean something one by one.
 *
 * @throws InterruptedError when `signal` fires
 */
export async function latentSpace(
  fitted: FittedRun,
  dataset: Dataset,
  rows: Uint32Array,
  { means: known, ...options }: LatentSpaceOptions = {},
): Promise<LatentSpace> {
  const means = known === undefined ? await encodeRows(fitted, dataset, rows, options) : gatherRows(known, rows);
  const axes = latentAxes(means, fitted.run.description.latentAxes);
  return { means, axes, position: turnToAxes(means, axes) };
}

async function encodeRows(
  fitted: FittedRun,
  dataset: Dataset,
  rows: Uint32Array,
  { onProgress, signal }: LongWorkOptions,
): Promise<Matrix> {
  const means = zeros(rows.length, fitted.run.description.latents);
  for (let start = 0; start < rows.length; start += CHUNK) {
    if (signal?.aborted) throw new InterruptedError('encoding was interrupted');
    const chunk = rows.subarray(start, Math.min(start + CHUNK, rows.length));
    const { mean } = await fitted.encode(gatherRows(dataset.flux, chunk), gatherRows(dataset.ivar, chunk));
    means.data.set(mean.data, start * means.columns);
    onProgress?.({ stage: 'encoding', done: start + chunk.length, total: rows.length });
  }
  return means;
}

/** `VAE 1`, `VAE 2`, …, each with its share of the variance, and the latent that it is, if it is one. */
export function axisLabels(title: string, axes: LatentAxes): LatentAxis[] {
  return Array.from(axes.varianceShare, (varianceShare, k) =>
    axes.latent === null
      ? { label: `${title} ${k + 1}`, varianceShare }
      : { label: `${title} ${k + 1} = z${axes.latent[k] + 1}`, varianceShare, latent: axes.latent[k] + 1 },
  );
}
