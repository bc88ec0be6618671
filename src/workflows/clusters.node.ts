import { type ClusterOptions, type FittedRun, findClusters, type LatentClusters } from '../analysis/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { makeTable, tableBytes, tableExtension } from '../io/index.ts';
import type { FigureFormat } from '../plots/index.node.ts';
import { clustersFigure } from '../plots/index.ts';
import { writeFigureBeside } from './figure-beside.node.ts';

export interface WriteClustersOptions extends ClusterOptions {
  /** Table to write: .csv, .parquet, .arrow, .npz or .fits; the figure stands beside it under the same name. */
  readonly out: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
}

/**
 * Finds clusters and writes a table `id, cluster, probability` (cluster −1 = in none) and a figure.
 *
 * @throws as `findClusters`, and UserError for a table that is not written
 */
export async function writeClusters(
  run: FittedRun,
  dataset: Dataset,
  options: WriteClustersOptions,
): Promise<{ readonly found: LatentClusters; readonly figure: string }> {
  const { out, format = 'svg', ...asked } = options;
  const extension = tableExtension(out);
  const found = await findClusters(run, dataset, asked);
  const table = makeTable([
    ['id', dataset.catalogue.id],
    ['cluster', Int32Array.from(found.cluster)],
    ['probability', Float64Array.from(found.probability)],
  ]);
  writeFileAtomically(out, tableBytes(table, extension));
  const figure = await writeFigureBeside(out, format, (name) => clustersFigure(name, found.figureData));
  return { found, figure };
}
