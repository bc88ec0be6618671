/** What the autoencoder and the InfoVAE do alike before and after descent. */
import type { Matrix, Random } from '../../base/index.ts';
import type {
  FitContext,
  FitData,
  GradientFitting,
  LossGraph,
  Model,
  NamedArray,
  Parameters,
  PreparedFit,
  PreparedRows,
} from '../model.ts';
import { infilledMatrix, infillParameters } from '../pca/infill.ts';
import { rebuilt } from '../scatter/held-out.ts';
import { fitScatter } from '../scatter/scatter-fit.ts';
import { lossWeightsOf } from '../weights.ts';
import type { InfillSettings } from './graphs.ts';
import { type OptimisationSettings, optimisationOf } from './settings.ts';

export interface NetworkFit {
  readonly settings: OptimisationSettings & InfillSettings;
  readonly graphs: Pick<Model, 'encoder' | 'decoder'>;
  readonly initialParameters: (random: Random) => Parameters;
  readonly lossGraph: (rows: number) => LossGraph;
  /** Further parameters of the encoder that are estimated after descent. */
  readonly afterDescent?: GradientFitting['finish'];
}

export function networkFitting(fit: NetworkFit): GradientFitting {
  const { settings, graphs, initialParameters, lossGraph, afterDescent } = fit;
  return {
    kind: 'gradient',
    optimisation: optimisationOf(settings),
    prepare: (train, valid, context) => prepare(train, valid, settings, context),
    initialParameters,
    lossGraph,
    finish: async (...fitted) => afterDescent?.(...fitted) ?? {},
    calibrate: async (parameters, valid, context) =>
      fitScatter(await rebuilt(graphs, parameters, valid, 'flux', context), valid, context),
  };
}

/** Names of the prepared matrices, as the loss graph's inputs ask for them. */
export const SPECTRA = 'spectra';
export const WEIGHT = 'weight';

async function prepare(
  train: FitData,
  valid: FitData,
  { infill, snrCap }: InfillSettings,
  context: FitContext,
): Promise<PreparedFit> {
  const options = { ...context, maximumSnr: snrCap };
  const gaps = await infillParameters(train, { ...options, components: infill });
  const trainSpectra = await infilledMatrix(train, gaps, options);
  const validSpectra = await infilledMatrix(valid, gaps, options);
  const { meanSpectrum, fluxScale } = scalingOf(trainSpectra);
  const rows = (spectra: Matrix, { flux, ivar }: FitData): PreparedRows => ({
    [SPECTRA]: scaledInPlace(spectra, meanSpectrum, fluxScale),
    [WEIGHT]: scaledWeights(lossWeightsOf(flux, ivar, snrCap), fluxScale),
  });
  return {
    fixed: { ...gaps, meanSpectrum, fluxScale },
    train: rows(trainSpectra, train),
    valid: rows(validSpectra, valid),
  };
}

/** Mean spectrum, and the root mean square of all pixels about it. */
function scalingOf({ rows, columns, data }: Matrix): Readonly<Record<'meanSpectrum' | 'fluxScale', NamedArray>> {
  const sum = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) sum[i % columns] += data[i];
  const mean = Float32Array.from(sum, (total) => total / rows);
  let square = 0;
  for (let i = 0; i < data.length; i++) square += (data[i] - mean[i % columns]) ** 2;
  // Spectra that are all alike have no scatter to measure by.
  const scale = Math.sqrt(square / data.length) || 1;
  return {
    meanSpectrum: { shape: [columns], data: mean },
    fluxScale: { shape: [], data: Float32Array.of(scale) },
  };
}

function scaledInPlace(spectra: Matrix, mean: NamedArray, { data: [scale] }: NamedArray): Matrix {
  const { data, columns } = spectra;
  for (let i = 0; i < data.length; i++) data[i] = (data[i] - mean.data[i % columns]) / scale;
  return spectra;
}

/** Residuals of scaled spectra are in units of fluxScale; with these weights the loss stays what it is. */
function scaledWeights(weights: Matrix, { data: [scale] }: NamedArray): Matrix {
  const { data } = weights;
  for (let i = 0; i < data.length; i++) data[i] *= scale * scale;
  return weights;
}
