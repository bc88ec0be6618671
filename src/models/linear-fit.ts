import type { Matrix } from '../base/index.ts';
import type { FitContext, FitData, FitResult, HistoryEntry, Model, Parameters } from './model.ts';
import { excessVariance, residualsOf } from './model-variance.ts';

/** The parameters of a linear model but for `modelVariance`, and how they were reached. */
export interface LinearFit {
  readonly parameters: Parameters;
  readonly history: readonly HistoryEntry[];
}

/**
 * Adds what held-out spectra tell: `modelVariance` (P), and the loss of the last step on them.
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
  const residual = await residualsOf(graphs, parameters, heldOut, context);
  const modelVariance = { shape: [heldOut.flux.columns], data: excessVariance(residual, heldOut.ivar) };
  const validLoss = data.valid.flux.rows > 0 ? halfSquares(residual, weightsOf(heldOut)) : null;
  return {
    parameters: { ...parameters, modelVariance },
    history: history.map((entry, at) => (at === history.length - 1 ? { ...entry, validLoss } : entry)),
  };
}

function halfSquares(residual: Matrix, weights: Matrix): number {
  let sum = 0;
  for (let i = 0; i < residual.data.length; i++) sum += weights.data[i] * residual.data[i] ** 2;
  return (0.5 * sum) / residual.rows;
}
