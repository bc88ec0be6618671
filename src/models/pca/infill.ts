import { type LongWorkOptions, type Matrix, type Random, UserError, zeros } from '../../base/index.ts';
import {
  add,
  constant,
  divide,
  expand,
  greater,
  input,
  matmul,
  parameter,
  type Runtime,
  subtract,
  type Tensor,
  where,
  writeOnnx,
} from '../../graph/index.ts';
import { blockOf, forEachBlock } from '../../linalg/index.ts';
import { linearPosterior } from '../layers/linear-posterior.ts';
import type { FitData, ModelShape, Parameters } from '../model.ts';
import { lossWeights, lossWeightsOf, MAXIMUM_PIXEL_SNR } from '../weights.ts';
import { emPca } from './em-pca.ts';
import { weightedRows } from './weighted-rows.ts';

export interface InfillOptions extends LongWorkOptions {
  readonly components: number;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly maximumSnr?: number;
}

/** Components of an infill: what reconstructs ordinary galaxies (Yip et al. 2004), fewer where spectra are few. */
export function infillComponents({ pixels }: Pick<ModelShape, 'pixels'>): number {
  return Math.min(10, Math.max(1, Math.floor(pixels / 4)));
}

/**
 * What `infilled` needs, learnt from training spectra by noise-weighted PCA: `infillMean` (P), `infillLoadings`
 * (K × P) and `infillNoiseScale`.
 */
export async function infillParameters(train: FitData, options: InfillOptions): Promise<Parameters> {
  const { columns: pixels, rows } = train.flux;
  // Loadings of components that the spectra are too few to tell stay zero, and fill nothing in.
  const components = Math.min(options.components, Math.floor((rows - 1) / 2));
  if (components < 1) throw new UserError(`Infill needs at least 3 training spectra; there are ${rows}.`);
  const weights = lossWeightsOf(train.flux, train.ivar, options.maximumSnr);
  const { model } = await emPca(weightedRows(train.flux, weights), { ...options, components, tolerance: 1e-5 });
  const loadings = new Float32Array(options.components * pixels);
  loadings.set(model.loadings.data);
  return {
    infillMean: { shape: [pixels], data: model.mean },
    infillLoadings: { shape: [options.components, pixels], data: loadings },
    infillNoiseScale: { shape: [1], data: Float32Array.of(model.noiseScale) },
  };
}

/**
 * N × P: the flux where it was observed; elsewhere the spectrum that a linear model (`infillParameters`) finds most
 * probable given the observed pixels and their noise. What stands in unobserved pixels never matters.
 */
export function infilled(flux: Tensor, ivar: Tensor, components: number, maximumSnr = MAXIMUM_PIXEL_SNR): Tensor {
  const pixels = Number(flux.shape[1]);
  const mean = parameter('infillMean', [pixels]);
  const basis = parameter('infillLoadings', [components, pixels]);
  const weights = divide(lossWeights(flux, ivar, maximumSnr), parameter('infillNoiseScale', [1]));
  const priorPrecision = expand(constant(1), [components]);
  const posterior = linearPosterior({ centred: subtract(flux, mean), weights, basis, priorPrecision });
  return where(greater(ivar, 0), flux, add(matmul(posterior.mean, basis), mean));
}

/** `infilled` for matrices in memory, in blocks. */
export async function infilledMatrix(
  data: Pick<FitData, 'flux' | 'ivar'>,
  parameters: Parameters,
  { runtime, signal, maximumSnr }: { runtime: Runtime; signal?: AbortSignal; maximumSnr?: number },
): Promise<Matrix> {
  const { rows, columns } = data.flux;
  const flux = input('flux', ['N', columns]);
  const components = parameters.infillLoadings.shape[0];
  const result = infilled(flux, input('ivar', ['N', columns]), components, maximumSnr);
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const session = await runtime.createSession(
    writeOnnx({ name: 'infill', inputs: [flux], outputs: { infilled: result }, parameterValues }),
  );
  const whole = zeros(rows, columns);
  try {
    await forEachBlock(
      rows,
      (block) =>
        session.run(
          { flux: blockOf(data.flux, block), ivar: blockOf(data.ivar, block) },
          { infilled: blockOf(whole, block) },
        ),
      signal,
    );
  } finally {
    await session.release();
  }
  return whole;
}
