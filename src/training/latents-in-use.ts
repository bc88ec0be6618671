import type { Matrix } from '../base/index.ts';
import type { Session } from '../graph/index.ts';

/** A latent is in use when its posterior is, on average, narrower than this share of its whole variance. */
const IN_USE = 0.5;
/** Spectra encoded at once. */
const CHUNK = 256;

export interface LatentsInUse {
  readonly count: number;
  /** Per latent: mean posterior variance / (mean posterior variance + variance of the posterior means). */
  readonly posteriorShare: readonly number[];
}

/**
 * Which latents carry information. The whole variance of a latent is that of its posterior means plus the mean of its
 * posterior variances; for a latent that the data do not constrain, all of it is posterior variance (VAE paper,
 * section 3.1: "latent variances typically wider than the prior").
 *
 * @param encoder a session with inputs flux and ivar and outputs latentMean and latentCovariance
 */
export async function latentsInUse(
  encoder: Session,
  { flux, ivar }: { readonly flux: Matrix; readonly ivar: Matrix },
  latents: number,
): Promise<LatentsInUse> {
  const mean = new Float64Array(latents);
  const square = new Float64Array(latents);
  const variance = new Float64Array(latents);
  for (let start = 0; start < flux.rows; start += CHUNK) {
    const rows = Math.min(CHUNK, flux.rows - start);
    const part = ({ data, columns }: Matrix) => data.subarray(start * columns, (start + rows) * columns);
    const latentMean = new Float32Array(rows * latents);
    const latentCovariance = new Float32Array(rows * latents * latents);
    await encoder.run({ flux: part(flux), ivar: part(ivar) }, { latentMean, latentCovariance });
    for (let i = 0; i < rows; i++) {
      for (let q = 0; q < latents; q++) {
        const value = latentMean[i * latents + q];
        mean[q] += value / flux.rows;
        square[q] += (value * value) / flux.rows;
        variance[q] += latentCovariance[(i * latents + q) * latents + q] / flux.rows;
      }
    }
  }
  const posteriorShare = Array.from(variance, (posterior, q) => {
    const whole = posterior + Math.max(0, square[q] - mean[q] ** 2);
    return whole > 0 ? posterior / whole : 1;
  });
  return { count: posteriorShare.filter((share) => share < IN_USE).length, posteriorShare };
}
