import { type Matrix, zeros } from '../../base/index.ts';
import type { LinearFit } from '../linear-fit.ts';
import type { DirectFitContext, FitData, FitState, HistoryEntry, ModelShape, Parameters } from '../model.ts';
import { lossWeightsOf } from '../weights.ts';
import { factorise, type NmfFigures, type NmfState } from './factorise.ts';
import { backgroundOf } from './pass.ts';
import type { UpdateName } from './updates.ts';

export interface NmfSettings {
  readonly updates: UpdateName;
  readonly negatives: 'keep' | 'clip';
  readonly background: boolean;
  readonly start: 'nndsvd' | 'random';
  readonly snrCap: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

/** Weighted NMF of the training spectra, with states that can be kept and resumed. */
export async function fitNmf(
  train: FitData,
  { latents }: ModelShape,
  { snrCap, maxIterations, negatives, ...settings }: NmfSettings,
  context: DirectFitContext,
  resumeFrom?: FitState,
): Promise<LinearFit> {
  const weights = lossWeightsOf(train.flux, train.ivar, snrCap);
  const flux = negatives === 'clip' ? clipped(train.flux) : train.flux;
  const observed = weights.data.reduce((count, w) => (w > 0 ? count + 1 : count), 0);
  const perSpectrum = observed / flux.rows;
  const { onCheckpoint, onProgress, signal, runtime, random } = context;
  const state = await factorise(
    { flux, weights },
    {
      ...settings,
      components: latents,
      runtime,
      random,
      maximumIterations: maxIterations,
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
      ...(resumeFrom && { resumeFrom: stateFrom(resumeFrom) }),
      ...(onCheckpoint && { onIteration: (reached) => onCheckpoint(savedState(reached, perSpectrum)) }),
    },
  );
  return { parameters: parametersOf(state), history: historyOf(state.trace, perSpectrum) };
}

function clipped(flux: Matrix): Matrix {
  return { ...flux, data: flux.data.map((value) => Math.max(value, 0)) };
}

/**
 * Templates scaled to a mean flux of 1, so that a coefficient is the mean flux that its template brings, and ordered by
 * how much that is over the population.
 */
function parametersOf({ sure, latent, trace }: NmfState): Parameters {
  const [latents, pixels] = [latent.columns, sure.columns];
  const scale = Float64Array.from({ length: latents }, (_, k) => meanOf(sure.data, k * pixels, pixels, 1) || 1);
  const moments = Array.from(scale, (size, k) => {
    const mean = size * meanOf(latent.data, k, latent.rows, latents);
    let variance = 0;
    for (let n = 0; n < latent.rows; n++) variance += (size * latent.data[n * latents + k] - mean) ** 2 / latent.rows;
    return { k, mean, variance };
  }).sort((one, other) => other.mean - one.mean);
  const templates = zeros(latents, pixels);
  moments.forEach(({ k }, into) => {
    for (let d = 0; d < pixels; d++) templates.data[into * pixels + d] = sure.data[k * pixels + d] / scale[k];
  });
  // A template that no spectrum uses still needs a finite prior.
  const least = 1e-12 * Math.max(...moments.map(({ mean, variance }) => variance + mean ** 2), 1e-20);
  const noiseScale = trace[trace.length - 1].chi2PerPixel;
  return {
    templates: { shape: [latents, pixels], data: templates.data },
    background: { shape: [pixels], data: backgroundOf(sure, latents).slice() },
    populationMean: { shape: [latents], data: Float32Array.from(moments, ({ mean }) => mean) },
    populationVariance: { shape: [latents], data: Float32Array.from(moments, (m) => Math.max(m.variance, least)) },
    noiseScale: { shape: [1], data: Float32Array.of(Math.max(noiseScale, 1e-6)) },
  };
}

function meanOf(values: Float32Array, from: number, count: number, step: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += values[from + i * step];
  return total / count;
}

function savedState({ iteration, templates, sure, latent, pace, trace }: NmfState, perSpectrum: number): FitState {
  const kept = ({ rows, columns, data }: Matrix) => ({ shape: [rows, columns], data });
  const arrays: Parameters = {
    templates: kept(templates),
    sure: kept(sure),
    latent: kept(latent),
    pace: { shape: [3], data: Float32Array.of(pace.momentum, pace.most, pace.extrapolated ? 1 : 0) },
  };
  return { step: iteration, arrays, history: historyOf(trace, perSpectrum) };
}

function stateFrom({ step, arrays, history }: FitState): NmfState {
  const matrix = ({ shape: [rows, columns], data }: Parameters[string]): Matrix => ({ rows, columns, data });
  const [momentum, most, extrapolated] = arrays.pace.data;
  return {
    iteration: step,
    templates: matrix(arrays.templates),
    sure: matrix(arrays.sure),
    latent: matrix(arrays.latent),
    pace: { momentum, most, extrapolated: extrapolated === 1 },
    trace: history.map(({ terms }) => ({ chi2PerPixel: terms.chi2PerPixel, momentum: terms.momentum })),
  };
}

/** The loss is ½ χ² per spectrum, the reconstruction term of the VAE's. */
function historyOf(trace: readonly NmfFigures[], perSpectrum: number): HistoryEntry[] {
  return trace.map((figures, at) => ({
    step: at + 1,
    trainLoss: 0.5 * figures.chi2PerPixel * perSpectrum,
    validLoss: null,
    terms: { ...figures },
  }));
}
