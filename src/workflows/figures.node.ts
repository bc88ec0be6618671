import { join } from 'node:path';
import { type Evaluation, evaluateRuns, type FittedRun, figureData } from '../analysis/index.ts';
import type { LongWorkOptions } from '../base/index.ts';
import type { Dataset, Split } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { type FigureFormat, figureFile } from '../plots/index.node.ts';
import { drawFigures, type FigureData } from '../plots/index.ts';

export interface FiguresOptions extends LongWorkOptions {
  /** Folder to write into; made when it is missing. */
  readonly out: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
  /** Objects that errors are measured on; `test` unless told. */
  readonly split?: Split | 'all';
}

export interface WrittenFigure {
  readonly file: string;
  readonly title: string;
  readonly caption: string;
}

/** The papers' figures for some runs on one dataset, with the numbers they stand on. */
export interface WrittenFigures {
  readonly figures: readonly WrittenFigure[];
  readonly evaluation: Evaluation;
  readonly data: FigureData;
}

/**
 * Draws every figure that the runs and the dataset allow, a file each.
 *
 * @throws UserError when a run was fitted on another grid or normalisation, or the split is empty
 */
export async function writeFigures(
  runs: readonly FittedRun[],
  dataset: Dataset,
  options: FiguresOptions,
): Promise<WrittenFigures> {
  const { out, format = 'svg', split = 'test', ...longWork } = options;
  const evaluation = await evaluateRuns(runs, dataset, { split, ...longWork });
  const data = await figureData(runs, dataset, evaluation, longWork);
  const figures: WrittenFigure[] = [];
  for (const figure of drawFigures(data)) {
    const { name, bytes } = await figureFile(figure, format);
    writeFileAtomically(join(out, name), bytes);
    figures.push({ file: name, title: figure.title, caption: figure.caption });
  }
  return { figures, evaluation, data };
}
