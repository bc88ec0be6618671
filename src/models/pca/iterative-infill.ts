import { type LongWorkOptions, type Matrix, type Random, row, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { type DenseMatrix, dense, randomisedSvd } from '../../linalg/index.ts';
import { Filling, type InfillFigures } from './filling.ts';

export interface IterativeInfillOptions extends LongWorkOptions {
  readonly components: number;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly maximumIterations?: number;
  /** Iterations end when filled pixels move by less than this share of the spectra's own scatter. */
  readonly tolerance?: number;
  readonly resumeFrom?: InfillState;
  readonly onIteration?: (state: InfillState) => Promise<void>;
}

export interface InfillState {
  readonly iteration: number;
  /** Length P */
  readonly mean: Float32Array;
  /** K × P, orthonormal rows. */
  readonly basis: DenseMatrix;
  /** Length K: sums of squares of the coefficients over spectra. */
  readonly sumOfSquares: Float64Array;
  readonly trace: readonly InfillFigures[];
}

interface Spectra {
  /** N × P */
  readonly flux: Matrix;
  /** N × P; 0 = not observed. */
  readonly ivar: Matrix;
}

/** Spectra that larger sets are first iterated on: most iterations then cost little. */
const SAMPLE = 4096;

/**
 * Principal components of spectra with gaps by the iteration of Yip et al. (2004, after Connolly & Szalay 1999): fill
 * the gaps, take the components of the filled spectra, fit each spectrum's observed pixels with them (all pixels
 * equal), fill its gaps from the fit, and again until the filled pixels rest. The noise of pixels plays no part.
 *
 * @throws InterruptedError when `signal` fires; `onIteration` then has seen the last whole iteration
 */
export async function iterativeInfill(
  spectra: Spectra,
  options: IterativeInfillOptions,
): Promise<{ readonly filled: Matrix; readonly state: InfillState }> {
  const { flux } = spectra;
  const start = options.resumeFrom ?? (flux.rows > 2 * SAMPLE ? await startOnSample(spectra, options) : undefined);
  return iterate(spectra, start, options);
}

async function startOnSample({ flux, ivar }: Spectra, options: IterativeInfillOptions): Promise<InfillState> {
  const { components, runtime, random, signal } = options;
  const chosen = random.stream('infill-sample').permutation(flux.rows).subarray(0, SAMPLE);
  const sample = { flux: zeros(SAMPLE, flux.columns), ivar: zeros(SAMPLE, flux.columns) };
  chosen.forEach((n, at) => {
    sample.flux.data.set(row(flux, n), at * flux.columns);
    sample.ivar.data.set(row(ivar, n), at * flux.columns);
  });
  const { state } = await iterate(sample, undefined, { components, runtime, random, ...(signal && { signal }) });
  return { ...state, iteration: 0, trace: [] };
}

async function iterate(spectra: Spectra, start: InfillState | undefined, options: IterativeInfillOptions) {
  const { components, runtime, maximumIterations = 30, tolerance = 1e-3, signal, onProgress, onIteration } = options;
  const filling = await Filling.prepare(runtime, spectra, components);
  try {
    let state = start;
    if (state !== undefined) await filling.fill(state, signal);
    while (state === undefined || (state.iteration < maximumIterations && unsettled(state, tolerance))) {
      const found = await componentsOf(filling, state, options);
      const figures = await filling.fill(found, signal);
      state = { ...found, trace: [...(state?.trace ?? []), figures] };
      onProgress?.({
        stage: 'iterative PCA',
        done: state.iteration,
        total: maximumIterations,
        note: `filled pixels moved by ${figures.change.toExponential(1)}`,
      });
      await onIteration?.(state);
    }
    return { filled: filling.filled, state };
  } finally {
    await filling.release();
  }
}

function unsettled({ trace }: InfillState, tolerance: number): boolean {
  return trace.length === 0 || trace[trace.length - 1].change > tolerance;
}

async function componentsOf(
  { filled, mean }: Filling,
  previous: InfillState | undefined,
  { components, runtime, random, signal }: IterativeInfillOptions,
): Promise<Omit<InfillState, 'trace'>> {
  const iteration = (previous?.iteration ?? 0) + 1;
  const { rightVectors, singularValues } = await randomisedSvd(filled, {
    components,
    runtime,
    // A stream of its own for every iteration: a resumed fit then draws what an uninterrupted one would.
    random: random.stream(`iterative-infill-${iteration}`),
    centre: mean(),
    // From the last components on, one pass follows what the filling changed; the iteration sees to the rest.
    ...(previous && { startFrom: previous.basis, maximumPasses: 2 }),
    ...(signal && { signal }),
  });
  // Rounded to what a saved state keeps, so that a resumed fit goes on as if never interrupted.
  const basis = dense(components, filled.columns, Float64Array.from(rightVectors.data, Math.fround));
  const sumOfSquares = Float64Array.from(singularValues, (value) => Math.fround(value * value));
  return { iteration, mean: mean(), basis, sumOfSquares };
}
