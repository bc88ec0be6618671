/** From a dataset to a finished run folder: the one call behind `lightfold train`. */
import { availableParallelism } from 'node:os';
import { InterruptedError, Random } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { createNodeRuntime } from '../graph/index.node.ts';
import type { Runtime } from '../graph/index.ts';
import { loadKernels } from '../kernels/index.node.ts';
import {
  type DirectFitting,
  type FitState,
  findModel,
  type GradientFitting,
  type HistoryEntry,
  type Model,
} from '../models/index.ts';
import type { Run } from '../runs/index.ts';
import { type Checkpoint, type FitIdentity, removeCheckpoint, saveCheckpoint } from './checkpoint.node.ts';
import { type FitOptions, longWorkOf } from './fit-options.ts';
import { fitByGradient } from './gradient-fit.node.ts';
import type { LatentsInUse } from './latents-in-use.ts';
import { type Fitted, latentsUsed, writeRun } from './record.node.ts';
import { shapeFor } from './shape.ts';
import { SharedWork } from './shared-work.node.ts';
import type { FitSplits } from './splits.ts';
import { clearTarget, examineTarget, requireSameFit, requireSameModel } from './target.node.ts';

const DEFAULT_LATENTS = 6;
const DEFAULT_SEED = 1;
/** Spectra that tell which latents a paused fit uses. */
const PAUSED_SPECTRA = 2000;

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
  const outcome = await advanceFit(modelName, new SharedWork(dataset), options);
  if (outcome.kind === 'paused') throw new Error('a fit without a pause ends finished');
  return outcome.run;
}

export interface AdvanceOptions extends FitOptions {
  /** Stop with a checkpoint when so many epochs are completed in all; default: go on to the end. */
  readonly pauseAfter?: number;
}

/** A fit that was taken some way: finished, or paused between two epochs, to be resumed to the same weights. */
export type Advanced = { readonly kind: 'finished'; readonly run: Run } | PausedFit;

export interface PausedFit {
  readonly kind: 'paused';
  readonly history: readonly HistoryEntry[];
  /** The epoch, counted from 1, whose parameters would be kept if it ended here. */
  readonly bestEpoch: number;
  /** Measured on up to 2,000 validation spectra. */
  readonly latentsInUse: LatentsInUse;
  /** Spent in training so far. */
  readonly seconds: number;
}

/**
 * As `fit`, but may pause after an epoch, and takes what several fits have in common from `shared`. Models with their
 * own iterations do not pause.
 */
export async function advanceFit(modelName: string, shared: SharedWork, options: AdvanceOptions): Promise<Advanced> {
  const { dataset } = shared;
  const definition = findModel(modelName);
  const target = examineTarget(options);
  const begun = target.identity;
  if (begun !== null) requireSameModel(begun, modelName, options.out);
  const latents = options.latents ?? begun?.latents ?? DEFAULT_LATENTS;
  const model = definition.configure(shapeFor(dataset, latents), { ...begun?.settings, ...options.settings });
  const identity = identityOf(model, shared, options, begun);
  if (begun !== null) requireSameFit(begun, identity, options.out);
  if (target.kind === 'finished') {
    // A fit killed between writing its run and this line left its checkpoint behind.
    removeCheckpoint(options.out);
    return { kind: 'finished', run: target.run };
  }
  const splits = shared.splits(latents);
  const runtime = createNodeRuntime({ threads: identity.threads });
  if (target.kind === 'replace') clearTarget(options.out);
  const fitted = await fitModel({ model, splits, runtime, identity, checkpoint: target.checkpoint, options, shared });
  if (!fitted.finished) {
    const { history, keptEntry, seconds } = fitted;
    const latentsInUse = await latentsUsed(model, fitted.parameters, splits.valid, runtime, PAUSED_SPECTRA);
    return { kind: 'paused', history, bestEpoch: history[keptEntry].step, latentsInUse, seconds };
  }
  const run = await writeRun({ model, fitted, dataset, splits, runtime, identity, options });
  removeCheckpoint(options.out);
  return { kind: 'finished', run };
}

interface FitJob {
  readonly model: Model;
  readonly splits: FitSplits;
  readonly runtime: Runtime;
  readonly identity: FitIdentity;
  readonly checkpoint: Checkpoint | null;
  readonly options: AdvanceOptions;
  readonly shared: SharedWork;
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
  { splits, runtime, identity, checkpoint, options, model, shared }: FitJob,
  fitting: GradientFitting,
): Promise<Fitted> {
  const saved = checkpoint?.progress.kind === 'gradient' ? checkpoint.progress : null;
  const { state, parameters, history } = await fitByGradient(fitting, splits, {
    ...longWorkOf(options),
    stage: `training ${model.name}`,
    runtime,
    random: new Random(identity.seed),
    shared,
    ...(options.pauseAfter === undefined ? {} : { pauseAfter: options.pauseAfter }),
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
    finished: state.finished,
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
    loadKernels: (capacityBytes: number) => loadKernels({ capacityBytes, threads: identity.threads }),
    onCheckpoint: async ({ step, history, arrays }: FitState) => {
      const progress = { kind: 'direct' as const, step, history, seconds: secondsNow() };
      saveCheckpoint(options.out, { identity, progress, arrays });
    },
  };
  const resumeFrom = checkpoint === null || saved === null ? undefined : { ...saved, arrays: checkpoint.arrays };
  const { parameters, history } = await fitting.fit(splits.train, splits.valid, context, resumeFrom);
  const steps = history.at(-1)?.step ?? 0;
  const seconds = secondsNow();
  return { parameters, history, steps, epochs: steps, keptEntry: history.length - 1, seconds, finished: true };
}

/** What is asked for now; what the options leave open is as it was begun, or the default. */
export function identityOf(
  model: Model,
  shared: SharedWork,
  options: FitOptions,
  begun: FitIdentity | null,
): FitIdentity {
  return {
    model: model.name,
    latents: model.shape.latents,
    settings: model.settings,
    seed: options.seed ?? begun?.seed ?? DEFAULT_SEED,
    threads: options.threads ?? begun?.threads ?? availableParallelism(),
    datasetChecksum: shared.checksum(),
  };
}
