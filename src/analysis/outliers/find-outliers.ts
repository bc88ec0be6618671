import { type Matrix, row, UserError, zeros } from '../../base/index.ts';
import { type Dataset, gatherRows } from '../../dataset/index.ts';
import type { FittedRun } from '../fitted-run.ts';
import type { LatentSpaceOptions } from '../latent-space.ts';
import { demud } from './demud.ts';
import { type Judgement, judge, type Reason } from './reasons.ts';
import { measureSurvey, type SurveyMeasures } from './survey-measures.ts';

export type OutlierMethod = 'combined' | 'lof' | 'demud';

export interface OutlierOptions extends LatentSpaceOptions {
  /** Neighbours of the local outlier factor; 20 unless told, as in the VAE paper. */
  readonly k?: number;
  /** Outliers to return; 10 unless told. */
  readonly top?: number;
  /**
   * What ranks: `combined` (unless told) the strongest of isolation, misfit and the causes found; `lof` the local outlier
   * factor alone, as in the VAE paper; `demud` novelty of the residuals, each kind once.
   */
  readonly method?: OutlierMethod;
  /** Where two detectors meet, observed ångström; 6000 (SDSS and BOSS) unless told. */
  readonly joins?: readonly number[];
}

export interface Outlier {
  /** Row of the dataset. */
  readonly row: number;
  readonly id: string;
  /** What the method ranks by. */
  readonly score: number;
  readonly lof: number;
  readonly chi2PerPixel: number;
  /** Causes first, each by falling strength; at least one. */
  readonly reasons: readonly Reason[];
}

const JOINS = [6000];
const NEIGHBOURS = 20;
const TOP = 10;
/** Residuals that DEMUD looks at for each pick: those of greatest χ², for none smaller can be picked before them. */
const CANDIDATES_EACH = 20;

/**
 * The oddest objects of a dataset as a run sees them, each with what is odd about it, found from spectrum and model alone.
 *
 * @throws UserError when the run was fitted on another grid or normalisation, or the dataset has no more than k objects
 * @throws InterruptedError when `options.signal` fires
 */
export async function findOutliers(
  run: FittedRun,
  dataset: Dataset,
  options: OutlierOptions = {},
): Promise<readonly Outlier[]> {
  const { k = NEIGHBOURS, top = TOP, method = 'combined', joins = JOINS, ...longWork } = options;
  run.requireCompatible(dataset);
  const n = dataset.flux.rows;
  if (k >= n) throw new UserError(`${k} neighbours need more than ${k} objects, and the dataset has ${n}; lower --k.`);
  const measures = await measureSurvey(run, dataset, { k, joins, ...longWork });
  const judgement = judge(dataset, measures);
  const ranked = await rankings[method]({ run, dataset, measures, judgement, top: Math.min(top, n) });
  return ranked.map(({ row: object, score }) => ({
    row: object,
    id: dataset.catalogue.id[object],
    score,
    lof: measures.lof[object],
    chi2PerPixel: measures.objects[object].misfit.chi2,
    reasons: judgement.reasonsOf(object),
  }));
}

interface Judged {
  readonly run: FittedRun;
  readonly dataset: Dataset;
  readonly measures: SurveyMeasures;
  readonly judgement: Judgement;
  readonly top: number;
}

type Ranking = readonly { readonly row: number; readonly score: number }[];

const rankings: Readonly<Record<OutlierMethod, (judged: Judged) => Ranking | Promise<Ranking>>> = {
  combined: ({ judgement, top }) => highest(judgement.score, top),
  lof: ({ measures, top }) => highest(measures.lof, top),
  demud: rankByNovelty,
};

function highest(score: Float64Array, count: number): Ranking {
  return Array.from(score, (own, index) => ({ row: index, score: own }))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, count);
}

async function rankByNovelty({ run, dataset, measures, top }: Judged): Promise<Ranking> {
  const { objects } = measures;
  const total = Float64Array.from(objects, ({ misfit }) => misfit.chi2 * misfit.pixels);
  const candidates = highest(total, CANDIDATES_EACH * top).map((own) => own.row);
  const residuals = await residualsOf(run, dataset, measures, candidates);
  return demud(residuals, top).map((pick) => ({ row: candidates[pick.row], score: pick.novelty }));
}

/** (flux − model) in standard deviations of noise and model scatter; 0 where not observed. */
async function residualsOf(
  run: FittedRun,
  dataset: Dataset,
  { means }: SurveyMeasures,
  rows: readonly number[],
): Promise<Matrix> {
  const { mean, variance } = await run.decode(gatherRows(means, rows));
  const residuals = zeros(rows.length, dataset.flux.columns);
  rows.forEach((object, at) => {
    const [flux, ivar] = [row(dataset.flux, object), row(dataset.ivar, object)];
    const [model, scatter] = [row(mean, at), row(variance, at)];
    const into = row(residuals, at);
    for (let p = 0; p < into.length; p++) {
      if (ivar[p] > 0) into[p] = (flux[p] - model[p]) / Math.sqrt(1 / ivar[p] + scatter[p]);
    }
  });
  return residuals;
}
