import { type LongWorkOptions, type Random, UserError } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { type Expectation, ExpectationStep } from './expectation.ts';
import type { FactorModel } from './factor-model.ts';
import { misfit, updatedModel } from './maximisation.ts';
import { startingModel } from './start.ts';
import { chosenRows, type WeightedRows } from './weighted-rows.ts';

export interface EmPcaOptions extends LongWorkOptions {
  readonly components: number;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly maximumIterations?: number;
  /** Iterations end when −2 log likelihood falls by less than this per observed pixel. */
  readonly tolerance?: number;
  /** Go on from this state instead of a start of its own. */
  readonly resumeFrom?: EmPcaState;
  /** Called after every iteration. */
  readonly onIteration?: (state: EmPcaState) => Promise<void>;
}

export interface EmPcaState {
  readonly iteration: number;
  readonly model: FactorModel;
  /** Variance of the prior of every loading, taken from the start and kept. */
  readonly loadingVariance: number;
  readonly trace: readonly EmPcaFigures[];
}

/** How well the model that an iteration *began* with fits. */
export interface EmPcaFigures {
  /** Σ w r² / number of observed pixels, at the coefficients' posterior means. */
  readonly chi2PerPixel: number;
  /** −2 log likelihood / number of observed pixels, up to a constant; never rises from one iteration to the next. */
  readonly deviance: number;
  readonly noiseScale: number;
}

/** χ² about the mean spectrum beyond which products in float32 (up to 3e38) may overflow. */
const FLOAT32_ROOM = 1e30;

/** Spectra that larger sets are first fitted on: most iterations then cost little. */
const SAMPLE = 4096;

/**
 * Noise-weighted PCA with gaps, by expectation maximisation (Bailey 2012; Roweis 1998). Every pixel counts by its
 * weight, unobserved ones not at all. Unlike Bailey's alternating least squares, each step keeps the spread of the
 * coefficients that noise and gaps leave (Tipping & Bishop 1999), so spectra of low S/N or with wide gaps do not bend
 * the components to their noise; with equal weights it ends at the components of ordinary PCA.
 *
 * @throws UserError when there are too few spectra, none has an observed pixel, or values are too large for float32
 * @throws InterruptedError when `signal` fires; `onIteration` then has seen the last whole iteration
 */
export async function emPca(rows: WeightedRows, options: EmPcaOptions): Promise<EmPcaState> {
  if (rows.observed === 0) throw new UserError('PCA found no observed pixel in the training spectra (all ivar are 0).');
  if (!(rows.sumOfSquares < FLOAT32_ROOM)) {
    throw new UserError(
      'PCA met flux or ivar too large for float32 arithmetic; normalise the flux, or look for wild values.',
    );
  }
  const start = options.resumeFrom ?? (await startingState(rows, options));
  return iterate(rows, start, options);
}

async function startingState(rows: WeightedRows, options: EmPcaOptions): Promise<EmPcaState> {
  const { random, runtime, components, signal } = options;
  const spectra = rows.weights.rows;
  const chosen = random.stream('pca-sample').permutation(spectra).subarray(0, SAMPLE);
  const sample = spectra > 2 * SAMPLE ? chosenRows(rows, chosen) : rows;
  const quiet = { runtime, components, random: random.stream('pca-start'), ...(signal && { signal }) };
  const model = await startingModel(sample.observed > 0 ? sample : rows, quiet);
  const { data } = model.loadings;
  const loadingVariance = Math.fround(data.reduce((sum, value) => sum + value * value, 0) / data.length) || 1;
  const start = { iteration: 0, model, loadingVariance, trace: [] };
  if (sample === rows || sample.observed === 0) return start;
  const fitted = await iterate(sample, start, { ...quiet, tolerance: 1e-5 });
  return { ...start, model: fitted.model };
}

async function iterate(rows: WeightedRows, start: EmPcaState, options: EmPcaOptions): Promise<EmPcaState> {
  const { components, runtime, signal, maximumIterations = 100, tolerance = 1e-6, onProgress, onIteration } = options;
  let state = start;
  const step = await ExpectationStep.prepare(runtime, rows, components);
  try {
    while (state.iteration < maximumIterations && !converged(state.trace, tolerance)) {
      const sums = await step.run(state.model, signal);
      const figures = figuresOf(sums, state.model, rows);
      state = {
        ...state,
        iteration: state.iteration + 1,
        model: updatedModel(state.model, sums, rows, state.loadingVariance),
        trace: [...state.trace, figures],
      };
      onProgress?.({
        stage: 'weighted PCA',
        done: state.iteration,
        total: maximumIterations,
        note: `χ²/pixel ${figures.chi2PerPixel.toFixed(4)}`,
      });
      await onIteration?.(state);
    }
    return state;
  } finally {
    await step.release();
  }
}

function figuresOf(sums: Expectation, model: FactorModel, rows: WeightedRows): EmPcaFigures {
  const { observed } = rows;
  const { noiseScale } = model;
  const { chi2 } = misfit(model, sums, rows);
  return {
    chi2PerPixel: chi2 / observed,
    deviance: (chi2 / noiseScale + sums.evidence) / observed + Math.log(noiseScale),
    noiseScale,
  };
}

function converged(trace: readonly EmPcaFigures[], tolerance: number): boolean {
  if (trace.length < 3) return false;
  return trace[trace.length - 2].deviance - trace[trace.length - 1].deviance < tolerance;
}
