import { type Random, UserError, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { randomisedSvd } from '../../linalg/index.ts';
import type { FactorModel } from './factor-model.ts';
import { centredRows, type WeightedRows } from './weighted-rows.ts';

export interface StartOptions {
  readonly components: number;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly signal?: AbortSignal;
}

/**
 * A first guess for weighted PCA: the leading components of the spectra with unobserved pixels at the mean.
 *
 * @throws UserError when the spectra are too few for the number of components
 */
export async function startingModel(rows: WeightedRows, options: StartOptions): Promise<FactorModel> {
  const { components } = options;
  const spectra = rows.weights.rows;
  requireSpectra(spectra, components);
  const { singularValues, rightVectors } = await randomisedSvd(centredRows(rows), { ...options, maximumPasses: 4 });
  const loadings = zeros(components, rows.centre.length);
  rightVectors.data.forEach((value, i) => {
    loadings.data[i] = (value * singularValues[Math.floor(i / rows.centre.length)]) / Math.sqrt(spectra);
  });
  // A tenth of χ² per pixel about the mean: EM finds the scale itself in a few steps, faster from above.
  const noiseScale = (0.1 * rows.sumOfSquares) / rows.observed || 1;
  return { mean: rows.centre, loadings, noiseScale: Math.fround(noiseScale) };
}

/** @throws UserError when the spectra are too few for the number of components */
export function requireSpectra(spectra: number, components: number): void {
  if (spectra > components) return;
  throw new UserError(
    `PCA with ${components} components needs more than ${components} training spectra; there are ${spectra}.`,
  );
}
