/** What the autoencoder and the InfoVAE do alike before and after descent. */
import { type Matrix, type Random, zeros } from '../../base/index.ts';
import { input, type Runtime, type Tensor, writeOnnx } from '../../graph/index.ts';
import { blockOf, forEachBlock } from '../../linalg/index.ts';
import type {
  FitContext,
  FitData,
  GradientFitting,
  LossGraph,
  Model,
  Parameters,
  PreparedFit,
  PreparedRows,
} from '../model.ts';
import { modelVarianceOf } from '../model-variance.ts';
import { lossWeightsOf } from '../weights.ts';
import { scaledSpectra } from './graphs.ts';
import { type OptimisationSettings, optimisationOf } from './settings.ts';

export interface NetworkFit {
  readonly settings: OptimisationSettings & { readonly snrCap: number };
  readonly graphs: Pick<Model, 'encoder' | 'decoder'>;
  readonly initialParameters: (random: Random) => Parameters;
  readonly lossGraph: (rows: number) => LossGraph;
}

export function networkFitting({ settings, graphs, initialParameters, lossGraph }: NetworkFit): GradientFitting {
  return {
    kind: 'gradient',
    optimisation: optimisationOf(settings),
    prepare: (train, valid, context) => prepare(train, valid, settings.snrCap, context),
    initialParameters,
    lossGraph,
    async finish(parameters, valid, context) {
      return { modelVariance: await modelVarianceOf(graphs, parameters, valid, context) };
    },
  };
}

/** Names of the prepared matrices, as the loss graph's inputs ask for them. */
export const SPECTRA = 'spectra';
export const WEIGHT = 'weight';

async function prepare(train: FitData, valid: FitData, snrCap: number, context: FitContext): Promise<PreparedFit> {
  const fixed = scalingOf(train);
  const rows = async (data: FitData): Promise<PreparedRows> => {
    const spectra = await scaledRows(data, fixed, context);
    const weight = lossWeightsOf(data.flux, data.ivar, snrCap);
    const square = fixed.fluxScale.data[0] ** 2;
    // Residuals of scaled spectra are in units of fluxScale.
    for (let i = 0; i < weight.data.length; i++) weight.data[i] *= square;
    return { [SPECTRA]: spectra, [WEIGHT]: weight };
  };
  return { fixed, train: await rows(train), valid: await rows(valid) };
}

async function scaledRows(
  { flux, ivar }: FitData,
  fixed: Parameters,
  { runtime, signal }: { readonly runtime: Runtime; readonly signal?: AbortSignal },
): Promise<Matrix> {
  const inputs = [input('flux', ['N', flux.columns]), input('ivar', ['N', flux.columns])];
  const parameterValues = Object.fromEntries(Object.entries(fixed).map(([name, { data }]) => [name, data]));
  const outputs: Record<string, Tensor> = { spectra: scaledSpectra(inputs[0], inputs[1]) };
  const session = await runtime.createSession(writeOnnx({ name: 'scaling', outputs, parameterValues }));
  const spectra = zeros(flux.rows, flux.columns);
  await forEachBlock(
    flux.rows,
    (block) =>
      session.run({ flux: blockOf(flux, block), ivar: blockOf(ivar, block) }, { spectra: blockOf(spectra, block) }),
    signal,
  );
  await session.release();
  return spectra;
}

/** Mean spectrum, and the root mean square of observed pixels about it. */
function scalingOf({ flux, ivar }: FitData): {
  readonly meanSpectrum: Parameters[string];
  readonly fluxScale: Parameters[string];
} {
  const { rows, columns } = flux;
  const sum = new Float64Array(columns);
  const count = new Float64Array(columns);
  for (let n = 0, at = 0; n < rows; n++) {
    for (let p = 0; p < columns; p++, at++) {
      if (!(ivar.data[at] > 0)) continue;
      sum[p] += flux.data[at];
      count[p]++;
    }
  }
  const mean = Float32Array.from(sum, (total, p) => (count[p] > 0 ? total / count[p] : 0));
  let square = 0;
  let observed = 0;
  for (let n = 0, at = 0; n < rows; n++) {
    for (let p = 0; p < columns; p++, at++) {
      if (!(ivar.data[at] > 0)) continue;
      square += (flux.data[at] - mean[p]) ** 2;
      observed++;
    }
  }
  const scale = observed > 0 ? Math.sqrt(square / observed) : 0;
  return {
    meanSpectrum: { shape: [columns], data: mean },
    // Spectra that are all alike have no scatter to measure by.
    fluxScale: { shape: [], data: Float32Array.of(scale > 0 ? scale : 1) },
  };
}
