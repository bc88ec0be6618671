import type { LongWorkOptions } from '../../base/index.ts';
import { type Dataset, rowsOfSplit } from '../../dataset/index.ts';
import type { LabelFigureData } from '../../plots/index.ts';
import type { Evaluation, RunScore } from '../evaluate.ts';
import type { FittedRun } from '../fitted-run.ts';
import type { LatentSpace } from '../latent-space.ts';
import type { Representative } from '../representatives.ts';
import { decoderRelevance } from './decoder-relevance.ts';
import { labelComparisons } from './label-comparisons.ts';
import { labelledSpaces } from './labelled-spaces.ts';
import { latentShares } from './latent-shares.ts';
import { partialSpectra } from './partial-spectra.ts';

/** Objects shown a few windows of. */
const PARTIAL = 3;

export interface LabelFigureOptions extends LongWorkOptions {
  readonly title: string;
  /** What the run was judged on, and its scores. */
  readonly split: Evaluation['split'];
  readonly scores: RunScore['labels'];
  /** The run's latent space and the rows of the dataset it is of. */
  readonly space: Pick<LatentSpace, 'means'>;
  readonly rows: Uint32Array;
  /** Objects that stand for the survey. */
  readonly chosen: readonly Representative[];
}

/** What the figures show of one run that predicts labels, null for any other run. */
export async function labelFigureData(
  run: FittedRun,
  dataset: Dataset,
  { title, space, rows, chosen, split, scores, ...longWork }: LabelFigureOptions,
): Promise<LabelFigureData | null> {
  const { labels, latents } = run.run.description;
  if (labels.length === 0) return null;
  const shares = await latentShares(run, space.means, longWork);
  return {
    model: title,
    latents,
    comparedOn: split === 'all' ? 'all objects' : `the ${split} split`,
    comparisons: await labelComparisons(run, dataset, rowsOfSplit(dataset, split), scores),
    relevance: { decoders: decoderRelevance(run.run.parameters, labels), shares },
    spaces: labelledSpaces(space.means, dataset, rows, shares),
    partial: await partialSpectra(run, dataset, chosen.slice(0, PARTIAL)),
  };
}
