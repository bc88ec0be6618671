import { type LongWorkOptions, type Matrix, zeros } from '../../base/index.ts';
import { type Runtime, type Tensor, writeOnnx } from '../../graph/index.ts';
import { blockOf, forEachBlock, sigmaPoints, spreadOf } from '../../linalg/index.ts';
import type { FitData, Model, Parameters } from '../model.ts';

export interface RebuildOptions extends LongWorkOptions {
  readonly runtime: Runtime;
}

/** Spectra as a model rebuilds them, or the labels it predicts from them (D = P or K). */
export interface Rebuilt {
  /** Latent means, N × Q. */
  readonly latent: Matrix;
  /** What is decoded at the latent mean, N × D. */
  readonly value: Matrix;
  /** Variance that the latents' uncertainty makes of it, N × D. */
  readonly spread: Matrix;
}

/** Spectra encoded and decoded at once: each is decoded at 1 + 2Q points. */
const BLOCK = 64;

/**
 * Encodes spectra and decodes one of the decoder's outputs with the spread of the latents' uncertainty.
 *
 * @throws InterruptedError when `signal` fires
 */
export async function rebuilt(
  graphs: Pick<Model, 'encoder' | 'decoder'>,
  parameters: Parameters,
  { flux, ivar }: Pick<FitData, 'flux' | 'ivar'>,
  output: 'flux' | 'labelMean',
  { runtime, signal }: RebuildOptions,
): Promise<Rebuilt> {
  const { latentMean, latentCovariance } = graphs.encoder().outputs;
  const wanted = graphs.decoder().outputs[output];
  if (wanted === undefined) throw new Error(`the decoder gives no ${output}`);
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const load = (outputs: Readonly<Record<string, Tensor>>) =>
    runtime.createSession(writeOnnx({ name: 'reconstruction', outputs, parameterValues }));
  const encoder = await load({ latentMean, latentCovariance });
  const decoder = await load({ wanted });
  const latents = Number(latentMean.shape[1]);
  const columns = Number(wanted.shape[1]);
  const pointsEach = 1 + 2 * latents;
  const result = {
    latent: zeros(flux.rows, latents),
    value: zeros(flux.rows, columns),
    spread: zeros(flux.rows, columns),
  };
  const visit = async (block: { readonly start: number; readonly count: number }) => {
    const mean = { rows: block.count, columns: latents, data: blockOf(result.latent, block) };
    const covariance = zeros(block.count, latents ** 2);
    await encoder.run(
      { flux: blockOf(flux, block), ivar: blockOf(ivar, block) },
      { latentMean: mean.data, latentCovariance: covariance.data },
    );
    const points = sigmaPoints({ mean, covariance }, 0, block.count);
    const decoded = zeros(points.rows, columns);
    await decoder.run({ latent: points.data }, { wanted: decoded.data });
    const scatter = zeros(points.rows, columns);
    spreadOf({ decoded, scatter, pointsEach }, blockOf(result.value, block), blockOf(result.spread, block));
  };
  try {
    await forEachBlock(flux.rows, visit, signal, BLOCK);
  } finally {
    await encoder.release();
    await decoder.release();
  }
  return result;
}

/** N × D: data minus what was rebuilt, unobserved pixels included. */
export function residualsOf(data: Matrix, { value }: Pick<Rebuilt, 'value'>): Matrix {
  return { ...data, data: data.data.map((x, at) => x - value.data[at]) };
}
