import { type Matrix, zeros } from '../../base/index.ts';

/** The share of a pixel's noise that a fit to it leaves in its residual, at the very least. */
const LEAST_SHARE = 0.3;

/**
 * What the residual r of a held-out pixel scatters by where the model leaves nothing, N × P; 0 = not observed.
 *
 * The truth differs from a reconstruction by s², the scatter about the model, and v, the spread of the latents. A
 * least-squares fit also takes up part of the noise σ²: with weights 1/σ² the covariance of noise and reconstruction is
 * v, so that E r² = σ² + (s² + v) − 2v. The v that other encoders state is no such covariance; a fit takes up one degree
 * of freedom for each latent at most, and the covariance is taken as v in that proportion.
 *
 * @param ivar N × P: 1/σ²
 * @param spread N × P: v
 */
export function residualNoise(ivar: Matrix, spread: Matrix, latents: number): Matrix {
  const { rows, columns } = ivar;
  const noise = zeros(rows, columns);
  for (let n = 0; n < rows; n++) {
    const [from, to] = [n * columns, (n + 1) * columns];
    let freedom = 0;
    for (let at = from; at < to; at++) freedom += ivar.data[at] * spread.data[at];
    const covariance = freedom > latents ? latents / freedom : 1;
    for (let at = from; at < to; at++) {
      if (!(ivar.data[at] > 0)) continue;
      const variance = 1 / ivar.data[at];
      noise.data[at] = Math.max(variance + (1 - 2 * covariance) * spread.data[at], LEAST_SHARE * variance);
    }
  }
  return noise;
}
