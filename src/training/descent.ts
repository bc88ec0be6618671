/**
 * The training loop: minibatches, one session run and one Adam step each, a validation pass an epoch, plateau
 * schedule, early stopping, checkpoints. It holds a loss graph and never asks whose it is.
 *
 * An epoch visits the training rows in a fresh random order and drops the last ⟨rows mod batch⟩ of it: the loss graph
 * has a fixed number of rows, and over epochs every spectrum is dropped equally often.
 */
import { InterruptedError, type LongWorkOptions, Random, UserError } from '../base/index.ts';
import type { HistoryEntry, Optimisation } from '../models/index.ts';
import type { ParameterMemory } from './parameter-memory.ts';
import { judgeEpoch, startPlateau, withoutWaiting } from './plateau.ts';
import type { DescentState } from './state.ts';
import type { LoadedLoss, LossValues } from './step.ts';
import { addWeighted, type Validation } from './validation.ts';

export interface DescentTask extends LongWorkOptions {
  /** What progress reports call it: `training vae`. */
  readonly stage: string;
  readonly optimisation: Optimisation;
  /** Rows of the training split. */
  readonly objects: number;
  readonly loss: LoadedLoss;
  readonly validation: Validation;
  readonly memory: ParameterMemory;
  /** Moves the parameters by the gradients that lie in `memory`. */
  readonly optimiserStep: (learningRate: number, step: number) => void;
  readonly random: Random;
  /** Return, unfinished, when so many epochs are completed; default: go on to the end. */
  readonly pauseAfter?: number;
  /** Called with a state that `descend` can start from while the arrays of `memory` are as they are now. */
  readonly onCheckpoint: (state: DescentState) => void;
}

/** Progress within an epoch is reported at most this often, in milliseconds. */
const REPORT_EVERY = 200;
/**
 * Epochs that are over sooner than this, in milliseconds, share a checkpoint: writing and flushing one takes longer
 * than an epoch of a small survey.
 */
const CHECKPOINT_EVERY = 1000;

export function startDescent(random: Random, learningRate: number): DescentState {
  return {
    epoch: 0,
    batch: 0,
    step: 0,
    noise: random.stream('minibatch normals').state(),
    sums: {},
    plateau: startPlateau(learningRate),
    history: [],
    seconds: 0,
    finished: false,
  };
}

/**
 * @returns the state in which training ended or, not `finished`, paused; the best parameters are in `task.memory.best`
 * @throws InterruptedError when the signal fires, after `onCheckpoint` was given the state
 * @throws UserError when the loss stops being a finite number
 */
export async function descend(task: DescentTask, from: DescentState): Promise<DescentState> {
  const { pauseAfter = Number.POSITIVE_INFINITY } = task;
  let state = from;
  let saved = Number.NEGATIVE_INFINITY;
  while (!state.finished && state.epoch < pauseAfter) {
    const started = performance.now();
    const epoch = await descendEpoch(task, state);
    const valid = await task.validation.evaluate();
    checkFinite(valid.loss, epoch, task);
    state = closeEpoch(task, epoch, valid, (performance.now() - started) / 1000);
    const pausing = !state.finished && state.epoch >= pauseAfter;
    if (pausing || performance.now() - saved > CHECKPOINT_EVERY) {
      task.onCheckpoint(state);
      saved = performance.now();
    }
    report(task, state, 0);
  }
  return state;
}

/** Takes the steps that are left of the epoch under way. */
async function descendEpoch(task: DescentTask, from: DescentState): Promise<DescentState> {
  const { loss, random, objects } = task;
  const order = random.stream(`order of epoch ${from.epoch + 1}`).permutation(objects);
  const batches = Math.floor(objects / loss.rows);
  const noise = new Random(from.noise);
  const sums = { ...from.sums };
  const started = performance.now();
  let reported = started;
  let { batch, step } = from;
  const now = (): DescentState => ({ ...from, batch, step, sums: { ...sums }, noise: noise.state() });
  for (; batch < batches; batch++) {
    if (task.signal?.aborted) interrupt(task, now(), (performance.now() - started) / 1000);
    const rows = order.subarray(batch * loss.rows, (batch + 1) * loss.rows);
    const values = await loss.evaluate(rows, noise, warmUpShare(task, from.epoch + (batch + 1) / batches));
    checkFinite(values.loss, now(), task);
    task.optimiserStep(from.plateau.learningRate, ++step);
    addWeighted(sums, values, 1 / batches);
    if (performance.now() - reported > REPORT_EVERY) {
      reported = performance.now();
      report(task, from, batch / batches);
    }
  }
  return now();
}

function closeEpoch(task: DescentTask, state: DescentState, valid: LossValues, seconds: number): DescentState {
  const { optimisation, memory } = task;
  const epoch = state.epoch + 1;
  const judged = judgeEpoch(state.plateau, optimisation, epoch, valid.loss);
  const verdict = epoch < optimisation.warmUpEpochs ? withoutWaiting(judged, state.plateau) : judged;
  if (verdict.best) memory.keepAsBest();
  const reduced = verdict.state.learningRate < state.plateau.learningRate;
  if (reduced && optimisation.returnToBest) memory.returnToBest();
  return {
    ...state,
    epoch,
    batch: 0,
    sums: {},
    plateau: verdict.state,
    history: [...state.history, historyEntry(epoch, state, valid)],
    seconds: state.seconds + seconds,
    finished: verdict.stop || epoch >= optimisation.maximumEpochs,
  };
}

/** The share of the warm-up that has passed when `epochs` have been. */
function warmUpShare({ optimisation }: DescentTask, epochs: number): number {
  return optimisation.warmUpEpochs === 0 ? 1 : Math.min(1, epochs / optimisation.warmUpEpochs);
}

function historyEntry(epoch: number, { sums, plateau }: DescentState, valid: LossValues): HistoryEntry {
  const terms: Record<string, number> = { learningRate: plateau.learningRate };
  for (const name of Object.keys(valid)) {
    if (name === 'loss') continue;
    terms[`train ${name}`] = sums[name];
    terms[`valid ${name}`] = valid[name];
  }
  return { step: epoch, trainLoss: sums.loss, validLoss: valid.loss, terms };
}

function interrupt(task: DescentTask, state: DescentState, seconds: number): never {
  task.onCheckpoint({ ...state, seconds: state.seconds + seconds });
  throw new InterruptedError(`${task.stage} was interrupted in epoch ${state.epoch + 1}; its state is saved`);
}

function checkFinite(loss: number, { epoch, step, plateau }: DescentState, task: DescentTask): void {
  if (Number.isFinite(loss)) return;
  throw new UserError(
    `${task.stage} diverged: the loss is ${loss} in epoch ${epoch + 1}, after ${step} steps; ` +
      `try a lower learning rate (it is ${plateau.learningRate}), e.g. --set learningRate=${plateau.learningRate / 10}.`,
  );
}

function report({ onProgress, stage, optimisation }: DescentTask, state: DescentState, partOfEpoch: number): void {
  const { best, bestEpoch } = state.plateau;
  onProgress?.({
    stage,
    done: state.epoch + partOfEpoch,
    total: state.finished ? state.epoch : optimisation.maximumEpochs,
    atMost: !state.finished,
    ...(best === null ? {} : { note: `valid loss ${best.toPrecision(5)} (best, epoch ${bestEpoch})` }),
  });
}
