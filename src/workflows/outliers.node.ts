import {
  type FittedRun,
  findOutliers,
  type Outlier,
  type OutlierOptions,
  outlierFigureData,
} from '../analysis/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { type Column, makeTable, type Table, tableBytes, tableExtension } from '../io/index.ts';
import type { FigureFormat } from '../plots/index.node.ts';
import { outliersFigure } from '../plots/index.ts';
import { writeFigureBeside } from './figure-beside.node.ts';

export interface WriteOutliersOptions extends OutlierOptions {
  /** Table to write: .csv, .parquet, .arrow, .npz or .fits; the figure stands beside it under the same name. */
  readonly out: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
}

/**
 * Finds outliers and writes a ranked table, and a figure of the first ten.
 *
 * @throws as `findOutliers`, and UserError for a table that is not written
 */
export async function writeOutliers(
  run: FittedRun,
  dataset: Dataset,
  options: WriteOutliersOptions,
): Promise<{ readonly outliers: readonly Outlier[]; readonly table: Table; readonly figure: string }> {
  const { out, format = 'svg', ...asked } = options;
  const extension = tableExtension(out);
  const outliers = await findOutliers(run, dataset, asked);
  const data = await outlierFigureData(run, dataset, outliers);
  const table = outlierTable(outliers, dataset);
  writeFileAtomically(out, tableBytes(table, extension));
  const figure = await writeFigureBeside(out, format, (name) => outliersFigure(name, data));
  return { outliers, table, figure };
}

/** `rank, id, score, lof, chi2_per_pixel, snr, z, class, reason, strength, explanation`: the first reason and all in words. */
function outlierTable(outliers: readonly Outlier[], { catalogue }: Dataset): Table {
  const numbers = (of: (outlier: Outlier) => number) => Float64Array.from(outliers, of);
  const columns: (readonly [string, Column])[] = [
    ['rank', Int32Array.from(outliers, (_, index) => index + 1)],
    ['id', outliers.map(({ id }) => id)],
    ['score', numbers(({ score }) => score)],
    ['lof', numbers(({ lof }) => lof)],
    ['chi2_per_pixel', numbers(({ chi2PerPixel }) => chi2PerPixel)],
    ['snr', numbers(({ row }) => catalogue.snr[row])],
    ['z', outliers.map(({ row }) => catalogue.redshift[row])],
    ['class', outliers.map(({ row }) => catalogue.objectClass[row])],
    ['reason', outliers.map(({ reasons }) => reasons[0].kind)],
    ['strength', numbers(({ reasons }) => reasons[0].strength)],
    ['explanation', outliers.map(({ reasons }) => reasons.map(({ sentence }) => sentence).join('; '))],
  ];
  return makeTable(columns);
}
