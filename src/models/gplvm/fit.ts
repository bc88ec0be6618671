/** The fit of a GPLVM: starts from PCA, passes over the objects until held-out ones gain no more, ends with exact q(v). */
import { type Matrix, zeros } from '../../base/index.ts';
import type { Session } from '../../graph/index.ts';
import type { Kernels } from '../../kernels/index.ts';
import type { DirectFitContext, FitData, FitResult, FitState, HistoryEntry, Parameters } from '../model.ts';
import { AmortisedLatents } from './amortised.ts';
import { type Judges, wideningOf } from './calibration.ts';
import { ENOUGH_HELD_OUT, leftOutJudges } from './cross-validation.ts';
import { blocksOf } from './elbo-step.ts';
import { anchorsOf } from './finish.ts';
import { HeldOutJudge } from './held-out.ts';
import { PointTable, type TrainingLatents } from './latents.ts';
import { capacityFor, type GplvmFitPlan, type LoadedParts, loadParts } from './parts.ts';
import { PosteriorTable, posteriorSession } from './posteriors.ts';
import { passesFor } from './schedule.ts';
import { type OutputScaling, type StandardisedRows, scalingOf, standardisedRows } from './standardise.ts';
import { startingLatents } from './start.ts';
import type { GplvmTensors } from './tensors.ts';
import { GplvmTrainer } from './trainer.ts';
import type { Block } from './views.ts';

/** A gain on held-out objects smaller than this, in nats a value, is none. */
const LEAST_GAIN = 1e-3;
/** Samples of every object's latents from which q(v) is made before the first pass, and at the end. */
const FIRST_DRAWS = 1;
const LAST_DRAWS = 2;

/**
 * @param resumeFrom a state after an epoch
 * @throws UserError when data are degenerate or too large
 * @throws InterruptedError when the signal fires; the state after the last whole epoch was handed on by then
 */
export async function fitGplvm(
  plan: GplvmSettings,
  tensors: GplvmTensors,
  train: FitData,
  valid: FitData,
  context: DirectFitContext,
  resumeFrom?: FitState,
): Promise<FitResult> {
  const job = await GplvmJob.prepare(plan, tensors, { train, valid }, context, resumeFrom);
  try {
    while (!job.ended) await job.runEpoch();
    return { parameters: await job.finish(), history: job.history };
  } finally {
    await job.release();
  }
}

/** A plan whose number of passes may be left to the number of objects (null). */
type GplvmSettings = Omit<GplvmFitPlan, 'epochs'> & { readonly epochs: number | null };

interface Splits {
  readonly train: FitData;
  readonly valid: FitData;
}

class GplvmJob {
  readonly #plan: GplvmFitPlan;
  readonly #tensors: GplvmTensors;
  readonly #splits: Splits;
  readonly #context: DirectFitContext;
  readonly #scaling: OutputScaling;
  readonly #parts: GplvmParts;
  #history: HistoryEntry[] = [];

  private constructor(
    plan: GplvmFitPlan,
    tensors: GplvmTensors,
    splits: Splits,
    context: DirectFitContext,
    scaling: OutputScaling,
    parts: GplvmParts,
  ) {
    this.#plan = plan;
    this.#tensors = tensors;
    this.#splits = splits;
    this.#context = context;
    this.#scaling = scaling;
    this.#parts = parts;
  }

  static async prepare(
    asked: GplvmSettings,
    tensors: GplvmTensors,
    splits: Splits,
    context: DirectFitContext,
    resumeFrom?: FitState,
  ): Promise<GplvmJob> {
    const { random, runtime, loadKernels } = context;
    if (loadKernels === undefined) throw new Error('a GPLVM is fitted with kernels; the context offers none');
    const { train, valid } = splits;
    const N = train.flux.rows;
    const plan = { ...asked, batch: Math.min(asked.batch, N), epochs: asked.epochs ?? passesFor(N) };
    const scaling = scalingOf(train, blocksOf(plan.decoders).flatMap(standardisedLabels));
    const rows = standardisedRows(train, scaling);
    const resumed = resumeFrom !== undefined;
    const start = await latentsToStart(rows, plan.latents, context, resumed);
    const kernels = loadKernels(capacityFor(plan));
    const typical = typicalSpectrum(scaling, train.flux.columns);
    const loaded = await loadParts(plan, start, kernels, typical, context);
    const parametersNow = (): Parameters => trainer.views(scaling);
    const updating = await posteriorSession(tensors, runtime);
    const latents = await latentsFor(
      plan,
      tensors,
      { start, resumed, rows, kernels, updating, parametersNow },
      context,
    );
    const trainer: GplvmTrainer = new GplvmTrainer(plan, rows, latents, loaded);
    const judge = await HeldOutJudge.load(tensors, standardisedRows(valid, scaling), updating, runtime, parametersNow);
    const job = new GplvmJob(plan, tensors, splits, context, scaling, {
      trainer,
      loaded,
      latents,
      judge,
      updating,
      kernels,
    });
    if (resumeFrom === undefined) await trainer.settleSites(FIRST_DRAWS, random.stream('first sites'), context.signal);
    else await job.#resume(resumeFrom);
    return job;
  }

  get history(): readonly HistoryEntry[] {
    return this.#history;
  }

  /** Whether all epochs are run, or held-out objects have stopped gaining. */
  get ended(): boolean {
    const { epochs, stopAfter } = this.#plan;
    const done = this.#history.length;
    if (done >= epochs) return true;
    let [best, bestAt] = [Infinity, 0];
    for (const { validLoss, step } of this.#history) {
      if (validLoss === null || validLoss >= best - LEAST_GAIN) continue;
      [best, bestAt] = [validLoss, step];
    }
    return bestAt > 0 && done - bestAt >= stopAfter;
  }

  async runEpoch(): Promise<void> {
    const { random, signal, onProgress, onCheckpoint } = this.#context;
    const { trainer, latents, judge } = this.#parts;
    const likelihood = await trainer.runEpoch(random.stream(`epoch ${trainer.epoch}`), signal);
    const terms = {
      likelihood,
      divergence: trainer.divergence() / this.#splits.train.flux.rows,
      latentDivergence: latents.divergence(),
    };
    const trainLoss = terms.likelihood + terms.divergence + terms.latentDivergence;
    const validLoss = (await judge?.judge(signal)) ?? null;
    this.#history.push({ step: trainer.epoch, trainLoss, validLoss, terms });
    const note = `loss ${trainLoss.toFixed(2)}${validLoss === null ? '' : `, held-out NLPD ${validLoss.toFixed(3)}`}`;
    onProgress?.({ stage: 'training', done: trainer.epoch, total: this.#plan.epochs, atMost: true, note });
    await onCheckpoint?.({ step: trainer.epoch, arrays: this.#arrays(), history: this.#history });
  }

  /** q(v) from all objects, where fits start from, and how wide posteriors must be: all that a run holds. */
  async finish(): Promise<Parameters> {
    const { random, signal, runtime } = this.#context;
    const { trainer, latents, judge, updating } = this.#parts;
    await latents.beginEpoch(signal);
    const { train, valid } = this.#splits;
    const settledOn = async (objects?: Uint32Array): Promise<Parameters> => {
      const draws = latents.sampled ? LAST_DRAWS : 1;
      await trainer.settleSites(draws, random.stream('last sites'), signal, objects);
      return trainer.parameters(this.#scaling);
    };
    const leftOut =
      valid.flux.rows < ENOUGH_HELD_OUT ? await leftOutJudges(trainer.rows, latents.means(), settledOn) : [];
    const fitted = await settledOn();
    const complete = { ...fitted, ...(await anchorsOf(this.#tensors, fitted, latents.means(), runtime)) };
    const heldOut = { ...(judge?.standing() ?? this.#strangers(valid)), parameters: complete };
    const parts = { tensors: this.#tensors, updating, runtime };
    const widening = await wideningOf(parts, [heldOut, ...leftOut], signal);
    return {
      ...complete,
      covarianceWidening: { shape: [1], data: Float32Array.of(widening.ofPixels) },
      ...(train.labels === undefined
        ? {}
        : { labelWidening: { shape: [1], data: Float32Array.of(widening.ofLabels) } }),
    };
  }

  /** Held-out objects of which no fit has begun. */
  #strangers(data: FitData): Omit<Judges, 'parameters'> {
    const rows = standardisedRows(data, this.#scaling);
    return { rows, start: zeros(rows.value.rows, this.#plan.latents), settled: false };
  }

  #arrays(): Parameters {
    const { trainer, judge } = this.#parts;
    return { ...trainer.arrays(), ...judge?.arrays() };
  }

  async #resume({ step, arrays, history }: FitState): Promise<void> {
    for (const [name, { data }] of Object.entries(this.#arrays())) {
      const saved = arrays[name];
      if (saved?.data.length !== data.length) throw new Error(`the checkpoint's array ${name} is of another fit`);
      data.set(saved.data);
    }
    this.#history = [...history];
    this.#parts.judge?.resumed();
    await this.#parts.trainer.resumeAt(step);
  }

  async release(): Promise<void> {
    const { loaded, latents, judge, updating, kernels } = this.#parts;
    await latents.release();
    await updating.release();
    await judge?.release();
    await loaded.step.release();
    for (const sites of Object.values(loaded.sites)) await sites.release();
    await kernels.release();
  }
}

interface GplvmParts {
  readonly trainer: GplvmTrainer;
  readonly loaded: LoadedParts;
  readonly latents: TrainingLatents;
  readonly judge: HeldOutJudge | null;
  readonly updating: Session;
  readonly kernels: Kernels;
}

/** Latents to begin with; a resumed fit only needs their shape. */
function latentsToStart(
  rows: StandardisedRows,
  latents: number,
  context: DirectFitContext,
  resumed: boolean,
): Promise<Matrix> {
  if (resumed) return Promise.resolve(zeros(rows.value.rows, latents));
  return startingLatents(rows, latents, { ...context, random: context.random.stream('start') });
}

/** For each label of a block whether its likelihood is of standardised values. */
function standardisedLabels({ name, outputs, likelihood }: Block): boolean[] {
  return name === 'spectrum' ? [] : new Array<boolean>(outputs).fill(likelihood.standardised);
}

/** The mean spectrum in units of the pixels' scatter, length P. */
function typicalSpectrum({ centre, scale }: OutputScaling, pixels: number): Float32Array {
  return Float32Array.from({ length: pixels }, (_, p) => centre[p] / scale[p]);
}

interface LatentParts {
  readonly start: Matrix;
  /** Whether a checkpoint will tell where the latents stand, and not `start`. */
  readonly resumed: boolean;
  readonly rows: StandardisedRows;
  readonly kernels: Kernels;
  /** Of `posteriorSession`. */
  readonly updating: Session;
  readonly parametersNow: () => Parameters;
}

async function latentsFor(
  { latentKind, batch }: GplvmFitPlan,
  tensors: GplvmTensors,
  { start, resumed, rows, kernels, updating, parametersNow }: LatentParts,
  context: DirectFitContext,
): Promise<TrainingLatents> {
  const { network, shape } = tensors;
  if (network !== null) {
    const options = { ...context, kernels, batch, pixels: shape.pixels };
    return AmortisedLatents.load(network, resumed ? null : start, rows, options);
  }
  if (latentKind === 'gaussian') {
    const table = new PosteriorTable(start, tensors.coordinates, rows, updating, parametersNow);
    if (resumed) table.resumed();
    return table;
  }
  return new PointTable(start, latentKind === 'map');
}
