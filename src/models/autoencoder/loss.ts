import { mean, multiply, subtract, sum, type Tensor } from '../../graph/index.ts';

/** ½ Σ w (x − x′)² per spectrum: minus the Gaussian log likelihood, up to a constant. All N × P; the result is a scalar. */
export function reconstructionLoss(spectra: Tensor, reconstruction: Tensor, weight: Tensor): Tensor {
  const residual = subtract(reconstruction, spectra);
  const misfit = multiply(multiply(residual, weight), residual);
  return multiply(mean(sum(misfit, [1])), 0.5);
}
