import { type Matrix, Random, row, UserError } from '../../base/index.ts';
import { type Dataset, rowsOfSplit } from '../../dataset/index.ts';
import { type Clustering, hdbscan, kMeans, silhouette } from '../../neighbours/index.ts';
import type { ClustersData } from '../../plots/index.ts';
import { fluxLabel } from '../figure-data.ts';
import type { FittedRun } from '../fitted-run.ts';
import { axisLabels, type LatentSpaceOptions, latentSpace } from '../latent-space.ts';
import { linesOn } from '../spectral-lines.ts';

export type ClusterMethod = 'kmeans' | 'hdbscan';

export interface ClusterOptions extends LatentSpaceOptions {
  readonly method: ClusterMethod;
  /** k-means: how many; the number from 2 to 10 of the best silhouette unless told. */
  readonly k?: number;
  /** HDBSCAN: fewer objects together are not a cluster; 1% of the objects, at least 10, unless told. */
  readonly minimumClusterSize?: number;
  /** HDBSCAN: how dense a neighbourhood must be, larger = more noise; 10 unless told. */
  readonly minimumSamples?: number;
  /** Seeds the starts of k-means; 1 unless told. */
  readonly seed?: number;
}

/** Clusters of a dataset's objects in a run's latent space. */
export interface LatentClusters extends Clustering {
  /** Mean silhouette, −1 … 1; null when there are fewer than two clusters. */
  readonly silhouette: number | null;
  readonly summaries: readonly ClusterSummary[];
  /** Objects in no cluster. */
  readonly noise: number;
  readonly figureData: ClustersData;
}

export interface ClusterSummary {
  readonly cluster: number;
  readonly size: number;
  /** Members by class, most frequent first. */
  readonly classes: Readonly<Record<string, number>>;
}

const SMALLEST_SHARE = 0.01;
const SMALLEST = 10;

/**
 * Groups objects by their latent means, as the run gives them: distances are those that the model itself works with.
 *
 * @throws UserError when the run was fitted on another grid or normalisation, or the objects are too few
 * @throws InterruptedError when `options.signal` fires
 */
export async function findClusters(run: FittedRun, dataset: Dataset, options: ClusterOptions): Promise<LatentClusters> {
  run.requireCompatible(dataset);
  const random = new Random(options.seed ?? 1);
  requireEnough(dataset.flux.rows, options);
  const { means, axes, position } = await latentSpace(run, dataset, rowsOfSplit(dataset, 'all'), options);
  const clustering = methods[options.method](means, options, random);
  const { cluster, clusters } = clustering;
  const parts = Array.from({ length: clusters }, (_, own) => membersOf(cluster, own));
  const { title, latents } = run.run.description;
  const score = clusters < 2 ? Number.NaN : silhouette(means, clustering, random.stream('silhouette of all'));
  return {
    ...clustering,
    silhouette: Number.isNaN(score) ? null : score,
    summaries: parts.map((members, own) => ({
      cluster: own,
      size: members.length,
      classes: classesOf(members, dataset.catalogue.objectClass),
    })),
    noise: membersOf(cluster, -1).length,
    figureData: {
      model: title,
      latents,
      method: options.method === 'kmeans' ? 'k-means' : 'HDBSCAN',
      axes: axisLabels(title, axes),
      position,
      cluster,
      fluxLabel: fluxLabel(dataset),
      wavelength: dataset.wavelength,
      lines: linesOn(dataset.wavelength),
      spectra: parts.map((members) => meanSpectrum(dataset, members)),
    },
  };
}

function requireEnough(objects: number, { method, k, minimumClusterSize, minimumSamples }: ClusterOptions): void {
  const needed = method === 'kmeans' ? Math.max(2, k ?? 3) : Math.max(2, minimumClusterSize ?? 2, minimumSamples ?? 2);
  if (objects < needed)
    throw new UserError(`${needed} objects are needed for such clusters, and the dataset has ${objects}.`);
}

const methods: Readonly<Record<ClusterMethod, (means: Matrix, options: ClusterOptions, random: Random) => Clustering>> =
  {
    kmeans: (means, { k }, random) => kMeans(means, { random, ...(k === undefined ? {} : { k }) }),
    hdbscan: (means, { method: _, ...options }) => {
      const smallest = Math.max(SMALLEST, Math.round(SMALLEST_SHARE * means.rows));
      const fitting = Math.max(2, Math.min(smallest, means.rows));
      return hdbscan(means, {
        ...options,
        minimumClusterSize: options.minimumClusterSize ?? fitting,
        minimumSamples: options.minimumSamples ?? Math.max(2, Math.min(SMALLEST, means.rows)),
      });
    },
  };

function membersOf(cluster: Int32Array, own: number): number[] {
  return Array.from(cluster.keys()).filter((object) => cluster[object] === own);
}

function classesOf(members: readonly number[], objectClass: readonly (string | null)[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const object of members) {
    const name = objectClass[object] ?? 'unclassified';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** Mean over the members that observed a pixel, each counted alike; 0 where none did, which the last array tells. */
function meanSpectrum(dataset: Dataset, members: readonly number[]): ClustersData['spectra'][number] {
  const sum = new Float64Array(dataset.wavelength.length);
  const observed = new Float64Array(dataset.wavelength.length);
  for (const object of members) {
    const [flux, ivar] = [row(dataset.flux, object), row(dataset.ivar, object)];
    for (let p = 0; p < sum.length; p++) {
      if (ivar[p] === 0) continue;
      sum[p] += flux[p];
      observed[p] += 1;
    }
  }
  const classes = Object.entries(classesOf(members, dataset.catalogue.objectClass));
  return {
    objects: members.length,
    mostlyOf: classes.length === 0 ? null : { name: classes[0][0], share: classes[0][1] / members.length },
    flux: Float32Array.from(sum, (total, p) => (observed[p] > 0 ? total / observed[p] : 0)),
    // Pixels that few members reach would show those few.
    seen: Uint8Array.from(observed, (count) => Number(count >= Math.max(1, 0.2 * members.length))),
  };
}
