import type { DecodedPoints } from '../linalg/index.ts';
import type { Measured } from './observation.ts';

/**
 * Turns labels decoded at points of latent space into what they are there given their own measurements: the model says
 * N(decoded, scatter), a measurement N(value, 1/ivar), and their product is both. Latents that measured labels helped to
 * find do not hold that yet, since the scatter of an object about the model is its own.
 *
 * @param points rows × K, `pointsEach` of each object; changed in place
 * @param measured N × K
 * @param first the object of the first point
 */
export function combineWithMeasured(
  { decoded, scatter, pointsEach }: DecodedPoints,
  { value, ivar }: Measured,
  first: number,
): void {
  const labels = decoded.columns;
  for (let row = 0; row < decoded.rows; row++) {
    const object = first + Math.floor(row / pointsEach);
    for (let k = 0; k < labels; k++) {
      const weight = ivar.data[object * labels + k];
      if (!(weight > 0)) continue;
      const at = row * labels + k;
      const share = 1 / (1 + weight * scatter.data[at]);
      decoded.data[at] = share * decoded.data[at] + (1 - share) * value.data[object * labels + k];
      scatter.data[at] *= share;
    }
  }
}
