import { type LongWorkOptions, type Matrix, type Random, UserError, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { centredRows, chosenRows, weightedRows } from '../pca/weighted-rows.ts';
import { TemplatePass, type WeightedSpectra } from './pass.ts';
import { randomTemplates, templatesFromSvd } from './start.ts';
import { applyRule, UPDATE_RULES, type UpdateName } from './updates.ts';

export interface FactoriseOptions extends LongWorkOptions {
  /** Q */
  readonly components: number;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly updates?: UpdateName;
  readonly background?: boolean;
  readonly start?: 'nndsvd' | 'random';
  readonly maximumIterations?: number;
  /** Iterations end when, over the last few, χ² per observed pixel falls by less than this in each. */
  readonly tolerance?: number;
  readonly resumeFrom?: NmfState;
  /** Called after every iteration. */
  readonly onIteration?: (state: NmfState) => Promise<void>;
}

/** Float32, because that is what the graphs see; a state saved and read back is the same state. */
export interface NmfState {
  readonly iteration: number;
  /** T × P: the templates that the next pass tries. */
  readonly templates: Matrix;
  /** T × P: templates that are sure not to be worse than the last accepted ones. */
  readonly sure: Matrix;
  /** N × Q: coefficients for the last accepted templates. */
  readonly latent: Matrix;
  readonly pace: Pace;
  readonly trace: readonly NmfFigures[];
}

/** How far templates are moved beyond their update, as a share of their last move (Ang & Gillis 2019). */
interface Pace {
  readonly momentum: number;
  readonly most: number;
  /** Whether `templates` went beyond `sure`. */
  readonly extrapolated: boolean;
}

export interface NmfFigures {
  /** Σ w (x − model)² / number of observed pixels of the best templates so far; never rises. */
  readonly chi2PerPixel: number;
  readonly momentum: number;
}

/** Beyond this, products in float32 (up to 3e38) may overflow. */
const FLOAT32_ROOM = 1e30;
/** Spectra that larger sets are first fitted on: most iterations then cost little. */
const SAMPLE = 4096;
/** Iterations over which convergence is judged: one alone may be a rejected extrapolation. */
const JUDGED = 5;

/**
 * Non-negative matrix factorisation of noisy spectra with gaps: minimises Σ w (x − zH)² over z ≥ 0 and H ≥ 0, each pixel
 * counted by its weight, unobserved ones not at all (Zhu 2016). Negative fluxes are data like all others: it is the model
 * that is non-negative, so noise about zero averages to zero (Green & Bailey 2024).
 *
 * Coefficients and templates are updated in turn, by the rule chosen (`updates.ts`). With `blocks` the templates are
 * moved on along their last move, further while that helps; a move that raised χ² is taken back (Ang & Gillis 2019).
 *
 * @throws UserError when no pixel is observed, spectra are too few, or values are too large for float32
 * @throws InterruptedError when `signal` fires; `onIteration` then has seen the last whole iteration
 */
export async function factorise(spectra: WeightedSpectra, options: FactoriseOptions): Promise<NmfState> {
  requireUsable(spectra, options.components);
  const begun = options.resumeFrom ?? (await startingState(spectra, options));
  return iterate(spectra, begun, options);
}

function requireUsable({ flux, weights }: WeightedSpectra, components: number): void {
  let largest = 0;
  let observed = 0;
  for (let at = 0; at < flux.data.length; at++) {
    if (weights.data[at] === 0) continue;
    observed++;
    largest = Math.max(largest, weights.data[at] * flux.data[at] ** 2, weights.data[at]);
  }
  if (observed === 0) throw new UserError('NMF found no observed pixel in the training spectra (all ivar are 0).');
  if (flux.rows <= components) {
    throw new UserError(
      `NMF with ${components} components needs more than ${components} training spectra; there are ${flux.rows}.`,
    );
  }
  if (!(largest * observed < FLOAT32_ROOM)) {
    throw new UserError(
      'NMF met flux or ivar too large for float32 arithmetic; normalise the flux, or look for wild values.',
    );
  }
}

async function startingState(spectra: WeightedSpectra, options: FactoriseOptions): Promise<NmfState> {
  const { random, runtime, components, signal } = options;
  const { rows, columns } = spectra.flux;
  const chosen = random.stream('nmf-sample').permutation(rows).subarray(0, SAMPLE);
  const whole = weightedRows(spectra.flux, spectra.weights);
  const sample = rows > SAMPLE ? chosenRows(whole, chosen) : whole;
  const mean = whole.centre;
  const filled = centredRows(sample);
  for (let at = 0; at < filled.data.length; at++) filled.data[at] += mean[at % columns];
  const quiet = { components, runtime, random: random.stream('nmf-start'), ...(signal && { signal }) };
  const drawn =
    options.start === 'random'
      ? randomTemplates(mean, components, random.stream('nmf-start'))
      : await templatesFromSvd(filled, quiet);
  const templates = options.background ? withBackground(drawn, mean) : drawn;
  const begun = atRest(templates, sample.weights.rows, components, mean);
  if (rows <= 2 * SAMPLE) return rows === sample.weights.rows ? begun : atRest(templates, rows, components, mean);
  const { onIteration: _, onProgress: __, ...rest } = options;
  const few = { flux: filled, weights: sample.weights };
  const fitted = await iterate(few, begun, { ...rest, tolerance: 10 * (options.tolerance ?? 1e-5) });
  return atRest(fitted.sure, rows, components, mean);
}

/** A state that has not moved yet, its coefficients sharing the mean spectrum equally. */
function atRest(templates: Matrix, spectra: number, components: number, mean: Float32Array): NmfState {
  const level = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
  const share =
    Math.max(level(mean), 1e-6) / Math.max(level(templates.data.subarray(0, components * mean.length)), 1e-30);
  const latent = zeros(spectra, components);
  latent.data.fill(share);
  return {
    iteration: 0,
    templates,
    sure: templates,
    latent,
    pace: { momentum: 0.5, most: 1, extrapolated: false },
    trace: [],
  };
}

/** The start has a part of the mean spectrum in every spectrum. */
function withBackground(templates: Matrix, mean: Float32Array): Matrix {
  const { rows, columns } = templates;
  const all = zeros(rows + 1, columns);
  all.data.set(templates.data);
  all.data.set(
    mean.map((value) => 0.3 * Math.max(value, 0)),
    rows * columns,
  );
  return all;
}

async function iterate(spectra: WeightedSpectra, begun: NmfState, options: FactoriseOptions): Promise<NmfState> {
  const { components, runtime, signal, updates = 'blocks', background = false, onProgress, onIteration } = options;
  const { maximumIterations = 300, tolerance = 1e-5 } = options;
  const shift = updates === 'shift' ? depthOf(spectra) : 0;
  const observed = spectra.weights.data.reduce((count, w) => (w > 0 ? count + 1 : count), 0);
  const pass = await TemplatePass.prepare({ runtime, spectra, components, background, updates, shift });
  let state = begun;
  try {
    while (state.iteration < maximumIterations && !converged(state.trace, tolerance)) {
      const latent = { ...state.latent, data: state.latent.data.slice() };
      const { chi2, pixels } = await pass.run(state.templates, latent, signal);
      const moved = { ...state.templates, data: state.templates.data.slice() };
      applyRule(UPDATE_RULES[updates], pixels, moved.data);
      state = judged(state, { chi2PerPixel: chi2 / observed, latent, moved }, updates);
      const { chi2PerPixel } = state.trace[state.trace.length - 1];
      onProgress?.({
        stage: 'NMF',
        done: state.iteration,
        total: maximumIterations,
        note: `χ²/pixel ${chi2PerPixel.toFixed(4)}`,
      });
      await onIteration?.(state);
    }
    return state;
  } finally {
    await pass.release();
  }
}

/** Takes a pass's result, or, when the templates it tried were a step too far, goes back to the sure ones. */
function judged(
  state: NmfState,
  tried: { readonly chi2PerPixel: number; readonly latent: Matrix; readonly moved: Matrix },
  updates: UpdateName,
): NmfState {
  const { pace, sure, trace } = state;
  const iteration = state.iteration + 1;
  const used = pace.extrapolated ? pace.momentum : 0;
  const last = trace.at(-1)?.chi2PerPixel ?? Infinity;
  if (tried.chi2PerPixel > last && pace.extrapolated) {
    const slower = { momentum: Math.fround(pace.momentum / 1.5), most: pace.momentum, extrapolated: false };
    const figures = { chi2PerPixel: last, momentum: used };
    return { ...state, iteration, templates: sure, pace: slower, trace: [...trace, figures] };
  }
  const momentum = updates === 'blocks' && state.iteration > 0 ? pace.momentum : 0;
  return {
    iteration,
    templates: momentum > 0 ? extrapolated(sure, tried.moved, momentum) : tried.moved,
    sure: tried.moved,
    latent: tried.latent,
    pace: {
      momentum: Math.fround(Math.min(pace.most, 1.05 * pace.momentum)),
      most: Math.fround(Math.min(1, 1.01 * pace.most)),
      extrapolated: momentum > 0,
    },
    trace: [...trace, { chi2PerPixel: tried.chi2PerPixel, momentum: used }],
  };
}

function extrapolated(from: Matrix, to: Matrix, momentum: number): Matrix {
  const beyond = to.data.map((value, at) => Math.max(0, value + momentum * (value - from.data[at])));
  return { ...to, data: beyond };
}

function converged(trace: readonly NmfFigures[], tolerance: number): boolean {
  if (trace.length <= JUDGED) return false;
  const fall = trace[trace.length - 1 - JUDGED].chi2PerPixel - trace[trace.length - 1].chi2PerPixel;
  return fall < JUDGED * tolerance;
}

function depthOf({ flux, weights }: WeightedSpectra): number {
  let depth = 0;
  for (let at = 0; at < flux.data.length; at++) {
    if (weights.data[at] > 0) depth = Math.max(depth, -flux.data[at]);
  }
  return depth;
}
