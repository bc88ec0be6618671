import { dense } from '../../linalg/index.ts';
import type { LinearFit } from '../linear-fit.ts';
import type { DirectFitContext, FitData, FitState, HistoryEntry, ModelShape } from '../model.ts';
import type { InfillFigures } from './filling.ts';
import { type InfillState, iterativeInfill } from './iterative-infill.ts';

/** Ordinary PCA of the infilled, mean-subtracted spectra, every pixel equal (VAE paper, section 3.1). */
export async function fitClassically(
  train: FitData,
  { latents, pixels }: ModelShape,
  { maxIterations }: { readonly maxIterations: number },
  context: DirectFitContext,
  resumeFrom?: FitState,
): Promise<LinearFit> {
  const spectra = train.flux.rows;
  const { onCheckpoint, onProgress, signal, runtime, random } = context;
  const { state } = await iterativeInfill(train, {
    components: latents,
    runtime,
    random,
    maximumIterations: maxIterations,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
    ...(resumeFrom && { resumeFrom: stateFrom(resumeFrom) }),
    ...(onCheckpoint && { onIteration: (reached) => onCheckpoint(savedState(reached, spectra)) }),
  });
  const { noise } = state.trace[state.trace.length - 1];
  const variance = state.sumOfSquares.map((value) => value / spectra);
  // Spectra that lie exactly on the plane still need a finite noise and prior.
  const least = Math.max(variance[0], 1e-20) * 1e-12;
  return {
    parameters: {
      mean: { shape: [pixels], data: state.mean },
      basis: { shape: [latents, pixels], data: Float32Array.from(state.basis.data) },
      componentVariance: { shape: [latents], data: Float32Array.from(variance, (v) => Math.max(v, least)) },
      noiseScale: { shape: [1], data: Float32Array.of(Math.max(noise, least)) },
    },
    history: historyOf(state.trace, spectra),
  };
}

function savedState({ iteration, mean, basis, sumOfSquares, noise, trace }: InfillState, spectra: number): FitState {
  const arrays = {
    mean: { shape: [mean.length], data: mean },
    basis: { shape: [basis.rows, basis.columns], data: Float32Array.from(basis.data) },
    sumOfSquares: { shape: [basis.rows], data: Float32Array.from(sumOfSquares) },
    noise: { shape: [1], data: Float32Array.of(noise) },
  };
  return { step: iteration, arrays, history: historyOf(trace, spectra) };
}

function stateFrom({ step, arrays, history }: FitState): InfillState {
  const [rows, columns] = arrays.basis.shape;
  return {
    iteration: step,
    mean: arrays.mean.data,
    basis: dense(rows, columns, Float64Array.from(arrays.basis.data)),
    sumOfSquares: Float64Array.from(arrays.sumOfSquares.data),
    noise: arrays.noise.data[0],
    trace: history.map(({ terms }) => ({ residual: terms.residual, noise: terms.noise, change: terms.change })),
  };
}

/** The loss is half the sum of squared residuals over the observed pixels, per spectrum. */
function historyOf(trace: readonly InfillFigures[], spectra: number): HistoryEntry[] {
  return trace.map((figures, at) => ({
    step: at + 1,
    trainLoss: (0.5 * figures.residual) / spectra,
    validLoss: null,
    terms: { ...figures },
  }));
}
