/**
 * The scatter of true spectra about a fitted model, per pixel: what remains of held-out residuals once the pixels'
 * own noise is taken off. Every model reports it as the variance of what it decodes.
 */
import { type LongWorkOptions, type Matrix, zeros } from '../base/index.ts';
import { type Runtime, type Tensor, writeOnnx } from '../graph/index.ts';
import { blockOf, forEachBlock } from '../linalg/index.ts';
import type { FitData, Model, NamedArray, Parameters } from './model.ts';

/** The scatter has settled to a few percent by then. */
const ITERATIONS = 8;
/** Residuals count at most this many standard deviations: a few odd spectra must not widen everyone's band. */
const CLIP = 5;

/**
 * s² of the model r ~ N(0, 1/ivar + s²) for each pixel, by iterating the weighted moment equation
 * s² = Σ a² (r² − 1/ivar) / Σ a², a = 1 / (1/ivar + s²), whose fixed point is the maximum likelihood.
 *
 * @param residual N × P, data minus model
 * @param ivar N × P; 0 = not observed
 * @returns length P; 0 where the residuals are no wider than the noise, or nothing was observed
 */
export function excessVariance(residual: Matrix, ivar: Matrix): Float32Array {
  const { rows, columns } = residual;
  const excess = new Float64Array(columns);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const total = new Float64Array(columns);
    const weight = new Float64Array(columns);
    for (let n = 0, at = 0; n < rows; n++) {
      for (let p = 0; p < columns; p++, at++) {
        if (!(ivar.data[at] > 0)) continue;
        const noise = 1 / ivar.data[at];
        const variance = noise + excess[p];
        // The first pass has no scale to clip by yet.
        const square = Math.min(residual.data[at] ** 2, iteration === 0 ? Infinity : CLIP ** 2 * variance);
        const a = 1 / variance ** 2;
        total[p] += a * (square - noise);
        weight[p] += a;
      }
    }
    for (let p = 0; p < columns; p++) excess[p] = weight[p] > 0 ? Math.max(0, total[p] / weight[p]) : 0;
  }
  return Float32Array.from(excess);
}

/**
 * `excessVariance` of held-out spectra about their reconstructions by an encoder and a decoder.
 *
 * @throws InterruptedError when `signal` fires
 */
export async function modelVarianceOf(
  graphs: Pick<Model, 'encoder' | 'decoder'>,
  parameters: Parameters,
  data: FitData,
  options: ResidualOptions,
): Promise<NamedArray> {
  const residual = await residualsOf(graphs, parameters, data, options);
  return { shape: [data.flux.columns], data: excessVariance(residual, data.ivar) };
}

export interface ResidualOptions extends LongWorkOptions {
  readonly runtime: Runtime;
}

/**
 * N × P: flux minus its reconstruction at the latent mean, unobserved pixels included.
 *
 * @throws InterruptedError when `signal` fires
 */
export async function residualsOf(
  graphs: Pick<Model, 'encoder' | 'decoder'>,
  parameters: Parameters,
  { flux, ivar }: Pick<FitData, 'flux' | 'ivar'>,
  { runtime, signal }: ResidualOptions,
): Promise<Matrix> {
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const load = (outputs: Readonly<Record<string, Tensor>>) =>
    runtime.createSession(writeOnnx({ name: 'reconstruction', outputs, parameterValues }));
  const { latentMean } = graphs.encoder().outputs;
  const encoder = await load({ latentMean });
  const decoder = await load({ flux: graphs.decoder().outputs.flux });
  const latents = Number(latentMean.shape[1]);
  const residual = zeros(flux.rows, flux.columns);
  await forEachBlock(
    flux.rows,
    async (block) => {
      const latent = new Float32Array(block.count * latents);
      await encoder.run({ flux: blockOf(flux, block), ivar: blockOf(ivar, block) }, { latentMean: latent });
      await decoder.run({ latent }, { flux: blockOf(residual, block) });
    },
    signal,
  );
  await encoder.release();
  await decoder.release();
  for (let i = 0; i < residual.data.length; i++) residual.data[i] = flux.data[i] - residual.data[i];
  return residual;
}
