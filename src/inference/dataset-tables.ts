import { InterruptedError, type LongWorkOptions, type Matrix } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { type ArrayToWrite, type Column, makeTable, type Table } from '../io/index.ts';

/** What these tables take of an opened run. N spectra, P pixels, Q latents. */
interface Encoding {
  encode(flux: Matrix, ivar: Matrix): Promise<{ readonly mean: Matrix; readonly covariance: Float32Array }>;
}
interface Rebuilding {
  reconstruct(flux: Matrix, ivar: Matrix): Promise<{ readonly mean: Matrix; readonly variance: Matrix }>;
}

/** Objects at a time: bounded memory, and a progress report in between. */
const CHUNK = 1024;

/**
 * The table that `lightfold encode` writes: `id, z1 … zQ, sd1 … sdQ`, one row per object in the dataset's order.
 * The standard deviations are those of each latent by itself; `encode` gives whole covariances.
 */
export async function latentTable(run: Encoding, dataset: Dataset, options: LongWorkOptions = {}): Promise<Table> {
  const means: Float64Array[] = [];
  const deviations: Float64Array[] = [];
  const objects = dataset.flux.rows;
  await eachChunk(dataset, 'encoding', options, async (flux, ivar, first) => {
    const { mean, covariance } = await run.encode(flux, ivar);
    const Q = mean.columns;
    for (let q = 0; q < Q; q++) {
      means[q] ??= new Float64Array(objects);
      deviations[q] ??= new Float64Array(objects);
      for (let n = 0; n < mean.rows; n++) {
        means[q][first + n] = mean.data[n * Q + q];
        deviations[q][first + n] = Math.sqrt(Math.max(0, covariance[(n * Q + q) * Q + q]));
      }
    }
  });
  const named = (prefix: string, columns: readonly Float64Array[]): [string, Column][] =>
    columns.map((column, q) => [`${prefix}${q + 1}`, column]);
  return makeTable([['id', dataset.catalogue.id], ...named('z', means), ...named('sd', deviations)]);
}

/** The arrays that `lightfold reconstruct` writes: `wave` (P), `flux` and `flux_sd` (N × P), `id` (N). */
export async function reconstructionArrays(
  run: Rebuilding,
  dataset: Dataset,
  options: LongWorkOptions = {},
): Promise<Record<'wave' | 'flux' | 'flux_sd' | 'id', ArrayToWrite>> {
  const { rows, columns } = dataset.flux;
  const flux = new Float32Array(rows * columns);
  const deviation = new Float32Array(rows * columns);
  await eachChunk(dataset, 'reconstructing', options, async (observed, ivar, first) => {
    const { mean, variance } = await run.reconstruct(observed, ivar);
    flux.set(mean.data, first * columns);
    for (let i = 0; i < variance.data.length; i++) deviation[first * columns + i] = Math.sqrt(variance.data[i]);
  });
  return {
    wave: { data: Float64Array.from(dataset.wavelength) },
    flux: { data: flux, shape: [rows, columns] },
    flux_sd: { data: deviation, shape: [rows, columns] },
    id: { data: dataset.catalogue.id },
  };
}

async function eachChunk(
  { flux, ivar }: Dataset,
  stage: string,
  { onProgress, signal }: LongWorkOptions,
  work: (flux: Matrix, ivar: Matrix, first: number) => Promise<void>,
): Promise<void> {
  const { rows: total, columns } = flux;
  for (let first = 0; first < total; first += CHUNK) {
    if (signal?.aborted) throw new InterruptedError(`${stage} stopped; nothing was written, so start it again`);
    onProgress?.({ stage, done: first, total });
    const rows = Math.min(CHUNK, total - first);
    const chunk = ({ data }: Matrix): Matrix => ({
      rows,
      columns,
      data: data.subarray(first * columns, (first + rows) * columns),
    });
    await work(chunk(flux), chunk(ivar), first);
  }
  onProgress?.({ stage, done: total, total });
}
