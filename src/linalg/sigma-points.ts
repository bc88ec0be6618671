/**
 * How the uncertainty of latents spreads through a decoder: the decoder is evaluated at z ± l_q, with l_q the columns
 * of the Cholesky factor of the covariance (C = L Lᵀ), and half the difference is the change of the spectrum over one
 * standard deviation along l_q, a finite-difference Jacobian over the very distance that matters. Σ_q of its square is
 * the variance (Julier & Uhlmann 1997 to first order; exact for a linear decoder). Deterministic.
 */
import { type Matrix, type Random, zeros } from '../base/index.ts';

/** Gaussians over Q latents, one a row. */
export interface Gaussians {
  /** N × Q */
  readonly mean: Matrix;
  /** N × Q², each row a Q × Q covariance matrix in row-major order. */
  readonly covariance: Matrix;
}

/** Per spectrum 1 + 2Q points: the mean, then mean + l_q and mean − l_q for each q. Rows × Q. */
export function sigmaPoints({ mean, covariance }: Gaussians, from: number, to: number): Matrix {
  const latents = mean.columns;
  const pointsEach = 1 + 2 * latents;
  const points = zeros((to - from) * pointsEach, latents);
  const factor = new Float64Array(latents * latents);
  for (let n = from; n < to; n++) {
    choleskyInto(factor, covariance.data.subarray(n * latents ** 2, (n + 1) * latents ** 2), latents);
    const start = (n - from) * pointsEach * latents;
    for (let point = 0; point < pointsEach; point++) {
      const sign = point % 2 === 1 ? 1 : -1;
      const column = (point - 1) >> 1;
      for (let q = 0; q < latents; q++) {
        const step = point === 0 ? 0 : sign * factor[q * latents + column];
        points.data[start + point * latents + q] = mean.data[n * latents + q] + step;
      }
    }
  }
  return points;
}

export interface DecodedPoints {
  /** Flux and scatter at the points of `sigmaPoints`, rows × P. */
  readonly decoded: Matrix;
  readonly scatter: Matrix;
  readonly pointsEach: number;
}

/** Writes the flux at each spectrum's mean, and the model's scatter there plus the spread of its points, N × P each. */
export function spreadOf(
  { decoded, scatter, pointsEach }: DecodedPoints,
  mean: Float32Array,
  variance: Float32Array,
): void {
  const pixels = decoded.columns;
  const stride = pointsEach * pixels;
  for (let start = 0, at = 0; at < mean.length; start += stride) {
    for (let p = 0; p < pixels; p++, at++) {
      let spread = 0;
      for (let point = 1; point < pointsEach; point += 2) {
        const plus = decoded.data[start + point * pixels + p];
        const minus = decoded.data[start + (point + 1) * pixels + p];
        spread += ((plus - minus) / 2) ** 2;
      }
      mean[at] = decoded.data[start + p];
      variance[at] = scatter.data[start + p] + spread;
    }
  }
}

/**
 * Writes mean and variance of the flux over each spectrum's latents, N × P each. Along l_q the points tell f = f₀ + aξ + bξ²
 * for a standard normal ξ: the mean is f₀ + Σ b, which is exact for any quadratic decoder, and the variance Σ a² + 2b²,
 * which leaves out bends across two directions. The model's scatter is averaged likewise, but not below that at the mean.
 */
export function momentsOf(
  { decoded, scatter, pointsEach }: DecodedPoints,
  mean: Float32Array,
  variance: Float32Array,
): void {
  const pixels = decoded.columns;
  const stride = pointsEach * pixels;
  for (let start = 0, at = 0; at < mean.length; start += stride) {
    for (let p = 0; p < pixels; p++, at++) {
      const centre = decoded.data[start + p];
      const scatterThere = scatter.data[start + p];
      let [shift, spread, widening] = [0, 0, 0];
      for (let point = 1; point < pointsEach; point += 2) {
        const plus = start + point * pixels + p;
        const slope = (decoded.data[plus] - decoded.data[plus + pixels]) / 2;
        const bend = (decoded.data[plus] + decoded.data[plus + pixels]) / 2 - centre;
        shift += bend;
        spread += slope ** 2 + 2 * bend ** 2;
        widening += (scatter.data[plus] + scatter.data[plus + pixels]) / 2 - scatterThere;
      }
      mean[at] = centre + shift;
      variance[at] = scatterThere + Math.max(0, widening) + spread;
    }
  }
}

/** `count` points drawn from each Gaussian, those of the first before those of the second. Rows × Q. */
export function drawPoints({ mean, covariance }: Gaussians, count: number, random: Random): Matrix {
  const latents = mean.columns;
  const points = zeros(mean.rows * count, latents);
  const factor = new Float64Array(latents * latents);
  const normals = new Float32Array(latents);
  for (let n = 0; n < mean.rows; n++) {
    choleskyInto(factor, covariance.data.subarray(n * latents ** 2, (n + 1) * latents ** 2), latents);
    for (let k = n * count; k < (n + 1) * count; k++) {
      random.fillNormal(normals);
      for (let q = 0; q < latents; q++) {
        let value = mean.data[n * latents + q];
        for (let i = 0; i <= q; i++) value += factor[q * latents + i] * normals[i];
        points.data[k * latents + q] = value;
      }
    }
  }
  return points;
}

/**
 * The lower Cholesky factor of a symmetric Q × Q matrix; a direction without variance (all of them, for a model that
 * states no uncertainty) gets a zero column.
 */
export function choleskyInto(factor: Float64Array, matrix: ArrayLike<number>, size: number): void {
  factor.fill(0);
  for (let j = 0; j < size; j++) {
    let pivot = matrix[j * size + j];
    for (let k = 0; k < j; k++) pivot -= factor[j * size + k] ** 2;
    // Float32 covariances are positive definite to about 1e-6 of their diagonal.
    if (!(pivot > 1e-6 * matrix[j * size + j])) continue;
    factor[j * size + j] = Math.sqrt(pivot);
    for (let i = j + 1; i < size; i++) {
      let value = matrix[i * size + j];
      for (let k = 0; k < j; k++) value -= factor[i * size + k] * factor[j * size + k];
      factor[i * size + j] = value / factor[j * size + j];
    }
  }
}
