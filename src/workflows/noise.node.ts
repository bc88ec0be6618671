import { type EncodingRun, type NoiseResponse, type NoiseResponseOptions, noiseResponse } from '../analysis/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { type Column, makeTable, type Table, tableBytes, tableExtension } from '../io/index.ts';
import type { FigureFormat } from '../plots/index.node.ts';
import { noiseFigure } from '../plots/index.ts';
import { writeFigureBeside } from './figure-beside.node.ts';

export interface NoiseOptions extends NoiseResponseOptions {
  /** Table to write: .csv, .parquet, .arrow, .npz or .fits; the figure stands beside it under the same name. */
  readonly out: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
}

export interface WrittenNoise extends NoiseResponse {
  readonly table: Table;
  /** Path of the figure. */
  readonly figure: string;
}

/**
 * Measures how a run's latents answer to noise and writes a row for every object, signal-to-noise ratio and latent,
 * and a figure over all objects.
 *
 * @throws as `noiseResponse`, and UserError for a table that is not written
 */
export async function writeNoise(run: EncodingRun, dataset: Dataset, options: NoiseOptions): Promise<WrittenNoise> {
  const { out, format = 'svg', ...asked } = options;
  const extension = tableExtension(out);
  const response = await noiseResponse(run, dataset, asked);
  const table = noiseTable(response);
  writeFileAtomically(out, tableBytes(table, extension));
  const figure = await writeFigureBeside(out, format, (name) => noiseFigure(name, response.data));
  return { ...response, table, figure };
}

/**
 * `id, snr, latent, in_use, variance_ratio, expected_ratio, bias, scatter, sd`: bias in units of sd, the standard deviation
 * reported; expected_ratio what variance_ratio must be of a calibrated posterior.
 */
function noiseTable({ entries, data }: NoiseResponse): Table {
  const rows = entries.flatMap((entry) => data.curves.map((curve, latent) => ({ entry, curve, latent })));
  const numbers = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  const columns: (readonly [string, Column])[] = [
    ['id', rows.map(({ entry }) => entry.id)],
    ['snr', numbers(({ entry }) => entry.snr)],
    ['latent', Int32Array.from(rows, ({ curve }) => curve.latent)],
    ['in_use', Int32Array.from(rows, ({ curve }) => Number(curve.inUse))],
    ['variance_ratio', numbers(({ entry, latent }) => entry.varianceRatio[latent])],
    ['expected_ratio', numbers(({ entry, latent }) => entry.expectedRatio[latent])],
    ['bias', numbers(({ entry, latent }) => entry.bias[latent])],
    ['scatter', numbers(({ entry, latent }) => entry.scatter[latent])],
    ['sd', numbers(({ entry, latent }) => entry.reported[latent])],
  ];
  return makeTable(columns);
}
