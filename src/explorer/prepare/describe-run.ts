/** A run as the page is told of it: its entry in the exhibit, and its columns, from what was found. */
import { axisLabels, type LatentAxes, latentAxes, turnToAxes } from '../../analysis/index.ts';
import type { Matrix } from '../../base/index.ts';
import type { OpenRun } from '../../inference/index.ts';
import type { DescribedColumn } from '../columns.ts';
import type { ColumnDescription, RunEntry } from '../protocol.ts';
import { calledAs } from '../titles.ts';
import type { Findings } from './findings.ts';

/** What of an entry does not follow from the run and the findings. */
export type EntryDetails = Pick<RunEntry, 'name' | 'jointEncoder' | 'labelEncoder' | 'umap' | 'bytes'>;

export interface DescribedRun {
  readonly columns: readonly DescribedColumn[];
  entry(details: EntryDetails): RunEntry;
}

export function describeRun({ run: { description }, labels, latents }: OpenRun, findings: Findings): DescribedRun {
  const axes = latentAxes(findings.mean, description.latentAxes);
  const titles = axisLabels(description.title, axes).map(({ label }) => label);
  const columns = [
    ...latentColumns(findings, axes, titles),
    ...objectColumns(findings),
    ...predicted(findings, labels),
  ];
  const entry = (details: EntryDetails): RunEntry => ({
    ...details,
    model: description.model,
    title: description.title,
    latents,
    labels,
    labelRanges: description.labelRanges ?? labels.map(() => null),
    axes: {
      titles,
      varianceShare: [...axes.varianceShare],
      origin: [...axes.origin],
      vectors: [...axes.vectors],
    },
    support: findings.support,
    columns: columns.map((column) => column.description),
    tracks: findings.tracks,
    outliers: findings.outliers,
    clusters: findings.clusters,
  });
  return { columns, entry };
}

function latentColumns({ mean, deviation }: Findings, axes: LatentAxes, titles: readonly string[]): DescribedColumn[] {
  const turned = turnToAxes(mean, axes);
  const all = (prefix: string, role: ColumnDescription['role'], of: Matrix, title: (k: number) => string) =>
    titles.map((_, k) => numberColumn({ name: `${prefix}${k + 1}`, title: title(k), role }, columnOf(of, k)));
  return [
    ...all('z', 'latent', mean, (k) => `latent ${k + 1}`),
    ...all('sd', 'latentError', deviation, (k) => `error of latent ${k + 1}`),
    ...all('t', 'turned', turned, (k) => titles[k]),
  ];
}

function objectColumns({ outlierScore, lof, cluster, chi2, ambiguity }: Findings): DescribedColumn[] {
  return [
    numberColumn({ name: 'outlier_score', title: 'outlier score', role: 'outlierScore' }, outlierScore),
    numberColumn({ name: 'lof', title: 'local outlier factor', role: 'other' }, lof),
    {
      description: { name: 'cluster', title: 'cluster', kind: 'category', role: 'cluster' },
      values: Array.from(cluster, (own) => (own < 0 ? 'none' : String(own))),
    },
    numberColumn({ name: 'chi2', title: 'χ² per pixel', role: 'chi2' }, chi2),
    ...(ambiguity === null
      ? []
      : [numberColumn({ name: 'ambiguity', title: 'ambiguity', role: 'ambiguity' }, columnOf(ambiguity, 0))]),
  ];
}

function predicted({ labels }: Findings, names: readonly string[]): DescribedColumn[] {
  if (labels === null) return [];
  return names.flatMap((of, k) => {
    const { title, ...unit } = calledAs(of);
    const [name, said] = [`predicted_${of}`, `predicted ${title}`];
    return [
      numberColumn({ name, title: said, role: 'predicted', of, ...unit }, columnOf(labels.mean, k)),
      numberColumn(
        { name: `${name}_err`, title: `error of ${said}`, role: 'predictedError', of, ...unit },
        columnOf(labels.variance, k).map(Math.sqrt),
      ),
    ];
  });
}

function numberColumn(description: Omit<ColumnDescription, 'kind'>, values: Float64Array): DescribedColumn {
  return { description: { ...description, kind: 'number' }, values };
}

function columnOf({ rows, columns, data }: Matrix, k: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, n) => data[n * columns + k]);
}
