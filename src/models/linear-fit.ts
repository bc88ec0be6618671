import type { Matrix } from '../base/index.ts';
import type { FitContext, FitData, FitResult, HistoryEntry, Model, Parameters } from './model.ts';
import { excessVariance } from './scatter/excess-variance.ts';
import { rebuilt, residualsOf } from './scatter/held-out.ts';
import { fitScatter } from './scatter/scatter-fit.ts';

/** The parameters of a linear model but for those that held-out spectra tell, and how they were reached. */
export interface LinearFit {
  readonly parameters: Parameters;
  readonly history: readonly HistoryEntry[];
}

/**
 * Adds what held-out spectra tell: `modelVariance` (P), the scatter about the model over all objects, which the encoder
 * counts as noise; the scatter as a function of the latents, which the decoder states; the loss of the last step.
 *
 * @param weightsOf the weights that the loss gives to pixels, N × P
 */
export async function completed(
  { parameters, history }: LinearFit,
  graphs: Pick<Model, 'encoder' | 'decoder'>,
  data: { readonly train: FitData; readonly valid: FitData },
  weightsOf: (data: FitData) => Matrix,
  context: FitContext,
): Promise<FitResult> {
  // Without a validation split the training spectra must do; their residuals are hardly smaller.
  const heldOut = data.valid.flux.rows > 0 ? data.valid : data.train;
  const pixels = heldOut.flux.columns;
  const rebuild = (variance: Float32Array) => {
    const modelVariance = { shape: [pixels], data: variance };
    return rebuilt(graphs, { ...parameters, modelVariance }, heldOut, 'flux', context);
  };
  // Latent means do not depend on it; their covariances do.
  const residual = residualsOf(heldOut.flux, await rebuild(new Float32Array(pixels)));
  const modelVariance = { shape: [pixels], data: excessVariance(residual, heldOut.ivar) };
  const scatter = await fitScatter(await rebuild(modelVariance.data), heldOut, {
    ...context,
    random: context.random.stream('scatter'),
  });
  const validLoss = data.valid.flux.rows > 0 ? halfSquares(residual, weightsOf(heldOut)) : null;
  return {
    parameters: { ...parameters, modelVariance, ...scatter },
    history: history.map((entry, at) => (at === history.length - 1 ? { ...entry, validLoss } : entry)),
  };
}

function halfSquares(residual: Matrix, weights: Matrix): number {
  let sum = 0;
  for (let i = 0; i < residual.data.length; i++) sum += weights.data[i] * residual.data[i] ** 2;
  return (0.5 * sum) / residual.rows;
}
