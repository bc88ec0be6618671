import { type Dataset, gatherRows } from '../../dataset/index.ts';
import type { LabelComparison } from '../../plots/index.ts';
import type { RunScore } from '../evaluate.ts';
import type { FittedRun } from '../fitted-run.ts';
import { thinned } from '../thinned.ts';

/** Objects in a panel: more would not be told apart. */
const MAXIMUM_POINTS = 10_000;

/**
 * Predicted against measured labels of the objects that `scores` are over, or of as many of them as a figure can show.
 * Labels that no object of the dataset has are left out.
 *
 * @param rows of the dataset that the run was judged on
 */
export async function labelComparisons(
  run: FittedRun,
  dataset: Dataset,
  rows: Uint32Array,
  scores: RunScore['labels'],
): Promise<LabelComparison[]> {
  const shown = thinned(rows, MAXIMUM_POINTS);
  const predicted = await run.predictLabels(gatherRows(dataset.flux, shown), gatherRows(dataset.ivar, shown));
  const { names, value, ivar } = dataset.catalogue.labels;
  return run.run.description.labels.flatMap((name, k) => {
    if (!Object.hasOwn(scores, name)) return [];
    const { n, rmse, robust, coverage68, coverage95 } = scores[name];
    const place = (index: number) => shown[index] * names.length + names.indexOf(name);
    const own = (index: number) => index * predicted.mean.columns + k;
    const objects = Array.from(shown.keys()).filter((index) => ivar.data[place(index)] > 0);
    const column = (of: (index: number) => number) => Float32Array.from(objects, of);
    return {
      name,
      measured: column((index) => value.data[place(index)]),
      measuredDeviation: column((index) => 1 / Math.sqrt(ivar.data[place(index)])),
      predicted: column((index) => predicted.mean.data[own(index)]),
      predictedDeviation: column((index) => Math.sqrt(predicted.variance.data[own(index)])),
      scores: { n, rmse, robust, coverage68, coverage95 },
    };
  });
}
