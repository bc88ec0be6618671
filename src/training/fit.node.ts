/** From a dataset to a finished run folder: the one call behind `lightfold train`. */
import { availableParallelism } from 'node:os';
import { InterruptedError, Random } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { createNodeRuntime } from '../graph/index.node.ts';
import type { Runtime } from '../graph/index.ts';
import { type DirectFitting, type FitState, findModel, type GradientFitting, type Model } from '../models/index.ts';
import type { Run } from '../runs/index.ts';
import { type Checkpoint, type FitIdentity, removeCheckpoint, saveCheckpoint } from './checkpoint.node.ts';
import { datasetChecksum } from './checksum.node.ts';
import { type FitOptions, longWorkOf } from './fit-options.ts';
import { fitByGradient } from './gradient-fit.node.ts';
import { type Fitted, writeRun } from './record.node.ts';
import { type FitSplits, splitsForFit } from './splits.ts';
import { clearTarget, examineTarget, requireSameFit, requireSameModel } from './target.node.ts';

const DEFAULT_LATENTS = 6;
const DEFAULT_SEED = 1;

/**
 * Fits a model to the training split of a dataset and writes the run into `options.out`. A checkpoint is kept there
 * while it goes on, so that it can be stopped at any moment and resumed to the same weights.
 *
 * @param modelName `pca`, `ae`, `vae`, … (models/registry.ts)
 * @throws UserError for unknown models and settings, too little data, a folder that is taken, a resume that differs
 *   from what was begun, a diverging loss
 * @throws InterruptedError when `options.signal` fires; the state is saved by then
 */
export async function fit(modelName: string, dataset: Dataset, options: FitOptions): Promise<Run> {
  const definition = findModel(modelName);
  const target = examineTarget(options);
  const begun = target.identity;
  if (begun !== null) requireSameModel(begun, modelName, options.out);
  const latents = options.latents ?? begun?.latents ?? DEFAULT_LATENTS;
  const model = definition.configure(
    { pixels: dataset.flux.columns, latents },
    { ...begun?.settings, ...options.settings },
  );
  const identity = identityOf(model, dataset, options, begun);
  if (begun !== null) requireSameFit(begun, identity, options.out);
  if (target.kind === 'finished') {
    // A fit killed between writing its run and this line left its checkpoint behind.
    removeCheckpoint(options.out);
    return target.run;
  }
  const splits = splitsForFit(dataset, latents);
  const runtime = createNodeRuntime({ threads: identity.threads });
  if (target.kind === 'replace') clearTarget(options.out);
  const fitted = await fitModel({ model, splits, runtime, identity, checkpoint: target.checkpoint, options });
  const run = await writeRun({ model, fitted, dataset, splits, runtime, identity, options });
  removeCheckpoint(options.out);
  return run;
}

interface FitJob {
  readonly model: Model;
  readonly splits: FitSplits;
  readonly runtime: Runtime;
  readonly identity: FitIdentity;
  readonly checkpoint: Checkpoint | null;
  readonly options: FitOptions;
}

async function fitModel(job: FitJob): Promise<Fitted> {
  try {
    return await (job.model.fitting.kind === 'gradient'
      ? descendTo(job, job.model.fitting)
      : iterateTo(job, job.model.fitting));
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError(`${error.message}; the same command with --resume goes on from there`, { cause: error });
  }
}

async function descendTo(
  { splits, runtime, identity, checkpoint, options, model }: FitJob,
  fitting: GradientFitting,
): Promise<Fitted> {
  const saved = checkpoint?.progress.kind === 'gradient' ? checkpoint.progress : null;
  const { state, parameters, history } = await fitByGradient(fitting, splits, {
    ...longWorkOf(options),
    stage: `training ${model.name}`,
    runtime,
    random: new Random(identity.seed),
    ...(checkpoint === null || saved === null ? {} : { resumeFrom: { state: saved, arrays: checkpoint.arrays } }),
    onCheckpoint: (state, arrays) =>
      saveCheckpoint(options.out, { identity, progress: { kind: 'gradient', ...state }, arrays }),
  });
  const { bestEpoch } = state.plateau;
  return {
    parameters,
    history,
    steps: state.step,
    epochs: state.epoch,
    keptEntry: bestEpoch - 1,
    seconds: state.seconds,
  };
}

async function iterateTo(
  { splits, runtime, identity, checkpoint, options }: FitJob,
  fitting: DirectFitting,
): Promise<Fitted> {
  const saved = checkpoint?.progress.kind === 'direct' ? checkpoint.progress : null;
  const started = performance.now();
  const secondsNow = () => (saved?.seconds ?? 0) + (performance.now() - started) / 1000;
  const context = {
    ...longWorkOf(options),
    runtime,
    random: new Random(identity.seed),
    onCheckpoint: async ({ step, history, arrays }: FitState) => {
      const progress = { kind: 'direct' as const, step, history, seconds: secondsNow() };
      saveCheckpoint(options.out, { identity, progress, arrays });
    },
  };
  const resumeFrom = checkpoint === null || saved === null ? undefined : { ...saved, arrays: checkpoint.arrays };
  const { parameters, history } = await fitting.fit(splits.train, splits.valid, context, resumeFrom);
  const steps = history.at(-1)?.step ?? 0;
  return { parameters, history, steps, epochs: steps, keptEntry: history.length - 1, seconds: secondsNow() };
}

/** What is asked for now; what the options leave open is as it was begun, or the default. */
function identityOf(model: Model, dataset: Dataset, options: FitOptions, begun: FitIdentity | null): FitIdentity {
  return {
    model: model.name,
    latents: model.shape.latents,
    settings: model.settings,
    seed: options.seed ?? begun?.seed ?? DEFAULT_SEED,
    threads: options.threads ?? begun?.threads ?? availableParallelism(),
    datasetChecksum: datasetChecksum(dataset),
  };
}
