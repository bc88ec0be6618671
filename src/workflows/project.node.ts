import { type FittedRun, type Projection, projectForeign } from '../analysis/index.ts';
import type { LongWorkOptions, Matrix } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { type Column, makeTable, type Table, tableBytes, tableExtension } from '../io/index.ts';
import type { FigureFormat } from '../plots/index.node.ts';
import { projectionFigure } from '../plots/index.ts';
import { writeFigureBeside } from './figure-beside.node.ts';

export interface ProjectOptions extends LongWorkOptions {
  /** Table to write: .csv, .parquet, .arrow, .npz or .fits; the figure stands beside it under the same name. */
  readonly out: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
}

export interface WrittenProjection extends Projection {
  /** Path of the figure. */
  readonly figure: string;
}

/**
 * Places the objects of `foreign` in the latent space that `survey` spans and writes a row for each, and a figure.
 *
 * @throws as `projectForeign`, and UserError for a table that is not written
 */
export async function writeProjection(
  run: FittedRun,
  survey: Dataset,
  foreign: Dataset,
  options: ProjectOptions,
): Promise<WrittenProjection> {
  const { out, format = 'svg', ...longWork } = options;
  const extension = tableExtension(out);
  const projection = await projectForeign(run, survey, foreign, longWork);
  writeFileAtomically(out, tableBytes(projectionTable(projection), extension));
  const figure = await writeFigureBeside(out, format, (name) => projectionFigure(name, projection));
  return { ...projection, figure };
}

/** `id, class, distance, survey_share, chi2_per_pixel, axis1…axisQ, z1…zQ`, a row an object. */
function projectionTable(projection: Projection): Table {
  const { foreign, means } = projection;
  const axes = Array.from({ length: means.columns }, (_, k) => k);
  const column = (matrix: Matrix, k: number) =>
    Float32Array.from({ length: matrix.rows }, (_, n) => matrix.data[n * matrix.columns + k]);
  const columns: [string, Column][] = [
    ['id', projection.id],
    ['class', projection.foreignClass],
    ['distance', projection.distance],
    ['survey_share', projection.surveyShare],
    ['chi2_per_pixel', projection.chi2PerPixel],
    ...axes.map((k): [string, Column] => [`axis${k + 1}`, column(foreign, k)]),
    ...axes.map((k): [string, Column] => [`z${k + 1}`, column(means, k)]),
  ];
  return makeTable(columns);
}
