import { type LongWorkOptions, type Matrix, type Random, zeros } from '../../base/index.ts';
import {
  add,
  constant,
  expand,
  greater,
  input,
  matmul,
  multiply,
  parameter,
  type Runtime,
  type Session,
  square,
  subtract,
  sum,
  where,
  writeOnnx,
} from '../../graph/index.ts';
import { blockOf, type DenseMatrix, dense, forEachBlock, randomisedSvd } from '../../linalg/index.ts';
import { linearPosterior } from '../layers/linear-posterior.ts';

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

export interface InfillFigures {
  /** Σ (x − reconstruction)² over observed pixels. */
  readonly residual: number;
  /** Root mean square move of the filled pixels, in units of the spectra's scatter about their mean. */
  readonly change: number;
}

/**
 * Principal components of spectra with gaps by the iteration of Yip et al. (2004, after Connolly & Szalay 1999): fill
 * the gaps, take the components of the filled spectra, fit each spectrum's observed pixels with them (all pixels
 * equal), fill its gaps from the fit, and again until the filled pixels rest. The noise of pixels plays no part.
 *
 * @throws InterruptedError when `signal` fires; `onIteration` then has seen the last whole iteration
 */
export async function iterativeInfill(
  { flux, ivar }: { readonly flux: Matrix; readonly ivar: Matrix },
  options: IterativeInfillOptions,
): Promise<{ readonly filled: Matrix; readonly state: InfillState }> {
  const { components, runtime, maximumIterations = 30, tolerance = 1e-3, signal, onProgress, onIteration } = options;
  const session = await fillSession(runtime, flux.columns, components);
  const filled = filledWithMean(flux, ivar);
  try {
    let state = options.resumeFrom;
    if (state !== undefined) await fill(session, { flux, ivar, filled }, state, signal);
    while (state === undefined || (state.iteration < maximumIterations && unsettled(state, tolerance))) {
      const found = await componentsOf(filled, state, options);
      const figures = await fill(session, { flux, ivar, filled }, found, signal);
      state = { ...found, trace: [...(state?.trace ?? []), figures] };
      onProgress?.({
        stage: 'iterative PCA',
        done: state.iteration,
        total: maximumIterations,
        note: `filled pixels moved by ${figures.change.toExponential(1)}`,
      });
      await onIteration?.(state);
    }
    return { filled, state };
  } finally {
    await session.release();
  }
}

function unsettled({ trace }: InfillState, tolerance: number): boolean {
  return trace[trace.length - 1].change > tolerance;
}

/** Unobserved pixels at the mean of those that were observed at the same wavelength. */
function filledWithMean(flux: Matrix, ivar: Matrix): Matrix {
  const mean = meanOf(flux, (at) => ivar.data[at] > 0);
  const filled = zeros(flux.rows, flux.columns);
  for (let n = 0, at = 0; n < flux.rows; n++) {
    for (let d = 0; d < flux.columns; d++, at++) filled.data[at] = ivar.data[at] > 0 ? flux.data[at] : mean[d];
  }
  return filled;
}

function meanOf(matrix: Matrix, counts: (at: number) => boolean): Float32Array {
  const sum = new Float64Array(matrix.columns);
  const count = new Float64Array(matrix.columns);
  for (let n = 0, at = 0; n < matrix.rows; n++) {
    for (let d = 0; d < matrix.columns; d++, at++) {
      if (!counts(at)) continue;
      sum[d] += matrix.data[at];
      count[d]++;
    }
  }
  return Float32Array.from(sum, (total, d) => (count[d] > 0 ? total / count[d] : 0));
}

async function componentsOf(
  filled: Matrix,
  previous: InfillState | undefined,
  { components, runtime, random, signal }: IterativeInfillOptions,
): Promise<Omit<InfillState, 'trace'>> {
  const iteration = (previous?.iteration ?? 0) + 1;
  const mean = meanOf(filled, () => true);
  const { rightVectors, singularValues } = await randomisedSvd(filled, {
    components,
    runtime,
    // A stream of its own for every iteration: a resumed fit then draws what an uninterrupted one would.
    random: random.stream(`iterative-infill-${iteration}`),
    centre: mean,
    ...(previous && { startFrom: previous.basis }),
    ...(signal && { signal }),
  });
  // Rounded to what a saved state keeps, so that a resumed fit goes on as if never interrupted.
  const basis = dense(components, filled.columns, Float64Array.from(rightVectors.data, Math.fround));
  const sumOfSquares = Float64Array.from(singularValues, (value) => Math.fround(value * value));
  return { iteration, mean, basis, sumOfSquares };
}

/** A little of a prior, as a share of the fit's own information: spectra with few observed pixels stay bounded. */
const RIDGE = 1e-3;

async function fillSession(runtime: Runtime, pixels: number, components: number): Promise<Session> {
  const flux = input('flux', ['N', pixels]);
  const observed = greater(input('ivar', ['N', pixels]), 0);
  const mean = parameter('mean', [pixels]);
  const basis = parameter('basis', [components, pixels]);
  const weights = where(observed, constant(1), 0);
  const priorPrecision = expand(constant(RIDGE), [components]);
  const posterior = linearPosterior({ centred: subtract(flux, mean), weights, basis, priorPrecision });
  const fitted = add(matmul(posterior.mean, basis), mean);
  const outputs = {
    filled: where(observed, flux, fitted),
    residual: sum(multiply(weights, square(subtract(flux, fitted))), [1]),
  };
  return runtime.createSession(writeOnnx({ name: 'iterative-infill', inputs: [flux], outputs }));
}

/** Fills all gaps from the fit of each spectrum; says how far that moved them. */
async function fill(
  session: Session,
  data: { readonly flux: Matrix; readonly ivar: Matrix; readonly filled: Matrix },
  { mean, basis }: Pick<InfillState, 'mean' | 'basis'>,
  signal?: AbortSignal,
): Promise<InfillFigures> {
  const figures = { residual: 0, moved: 0, gaps: 0, scatter: 0 };
  const fixed = { mean, basis: Float32Array.from(basis.data) };
  await forEachBlock(
    data.flux.rows,
    async (block) => {
      const before = blockOf(data.filled, block);
      const filled = new Float32Array(before.length);
      const residual = new Float32Array(block.count);
      const feeds = { flux: blockOf(data.flux, block), ivar: blockOf(data.ivar, block), ...fixed };
      await session.run(feeds, { filled, residual });
      for (const value of residual) figures.residual += value;
      for (let i = 0; i < filled.length; i++) {
        figures.scatter += (filled[i] - mean[i % mean.length]) ** 2;
        if (feeds.ivar[i] > 0) continue;
        figures.gaps++;
        figures.moved += (filled[i] - before[i]) ** 2;
      }
      before.set(filled);
    },
    signal,
  );
  const perPixel = figures.scatter / data.filled.data.length;
  const moved = figures.gaps === 0 || perPixel === 0 ? 0 : figures.moved / figures.gaps / perPixel;
  return { residual: figures.residual, change: Math.sqrt(moved) };
}
