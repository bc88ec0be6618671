/**
 * Spectra that stand off by a factor 1 + δ from what their latents decode to, δ being the error of their normalisation,
 * fitted beside the latents by models that allow for it. Axes: N spectra, Q latents.
 */
import { type Matrix, row, zeros } from '../base/index.ts';
import type { Gaussians } from '../linalg/index.ts';
import type { Gains, Posterior } from './distributions.ts';

/** Latents and δ as Gaussians of Q + 1 dimensions. */
export function withGains({ mean, covariance }: Gaussians, gains: Gains): Gaussians {
  const latents = mean.columns;
  const size = latents + 1;
  const joint = { mean: zeros(mean.rows, size), covariance: zeros(mean.rows, size * size) };
  for (let n = 0; n < mean.rows; n++) {
    joint.mean.data.set(mean.data.subarray(n * latents, (n + 1) * latents), n * size);
    joint.mean.data[n * size + latents] = gains.mean.data[n];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const cross = i === latents ? j : j === latents ? i : -1;
        joint.covariance.data[(n * size + i) * size + j] =
          cross < 0 ? covariance.data[(n * latents + i) * latents + j] : gains.covariance.data[n * size + cross];
      }
    }
  }
  return joint;
}

/** Takes δ, the last column of the points, off them, and returns the latents: rows × Q. */
export function latentsOf(points: Matrix): Matrix {
  const latents = points.columns - 1;
  const result = zeros(points.rows, latents);
  for (let row = 0; row < points.rows; row++) {
    const start = row * points.columns;
    result.data.set(points.data.subarray(start, start + latents), row * latents);
  }
  return result;
}

/** Multiplies each decoded spectrum by 1 + δ of its point, and its scatter by the square. */
export function applyGains(points: Matrix, decoded: Matrix, scatter: Matrix): void {
  const pixels = decoded.columns;
  for (let row = 0; row < points.rows; row++) {
    const factor = 1 + points.data[(row + 1) * points.columns - 1];
    for (let at = row * pixels; at < (row + 1) * pixels; at++) {
      decoded.data[at] *= factor;
      scatter.data[at] *= factor * factor;
    }
  }
}

/**
 * Adds to the variance of predicted spectra what the error of their normalisation makes of it, where no pixel was there
 * to tell that error: var δ = c / (1 + mean squared S/N of the pixels), times the squared flux.
 *
 * @param predicted N × P; spectra without an observed pixel stay as they are
 * @param atUnitSnr c, N × 1: the variance of δ that a model states for objects without pixels
 * @param ivar of the spectra as they are or will be observed, N × P; 0 = not observed
 */
export function addNormalisationError(
  { mean, variance }: { readonly mean: Matrix; readonly variance: Matrix },
  atUnitSnr: Float32Array,
  ivar: Matrix,
): void {
  const pixels = mean.columns;
  for (let n = 0; n < mean.rows; n++) {
    let [squaredSnr, observed] = [0, 0];
    for (let at = n * pixels; at < (n + 1) * pixels; at++) {
      if (!(ivar.data[at] > 0)) continue;
      squaredSnr += ivar.data[at] * mean.data[at] ** 2;
      observed++;
    }
    if (observed === 0) continue;
    const ofGain = atUnitSnr[n] / (1 + squaredSnr / observed);
    for (let at = n * pixels; at < (n + 1) * pixels; at++) variance.data[at] += ofGain * mean.data[at] ** 2;
  }
}

/** What `fittedGains` gives. */
export interface FittedGains {
  /** With zeros for objects without an observed pixel; null when the model fits none. */
  readonly fitted: Gains | null;
  /** Of those objects the variance of δ at unit S/N, of all others 0; length N. */
  readonly atUnitSnr: Float32Array;
}

/**
 * Sets apart the gains of objects without an observed pixel, which nothing was fitted to.
 *
 * @param ivar N × P; null = nobody has pixels
 */
export function fittedGains({ mean, gains, observedShare }: Posterior, ivar: Matrix | null): FittedGains {
  const atUnitSnr = new Float32Array(mean.rows);
  if (gains === null) return { fitted: null, atUnitSnr };
  const { rows, columns } = gains.covariance;
  const fitted = { mean: zeros(rows, 1), covariance: zeros(rows, columns) };
  for (let n = 0; n < rows; n++) {
    const own = row(gains.covariance, n);
    if (ivar !== null && row(ivar, n).some((value) => value > 0)) {
      fitted.mean.data[n] = gains.mean.data[n];
      row(fitted.covariance, n).set(own);
    } else {
      atUnitSnr[n] = own[columns - 1] * (observedShare?.data[n] ?? 1);
    }
  }
  return { fitted, atUnitSnr };
}
