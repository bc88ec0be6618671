/**
 * All that an exhibit shows of one run on one dataset and that takes long to work out: latents of every object, predicted
 * labels, outliers, clusters, tracks. Axes: N objects, Q latents, K labels.
 */

import { findClusters, findOutliers, makeTrack, type Track } from '../../analysis/index.ts';
import { type LongWorkOptions, type Matrix, UserError, zeros } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { LabelPrediction, OpenRun, Posterior } from '../../inference/index.ts';
import type { ExhibitOutlier, ExhibitTrack, RunEntry, Support } from '../protocol.ts';
import { findSupport } from './find-support.ts';

export interface Findings {
  /** N × Q */
  readonly mean: Matrix;
  /** N × Q standard deviations. */
  readonly deviation: Matrix;
  /** N × 1; null from models that do not look for a second mode. */
  readonly ambiguity: Matrix | null;
  /** From the spectra alone; null from runs that predict no labels. */
  readonly labels: LabelPrediction | null;
  /** Length N each; NaN where there are too few objects to compare. */
  readonly outlierScore: Float64Array;
  readonly lof: Float64Array;
  readonly chi2: Float64Array;
  /** Length N; −1 = in no cluster. */
  readonly cluster: Int32Array;
  /** The foremost, by falling score. */
  readonly outliers: readonly ExhibitOutlier[];
  readonly clusters: RunEntry['clusters'];
  readonly tracks: readonly ExhibitTrack[];
  readonly support: Support;
}

/** Outliers whose reasons are told. */
const TOLD = 200;
/** Neighbours of the local outlier factor, as in the VAE paper. */
const NEIGHBOURS = 20;
/** Classes whose tracks are made, the largest first. */
const FOLLOWED = 6;
/** Axes that are changed alone. */
const ALONE = 3;

/**
 * @throws UserError when the run was fitted on another grid or normalisation
 * @throws InterruptedError when `options.signal` fires
 */
export async function findAll(run: OpenRun, dataset: Dataset, options: LongWorkOptions): Promise<Findings> {
  run.requireCompatible(dataset);
  const posterior = await run.encodeJointly({ flux: dataset.flux, ivar: dataset.ivar }, options);
  const known = { ...options, means: posterior.mean };
  const labels = run.labels.length === 0 ? null : await run.labelsOf(posterior, null, options);
  return {
    mean: posterior.mean,
    deviation: deviationsOf(posterior),
    ambiguity: posterior.ambiguity,
    labels,
    ...(await outliersOf(run, dataset, known)),
    ...(await clustersOf(run, dataset, known)),
    tracks: await defaultTracks(run, dataset, known),
    support: findSupport(posterior.mean),
  };
}

interface Known extends LongWorkOptions {
  readonly means: Matrix;
}

function deviationsOf({ mean, covariance }: Posterior): Matrix {
  const q = mean.columns;
  const deviation = zeros(mean.rows, q);
  for (let i = 0; i < deviation.data.length; i++) {
    const [n, k] = [Math.floor(i / q), i % q];
    deviation.data[i] = Math.sqrt(Math.max(0, covariance.data[n * q * q + k * (q + 1)]));
  }
  return deviation;
}

async function outliersOf(
  run: OpenRun,
  dataset: Dataset,
  known: Known,
): Promise<Pick<Findings, 'outlierScore' | 'lof' | 'chi2' | 'outliers'>> {
  const n = dataset.flux.rows;
  const [outlierScore, lof, chi2] = [0, 1, 2].map(() => new Float64Array(n).fill(Number.NaN));
  const k = Math.min(NEIGHBOURS, n - 1);
  if (k === 0) return { outlierScore, lof, chi2, outliers: [] };
  const ranked = await findOutliers(run, dataset, { ...known, k, top: n });
  for (const outlier of ranked) {
    outlierScore[outlier.row] = outlier.score;
    lof[outlier.row] = outlier.lof;
    chi2[outlier.row] = outlier.chi2PerPixel;
  }
  const told = ranked.slice(0, TOLD).map(({ id: _, ...outlier }) => outlier);
  return { outlierScore, lof, chi2, outliers: told };
}

async function clustersOf(
  run: OpenRun,
  dataset: Dataset,
  known: Known,
): Promise<Pick<Findings, 'cluster' | 'clusters'>> {
  const n = dataset.flux.rows;
  if (n < 2) return { cluster: new Int32Array(n).fill(-1), clusters: [] };
  const { cluster, summaries } = await findClusters(run, dataset, { ...known, method: 'hdbscan' });
  return { cluster, clusters: summaries.map(({ cluster: own, size }) => ({ cluster: own, size })) };
}

/** Along axis 1: all objects, and each of the larger classes; then every one of the first axes alone. */
async function defaultTracks(run: OpenRun, dataset: Dataset, known: Known): Promise<ExhibitTrack[]> {
  const classes = largestClasses(dataset.catalogue.objectClass);
  const followed = [undefined, ...(classes.length > 1 ? classes : [])];
  const letters = new Set<string>();
  const tracks: ExhibitTrack[] = [];
  const add = async (preferred: string, track: (name: string) => Promise<Track>): Promise<void> => {
    const letter = freeLetter(preferred, letters);
    try {
      tracks.push(described(letter, await track(letter)));
      letters.add(letter);
    } catch (error) {
      // Too few or too equal objects make no track; that is no fault of theirs.
      if (!(error instanceof UserError)) throw error;
    }
  };
  for (const name of followed) {
    const options = name === undefined ? known : { ...known, classes: [name] };
    await add(name ?? 'T', (letter) => makeTrack(run, dataset, { ...options, name: letter }));
  }
  for (let axis = 1; axis <= Math.min(ALONE, run.latents); axis++) {
    await add('A', (name) => makeTrack(run, dataset, { ...known, along: String(axis), alone: true, name }));
  }
  return tracks;
}

function described(name: string, { title, points, latents }: Track): ExhibitTrack {
  const latent = (index: number) => [...latents.data.subarray(index * latents.columns, (index + 1) * latents.columns)];
  return {
    name,
    title,
    points: points.map((point, index) => ({ name: point.name, objects: point.objects, latent: latent(index) })),
  };
}

function largestClasses(objectClass: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>();
  for (const name of objectClass) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, FOLLOWED)
    .map(([name]) => name);
}

/** The first letter of the preferred name, or the next of the alphabet that no track has. */
function freeLetter(preferred: string, taken: ReadonlySet<string>): string {
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const own = [...preferred.toUpperCase()].find((letter) => alphabet.includes(letter)) ?? 'A';
  const from = alphabet.indexOf(own);
  return [...alphabet.slice(from), ...alphabet].find((letter) => !taken.has(letter)) ?? own;
}
