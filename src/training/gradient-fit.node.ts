/** Fits a model by gradient descent: what stands between a model's description of its loss and the loop over it. */
import type { LongWorkOptions, Matrix, Random } from '../base/index.ts';
import type { Runtime } from '../graph/index.ts';
import { loadKernels } from '../kernels/index.node.ts';
import type { Kernels } from '../kernels/index.ts';
import type {
  FitContext,
  FitData,
  FitResult,
  GradientFitting,
  LossGraph,
  Parameters,
  PreparedFit,
  PreparedRows,
} from '../models/index.ts';
import { type DescentTask, descend, startDescent } from './descent.ts';
import { longWorkOf } from './fit-options.ts';
import { ParameterMemory } from './parameter-memory.ts';
import type { SharedWork } from './shared-work.node.ts';
import type { FitSplits } from './splits.ts';
import type { DescentState } from './state.ts';
import { loadLoss } from './step.ts';
import { loadValidation } from './validation.ts';

/** Held-out spectra from which a paused fit estimates what a finished one does from all. */
const PAUSED_SPECTRA = 500;

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export interface GradientFitTask extends LongWorkOptions {
  readonly stage: string;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly resumeFrom?: { readonly state: DescentState; readonly arrays: Parameters };
  readonly onCheckpoint: (state: DescentState, arrays: Parameters) => void;
  /** Stop, unfinished, when so many epochs are completed; default: go on to the end. */
  readonly pauseAfter?: number;
  /** Rows made ready by an earlier fit may be taken from here. */
  readonly shared?: SharedWork;
}

/**
 * @returns the best parameters; while `state.finished` is not true, those that are estimated after descent rest on few
 *   spectra, and those that only state the decoder's scatter are missing
 * @throws InterruptedError when the signal fires, after `onCheckpoint`
 */
export async function fitByGradient(
  fitting: GradientFitting,
  { train, valid }: FitSplits,
  task: GradientFitTask,
): Promise<FitResult & { readonly state: DescentState }> {
  const { random, runtime, resumeFrom, shared = null, pauseAfter } = task;
  // Spelt out: nothing of this task's own must reach the model's calls as an option of theirs.
  const context = (name: string): FitContext => ({ runtime, random: random.stream(name), ...longWorkOf(task) });
  const prepare = () => fitting.prepare(train, valid, context('preparation'));
  const prepared = await (shared === null ? prepare() : shared.prepared(prepare));
  const trainer = await loadTrainer(fitting, prepared, runtime, random);
  const { memory } = trainer;
  if (resumeFrom !== undefined && !memory.restore(resumeFrom.arrays)) {
    throw new Error('the checkpoint holds arrays of another network');
  }
  const { loss, validation, optimiserStep } = trainer;
  const descent: DescentTask = {
    ...longWorkOf(task),
    ...{ stage: task.stage, random, loss, validation, memory, optimiserStep },
    optimisation: fitting.optimisation,
    objects: train.flux.rows,
    ...(pauseAfter === undefined ? {} : { pauseAfter }),
    onCheckpoint: (state) => task.onCheckpoint(state, memory.arrays()),
  };
  try {
    const state = await descend(descent, resumeFrom?.state ?? startDescent(random, fitting.optimisation.learningRate));
    const descended = { ...prepared.fixed, ...memory.bestParameters() };
    const judges = state.finished ? valid : firstOf(valid, PAUSED_SPECTRA);
    const parameters = { ...descended, ...(await fitting.finish(descended, judges, context('finish'))) };
    const calibrated = state.finished ? await fitting.calibrate(parameters, valid, context('calibration')) : {};
    return { state, history: state.history, parameters: { ...parameters, ...calibrated } };
  } finally {
    await trainer.release();
  }
}

function firstOf({ wavelength, flux, ivar, labels }: FitData, count: number): FitData {
  const head = ({ rows, columns, data }: Matrix): Matrix => {
    const kept = Math.min(rows, count);
    return { rows: kept, columns, data: data.subarray(0, kept * columns) };
  };
  const measured = labels === undefined ? {} : { labels: { value: head(labels.value), ivar: head(labels.ivar) } };
  return { wavelength, flux: head(flux), ivar: head(ivar), ...measured };
}

/** A training step ready to run: the loss with its gradients, the validation, and Adam, over one memory. */
export interface Trainer extends Pick<DescentTask, 'loss' | 'validation' | 'memory' | 'optimiserStep'> {
  release(): Promise<void>;
}

export async function loadTrainer(
  fitting: GradientFitting,
  prepared: PreparedFit,
  runtime: Runtime,
  random: Random,
): Promise<Trainer> {
  const batch = Math.min(fitting.optimisation.batch, rowsOf(prepared.train));
  const graph = fitting.lossGraph(batch);
  const initial = fitting.initialParameters(random.stream('initial parameters'));
  const kernels = loadKernels({ capacityBytes: bytesFor(initial, graph), threads: runtime.threads });
  const allocate = (length: number) => kernels.memory.allocate(length);
  const memory = new ParameterMemory(initial, allocate);
  const shared = { fixed: prepared.fixed, runtime, allocate, values: memory.valueViews };
  const loss = await loadLoss({ ...shared, graph, rows: batch, data: prepared.train, gradients: memory.gradientViews });
  const validation = await loadValidation({
    ...shared,
    graphFor: (rows) => fitting.lossGraph(rows),
    data: prepared.valid,
    objects: rowsOf(prepared.valid),
    batch,
    normals: random.stream('validation normals').state(),
  });
  return {
    loss,
    validation,
    memory,
    optimiserStep: (learningRate, step) => moveByAdam(kernels, memory, learningRate, step),
    async release() {
      await loss.release();
      await validation.release();
      await kernels.release();
    },
  };
}

function moveByAdam(kernels: Kernels, memory: ParameterMemory, learningRate: number, step: number): void {
  const { values: parameters, gradients, firstMoment: first, secondMoment: second } = memory;
  kernels.adam({ parameters, gradients, first, second }, step, learningRate, ADAM);
}

function rowsOf(data: PreparedRows): number {
  const matrices: readonly Matrix[] = Object.values(data);
  return matrices[0].rows;
}

/** Parameters, gradients and two moments, and the feeds of the three loaded losses, each with room for alignment. */
function bytesFor(initial: Parameters, graph: LossGraph): number {
  const line = 64;
  const parameters = Object.values(initial).map(({ data }) => 4 * (4 * data.length + line));
  const feeds = graph.inputs.map(({ tensor }) => {
    const size = tensor.shape.reduce<number>((product, dimension) => product * Number(dimension), 1);
    return 3 * (4 * size + line);
  });
  const scalars = 2 ** 20;
  return [...parameters, ...feeds].reduce((total, bytes) => total + bytes, scalars);
}
