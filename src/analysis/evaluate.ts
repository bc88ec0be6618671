import { InterruptedError, type LongWorkOptions, type Matrix, UserError } from '../base/index.ts';
import { type Dataset, gatherRows, rowsOfSplit, type Split } from '../dataset/index.ts';
import type { FitBaselinesOptions } from './baselines/fit-baselines.ts';
import { type BaselineScores, NO_BASELINES, scoreBaselines } from './baselines/score-baselines.ts';
import type { FittedRun } from './fitted-run.ts';
import { type LabelScore, LabelSums } from './label-scores.ts';
import { metricsOf, type ReconstructionMetrics } from './metrics.ts';
import { addSpectra, noPixels, type PixelSums } from './pixel-sums.ts';

export interface EvaluateOptions extends LongWorkOptions {
  /** Which objects to judge on; `test` unless told. */
  readonly split?: Split | 'all';
  /**
   * Beside runs that predict labels, four simple methods fitted to the dataset's training split (baselines/); left out
   * unless given.
   */
  readonly baselines?: Pick<FitBaselinesOptions, 'runtime' | 'seed'>;
}

/** What `lightfold evaluate` prints (docs/contract.md). */
export interface Evaluation extends BaselineScores {
  readonly split: Split | 'all';
  readonly objects: number;
  readonly runs: readonly RunScore[];
}

export interface RunScore extends ReconstructionMetrics {
  readonly path: string;
  /**
   * Whether the run was fitted on this very dataset, by checksum; null for a dataset never on disk. If not, the splits
   * mean nothing to the run: any object may have been trained on.
   */
  readonly sameDataset: boolean | null;
  /** As typed: `vae`. */
  readonly model: string;
  readonly latents: number;
  /** Latents that carry information about the spectra, as training measured it. */
  readonly latentsInUse: number;
  /** Classes without objects in the split, and objects without a class, do not appear. */
  readonly mseByClass: Readonly<Record<string, number>>;
  readonly objectsByClass: Readonly<Record<string, number>>;
  /** Scores of label prediction by label name, for a run that predicts labels. */
  readonly labels: Readonly<Record<string, LabelScore>>;
}

/** Spectra encoded and rebuilt at a time: a chunk of 1000 pixels takes some 30 MB with all its copies. */
const CHUNK = 1024;

/**
 * Scores every run on the same objects, chunk by chunk. The runs need not have seen the dataset, but must share its
 * grid and normalisation.
 *
 * @throws UserError when the split is empty or a run was fitted on another grid or normalisation
 */
export async function evaluateRuns(
  runs: readonly FittedRun[],
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const split = options.split ?? 'test';
  const rows = rowsOfSplit(dataset, split);
  if (rows.length === 0) throw new UserError(emptySplit(split, dataset.flux.rows));
  for (const run of runs) run.requireCompatible(dataset);
  const scores: RunScore[] = [];
  for (const run of runs) scores.push(await scoreRun(run, dataset, rows, options));
  return {
    split,
    objects: rows.length,
    runs: scores,
    ...(await baselinesBeside(runs, dataset, { rows, split }, options)),
  };
}

/** Scores of the baselines for the labels that any of the runs predicts. */
async function baselinesBeside(
  runs: readonly FittedRun[],
  dataset: Dataset,
  judged: { readonly rows: Uint32Array; readonly split: Split | 'all' },
  { baselines, onProgress, signal }: EvaluateOptions,
): Promise<BaselineScores> {
  const labels = [...new Set(runs.flatMap(({ run }) => run.description.labels))];
  if (baselines === undefined || labels.length === 0) return NO_BASELINES;
  return scoreBaselines(dataset, labels, judged, {
    ...baselines,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}

function emptySplit(split: Split | 'all', objects: number): string {
  return objects === 0
    ? 'the dataset has no objects to judge a run on.'
    : `the dataset has no objects in its ${split} split; judge on all ${objects} with --split all.`;
}

async function scoreRun(
  fitted: FittedRun,
  dataset: Dataset,
  rows: Uint32Array,
  options: EvaluateOptions,
): Promise<RunScore> {
  const { path, description } = fitted.run;
  const { checksum } = dataset.manifest;
  const all = noPixels();
  const byClass = new Map<string, PixelSums>();
  const labels = new LabelSums(description.labels);
  for (let start = 0; start < rows.length; start += CHUNK) {
    if (options.signal?.aborted) throw new InterruptedError('evaluation stopped; nothing was written.');
    const chunk = rows.subarray(start, Math.min(start + CHUNK, rows.length));
    const pick = (matrix: Matrix) => gatherRows(matrix, chunk);
    const flux = pick(dataset.flux);
    const ivar = pick(dataset.ivar);
    const truth = dataset.truth === null ? null : pick(dataset.truth);
    const rebuilt = await fitted.reconstruct(flux, ivar);
    addSpectra({ flux, ivar, truth }, rebuilt, (object) => {
      const objectClass = dataset.catalogue.objectClass[chunk[object]];
      return objectClass === null ? [all] : [all, sumsFor(byClass, objectClass)];
    });
    if (description.labels.length > 0) {
      labels.add(await fitted.predictLabels(flux, ivar), dataset.catalogue, chunk);
    }
    options.onProgress?.({ stage: `evaluating ${path}`, done: start + chunk.length, total: rows.length });
  }
  const classes = [...byClass].sort(([, a], [, b]) => b.objects - a.objects);
  return {
    path,
    sameDataset: checksum === undefined ? null : description.dataset.checksum === checksum,
    model: description.model,
    latents: description.latents,
    latentsInUse: description.latentsInUse.count,
    ...metricsOf(all),
    mseByClass: Object.fromEntries(classes.map(([name, sums]) => [name, metricsOf(sums).mse])),
    objectsByClass: Object.fromEntries(classes.map(([name, sums]) => [name, sums.objects])),
    labels: labels.scores(),
  };
}

function sumsFor(byClass: Map<string, PixelSums>, objectClass: string): PixelSums {
  const known = byClass.get(objectClass);
  if (known !== undefined) return known;
  const fresh = noPixels();
  byClass.set(objectClass, fresh);
  return fresh;
}
