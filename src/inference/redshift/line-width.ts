import type { WeightedPixels } from './evidence.ts';

/**
 * Typical width of the features that tell the redshift, in pixels: √(Σ w l² / Σ w l′²) of l, the model less the smooth
 * continuum. For Gaussian lines it is √2 of their standard deviation; 0 where the model has no features.
 *
 * @param model on the data's pixels; NaN out of reach
 */
export function featureWidth({ weight, continuum }: WeightedPixels, model: Float64Array): number {
  let size = 0;
  let slope = 0;
  for (let i = 1; i + 1 < model.length; i++) {
    if (!(weight[i] > 0) || Number.isNaN(model[i - 1]) || Number.isNaN(model[i + 1])) continue;
    size += weight[i] * (model[i] - continuum[i]) ** 2;
    slope += weight[i] * ((model[i + 1] - continuum[i + 1] - model[i - 1] + continuum[i - 1]) / 2) ** 2;
  }
  return slope > 0 ? Math.sqrt(size / slope) : 0;
}
