import { SOFTWARE_VERSION } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { findModel } from '../models/index.ts';
import type { Run } from '../runs/index.ts';
import { fit, identityOf } from './fit.node.ts';
import type { FitOptions } from './fit-options.ts';
import { shapeFor } from './shape.ts';
import { SharedWork } from './shared-work.node.ts';
import { differenceBetween, examineTarget } from './target.node.ts';

export interface FitOrReuseOptions extends Omit<FitOptions, 'resume' | 'overwrite'> {
  readonly latents: number;
}

/**
 * The run that `fit` would write, without fitting again what is there: a finished run of the same model, dataset,
 * settings, seed and software is taken as it is, an interrupted one is resumed, and any other run in `out` is replaced.
 *
 * @throws FileError when `out` holds something that is not a run
 */
export async function fitOrReuse(
  modelName: string,
  dataset: Dataset,
  options: FitOrReuseOptions,
): Promise<{ readonly run: Run; readonly reused: boolean }> {
  const model = findModel(modelName).configure(shapeFor(dataset, options.latents), { ...options.settings });
  const wanted = identityOf(model, new SharedWork(dataset), options, null);
  const target = examineTarget({ ...options, resume: true });
  const alike = target.identity === null || differenceBetween(target.identity, wanted) === null;
  if (target.kind === 'finished' && alike && target.run.description.software === SOFTWARE_VERSION) {
    return { run: target.run, reused: true };
  }
  const go = target.kind === 'open' && alike ? { resume: true } : { overwrite: true };
  return { run: await fit(modelName, dataset, { ...options, ...go }), reused: false };
}
