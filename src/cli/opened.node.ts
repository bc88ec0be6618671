import { UserError } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import type { OpenRun } from '../inference/index.ts';

/** Runs and the dataset that a command works on. */
export interface Opened {
  readonly runs: readonly OpenRun[];
  readonly dataset: Dataset;
  readonly datasetPath: string;
}

/**
 * Opens `RUN… DATASET`: the last path is the dataset.
 *
 * @throws UserError when a path is missing, or a run stands where the dataset should
 */
export async function openRunsAndDataset(paths: readonly string[], threads: number): Promise<Opened> {
  const { isDatasetFolder, loadDataset } = await import('../dataset/index.node.ts');
  const { openRun } = await import('../inference/index.node.ts');
  const datasetPath = paths.at(-1);
  if (datasetPath === undefined || paths.length < 2) {
    throw new UserError('give one or more run folders and then a dataset folder');
  }
  if (!isDatasetFolder(datasetPath)) {
    throw new UserError(`${datasetPath} is not a dataset folder; the dataset comes last, after the runs`);
  }
  const runs: OpenRun[] = [];
  for (const path of paths.slice(0, -1)) runs.push(await openRun(path, { threads }));
  return { runs, dataset: await loadDataset(datasetPath), datasetPath };
}
