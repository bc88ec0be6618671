import type { LinearFit } from '../linear-fit.ts';
import type { DirectFitContext, FitData, FitState, HistoryEntry, ModelShape, Parameters } from '../model.ts';
import { lossWeightsOf } from '../weights.ts';
import { type EmPcaFigures, type EmPcaState, emPca } from './em-pca.ts';
import { principalComponents } from './factor-model.ts';
import { weightedRows } from './weighted-rows.ts';

export interface EmFitSettings {
  readonly snrCap: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

/** Noise-weighted PCA of the training spectra, with states that can be kept and resumed. */
export async function fitByEm(
  train: FitData,
  { latents, pixels }: ModelShape,
  settings: EmFitSettings,
  context: DirectFitContext,
  resumeFrom?: FitState,
): Promise<LinearFit> {
  const rows = weightedRows(train.flux, lossWeightsOf(train.flux, train.ivar, settings.snrCap));
  const { onCheckpoint, onProgress, signal, runtime, random } = context;
  const perSpectrum = rows.observed / train.flux.rows;
  const state = await emPca(rows, {
    components: latents,
    runtime,
    random,
    maximumIterations: settings.maxIterations,
    tolerance: settings.tolerance,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
    ...(resumeFrom && { resumeFrom: stateFrom(resumeFrom) }),
    ...(onCheckpoint && { onIteration: (reached) => onCheckpoint(savedState(reached, perSpectrum)) }),
  });
  const { basis, variance } = principalComponents(state.model);
  return {
    parameters: {
      mean: { shape: [pixels], data: state.model.mean },
      basis: { shape: [latents, pixels], data: Float32Array.from(basis.data) },
      componentVariance: { shape: [latents], data: Float32Array.from(variance) },
      noiseScale: { shape: [1], data: Float32Array.of(state.model.noiseScale) },
    },
    history: historyOf(state, perSpectrum),
  };
}

function savedState(state: EmPcaState, perSpectrum: number): FitState {
  const { mean, loadings, noiseScale } = state.model;
  const arrays: Parameters = {
    mean: { shape: [mean.length], data: mean },
    loadings: { shape: [loadings.rows, loadings.columns], data: loadings.data },
    noiseScale: { shape: [1], data: Float32Array.of(noiseScale) },
    loadingVariance: { shape: [1], data: Float32Array.of(state.loadingVariance) },
  };
  return { step: state.iteration, arrays, history: historyOf(state, perSpectrum) };
}

function stateFrom({ step, arrays, history }: FitState): EmPcaState {
  const { mean, loadings, noiseScale, loadingVariance } = arrays;
  const [rows, columns] = loadings.shape;
  return {
    iteration: step,
    model: { mean: mean.data, loadings: { rows, columns, data: loadings.data }, noiseScale: noiseScale.data[0] },
    loadingVariance: loadingVariance.data[0],
    trace: history.map(({ terms }) => figuresFrom(terms)),
  };
}

/** The loss is ½ χ² per spectrum, the reconstruction term of the VAE's. */
function historyOf(state: EmPcaState, perSpectrum: number): HistoryEntry[] {
  return state.trace.map((figures, at) => ({
    step: at + 1,
    trainLoss: 0.5 * figures.chi2PerPixel * perSpectrum,
    validLoss: null,
    terms: { ...figures },
  }));
}

function figuresFrom(terms: HistoryEntry['terms']): EmPcaFigures {
  return { chi2PerPixel: terms.chi2PerPixel, deviance: terms.deviance, noiseScale: terms.noiseScale };
}
