import { InterruptedError } from '../../base/index.ts';
import { type Dataset, gatherRows, type Split } from '../../dataset/index.ts';
import { type LabelScore, LabelSums } from '../label-scores.ts';
import { type FitBaselinesOptions, type FittedBaselines, fitBaselines, labelsToPredict } from './fit-baselines.ts';

/** How well one baseline predicts labels, beside the runs' scores and on the same objects. */
export interface BaselineScore {
  /** `pca+ridge`, `pca+gp`, `pls`, `knn`. */
  readonly name: string;
  /** As printed: `PCA + ridge`. */
  readonly title: string;
  readonly labels: Readonly<Record<string, LabelScore>>;
  /** What was chosen on the validation objects, by label: `{ components: 10, penalty: 1 }`. */
  readonly chosen: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface BaselineScores {
  readonly baselines: readonly BaselineScore[];
  /** What they were fitted to, and why some, or all, were left out: sentences for people. */
  readonly baselineNotes: readonly string[];
}

export const NO_BASELINES: BaselineScores = { baselines: [], baselineNotes: [] };

/** Spectra predicted at a time; between chunks Ctrl-C is heard. */
const CHUNK = 512;

/**
 * Fits the baselines to the dataset's own training split and judges them on the given rows.
 *
 * @param names labels that the runs predict
 * @param judged the rows, and the split that they are
 * @throws InterruptedError when `options.signal` fires
 */
export async function scoreBaselines(
  dataset: Dataset,
  names: readonly string[],
  { rows, split }: { readonly rows: Uint32Array; readonly split: Split | 'all' },
  options: FitBaselinesOptions,
): Promise<BaselineScores> {
  if (split === 'train' || split === 'all') {
    return { ...NO_BASELINES, baselineNotes: [`no baselines: they are fitted to the train split, ${seenBy(split)}`] };
  }
  const { labels, notes } = labelsToPredict(dataset, names);
  if (labels.length === 0) return { baselines: [], baselineNotes: notes };
  const fitted = await fitBaselines(dataset, labels, options);
  try {
    const sums = fitted.baselines.map(() => new LabelSums(labels));
    for (let start = 0; start < rows.length; start += CHUNK) {
      if (options.signal?.aborted) throw new InterruptedError('evaluation stopped; nothing was written.');
      const chunk = rows.subarray(start, Math.min(start + CHUNK, rows.length));
      const features = await fitted.features.of(gatherRows(dataset.flux, chunk), gatherRows(dataset.ivar, chunk));
      fitted.baselines.forEach((baseline, b) => {
        sums[b].add(baseline.predict(features), dataset.catalogue, chunk);
      });
      options.onProgress?.({ stage: 'evaluating baselines', done: start + chunk.length, total: rows.length });
    }
    const baselines = fitted.baselines.map(({ name, title, chosen }, b) => {
      return { name, title, labels: sums[b].scores(), chosen };
    });
    return { baselines, baselineNotes: [fittedTo(fitted, split), ...notes] };
  } finally {
    await fitted.features.release();
  }
}

function fittedTo({ spectra: { train, valid }, baselines }: FittedBaselines, split: Split | 'all'): string {
  const count = ({ used, all }: { used: number; all: number }) => (used === all ? `${all}` : `${used} of ${all}`);
  const parts = baselines
    .filter(({ mostObjects }) => mostObjects < train.used)
    .map(({ title, mostObjects }) => ` (${title}: ${mostObjects})`);
  const judged = split === 'valid' ? ', which they are judged on, too' : '';
  return `baselines: fitted to ${count(train)} training spectra of this dataset${parts.join('')}, their settings chosen on ${count(valid)} validation spectra${judged}`;
}

function seenBy(split: 'train' | 'all'): string {
  return split === 'train' ? 'on which these scores are taken' : 'which is part of --split all; judge on --split test';
}
