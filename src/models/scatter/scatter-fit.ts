/**
 * Estimates the scatter about a model from held-out spectra: constant in latent space where they are few, else a network
 * of the latents fitted by maximum likelihood to their residuals.
 */
import type { Matrix } from '../../base/index.ts';
import type { FitContext, FitData, Parameters } from '../model.ts';
import { excessVariance } from './excess-variance.ts';
import { type Rebuilt, residualsOf } from './held-out.ts';
import { residualNoise } from './residual-noise.ts';
import { descendScatter } from './scatter-descent.ts';
import { constantScatter } from './scatter-network.ts';

/** With fewer held-out spectra than this the scatter is one spectrum, the same for all objects. */
const ENOUGH_SPECTRA = 50;

/**
 * The parameters of `scatterVariance`.
 *
 * @param spectra how the model rebuilds `data`
 * @throws InterruptedError when the context's signal fires
 */
export async function fitScatter(
  spectra: Rebuilt,
  data: Pick<FitData, 'flux' | 'ivar'>,
  context: FitContext,
): Promise<Parameters> {
  const { latent } = spectra;
  const residual = residualsOf(data.flux, spectra);
  const noise = residualNoise(data.ivar, spectra.spread, latent.columns);
  const average = excessVariance(residual, inverse(noise));
  if (residual.rows < ENOUGH_SPECTRA) {
    return constantScatter(average, { pixels: residual.columns, latents: latent.columns });
  }
  return descendScatter({ latent, residual, noise }, average, context);
}

function inverse(variance: Matrix): Matrix {
  return { ...variance, data: variance.data.map((value) => (value > 0 ? 1 / value : 0)) };
}
