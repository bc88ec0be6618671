import type { LongWorkOptions, Matrix, Random } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { type DenseMatrix, dense, randomisedSvd } from '../../linalg/index.ts';
import { emPca } from './em-pca.ts';
import { principalComponents } from './factor-model.ts';
import { Filling, type InfillFigures, type Plane } from './filling.ts';
import { requireSpectra } from './start.ts';
import { weightedRows } from './weighted-rows.ts';

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

export interface InfillState extends Plane {
  readonly iteration: number;
  readonly trace: readonly InfillFigures[];
}

interface Spectra {
  /** N × P */
  readonly flux: Matrix;
  /** N × P; 0 = not observed. */
  readonly ivar: Matrix;
}

/**
 * Principal components of spectra with gaps by the iteration of Yip et al. (2004, after Connolly & Szalay 1999): take
 * the components of the filled spectra, fit each spectrum's observed pixels with them (all pixels equal), fill its gaps
 * from the fit, and again until the filled pixels rest. The noise of pixels plays no part. The first filling comes from
 * EM-PCA with equal weights, which is near where the iteration rests.
 *
 * @throws UserError when there are too few spectra, or none has an observed pixel
 * @throws InterruptedError when `signal` fires; `onIteration` then has seen the last whole iteration
 */
export async function iterativeInfill(
  spectra: Spectra,
  options: IterativeInfillOptions,
): Promise<{ readonly filled: Matrix; readonly state: InfillState }> {
  const { components, runtime, maximumIterations = 30, tolerance = 5e-3, signal, onProgress, onIteration } = options;
  if (spectra.ivar.data.every((w) => w > 0)) {
    return { filled: spectra.flux, state: await ofComplete(spectra.flux, options) };
  }
  let state = options.resumeFrom ?? (await startByEm(spectra, options));
  const filling = await Filling.prepare(runtime, spectra, components);
  try {
    await filling.fill(state, signal);
    while (state.iteration < maximumIterations && unsettled(state, tolerance)) {
      const found = await componentsOf(filling.filled, filling.mean(), state, { ...options, maximumPasses: 3 });
      const plane = { ...found, noise: Math.fround(state.trace.at(-1)?.noise ?? state.noise) };
      const figures = await filling.fill(plane, signal);
      state = { ...plane, iteration: state.iteration + 1, trace: [...state.trace, figures] };
      onProgress?.({
        stage: 'iterative PCA',
        done: state.iteration,
        total: maximumIterations,
        note: `filled pixels moved by ${figures.change.toExponential(1)}`,
      });
      await onIteration?.(state);
    }
    const settled = await componentsOf(filling.filled, filling.mean(), state, options);
    return { filled: filling.filled, state: { ...state, ...settled } };
  } finally {
    await filling.release();
  }
}

async function startByEm({ flux, ivar }: Spectra, options: IterativeInfillOptions): Promise<InfillState> {
  const { components, runtime, random, signal } = options;
  const equal = { ...ivar, data: ivar.data.map((w) => (w > 0 ? 1 : 0)) };
  const rows = weightedRows(flux, equal);
  const { model } = await emPca(rows, { components, runtime, random, tolerance: 1e-5, ...(signal && { signal }) });
  const { basis, variance } = principalComponents(model);
  const sumOfSquares = variance.map((value) => value * flux.rows);
  return { iteration: 0, mean: model.mean, ...rounded(basis, sumOfSquares), noise: model.noiseScale, trace: [] };
}

function unsettled({ trace }: InfillState, tolerance: number): boolean {
  return trace.length === 0 || trace[trace.length - 1].change > tolerance;
}

/** Without a gap there is nothing to iterate. */
async function ofComplete(flux: Matrix, options: IterativeInfillOptions): Promise<InfillState> {
  requireSpectra(flux.rows, options.components);
  const mean = meanOf(flux);
  const found = await componentsOf(flux, mean, { iteration: 0 }, options);
  let total = 0;
  for (let n = 0, at = 0; n < flux.rows; n++) {
    for (let d = 0; d < flux.columns; d++, at++) total += (flux.data[at] - mean[d]) ** 2;
  }
  const residual = Math.max(0, total - found.sumOfSquares.reduce((sum, value) => sum + value, 0));
  const noise = residual / flux.data.length;
  return { ...found, noise, iteration: 1, trace: [{ residual, noise, change: 0 }] };
}

function meanOf({ rows, columns, data }: Matrix): Float32Array {
  const sum = new Float64Array(columns);
  for (let n = 0, at = 0; n < rows; n++) {
    for (let d = 0; d < columns; d++, at++) sum[d] += data[at];
  }
  return Float32Array.from(sum, (total) => total / rows);
}

async function componentsOf(
  filled: Matrix,
  mean: Float32Array,
  { basis, iteration }: { readonly basis?: DenseMatrix; readonly iteration: number },
  options: IterativeInfillOptions & { readonly maximumPasses?: number },
): Promise<Omit<Plane, 'noise'>> {
  const { components, runtime, random, signal, maximumPasses = 20 } = options;
  const { rightVectors, singularValues } = await randomisedSvd(filled, {
    components,
    runtime,
    // A stream of its own for every iteration: a resumed fit then draws what an uninterrupted one would.
    random: random.stream(`iterative-infill-${iteration}`),
    centre: mean,
    maximumPasses,
    ...(basis && { startFrom: basis }),
    ...(signal && { signal }),
  });
  const sumOfSquares = singularValues.map((value) => value * value);
  return { mean, ...rounded(rightVectors, sumOfSquares) };
}

/** Rounded to what a saved state keeps, so that a resumed fit goes on as if never interrupted. */
function rounded(basis: DenseMatrix, sumOfSquares: Float64Array): Pick<Plane, 'basis' | 'sumOfSquares'> {
  return {
    basis: dense(basis.rows, basis.columns, Float64Array.from(basis.data, Math.fround)),
    sumOfSquares: Float64Array.from(sumOfSquares, Math.fround),
  };
}
