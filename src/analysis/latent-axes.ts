import { type Matrix, row, zeros } from '../base/index.ts';
import { dense, symmetricEigen } from '../linalg/index.ts';
import type { LatentAxesKind } from '../models/index.ts';

/**
 * Axes of falling variance through a cloud of latent means. Rotated: the PCA *of the latents* by which the VAE paper
 * (section 3.2) names VAE 1, VAE 2, …, since such a model's own axes are arbitrary; positions count from the centroid.
 * Own: the latents themselves, which mean something one by one, put in order; positions are their very values.
 */
export interface LatentAxes {
  /** Length Q. */
  readonly centroid: Float64Array;
  /** Length Q: the point from which positions count. */
  readonly origin: Float64Array;
  /** Q × Q; row k is the unit vector of axis k. */
  readonly vectors: Float64Array;
  /** Length Q: standard deviation of the means along each axis, largest first. */
  readonly deviation: Float64Array;
  /** Length Q: share of the whole variance, 0–1. */
  readonly varianceShare: Float64Array;
  /** Length Q: the latent that axis k is, counted from 0; null for rotated axes. */
  readonly latent: readonly number[] | null;
}

/** @param means N × Q latent means, N ≥ 1 */
export function latentAxes(means: Matrix, kind: LatentAxesKind = 'rotated'): LatentAxes {
  const q = means.columns;
  const centroid = centroidOf(means);
  const covariance = covarianceOf(means, centroid);
  const latent = kind === 'own' ? byVariance(covariance.data, q) : null;
  const { values, vectors } = latent === null ? symmetricEigen(covariance) : chosen(covariance.data, latent);
  const variances = values.map((value) => Math.max(0, value));
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  return {
    centroid,
    origin: latent === null ? centroid : new Float64Array(q),
    vectors: vectors.data,
    deviation: variances.map(Math.sqrt),
    varianceShare: variances.map((variance) => (total > 0 ? variance / total : 0)),
    latent,
  };
}

function centroidOf(means: Matrix): Float64Array {
  const { rows: n, columns: q } = means;
  const centroid = new Float64Array(q);
  for (let object = 0; object < n; object++) {
    const mean = row(means, object);
    for (let k = 0; k < q; k++) centroid[k] += mean[k] / n;
  }
  return centroid;
}

function covarianceOf(means: Matrix, centroid: Float64Array): ReturnType<typeof dense> {
  const { rows: n, columns: q } = means;
  const covariance = dense(q, q);
  for (let object = 0; object < n; object++) {
    const mean = row(means, object);
    for (let i = 0; i < q; i++) {
      for (let j = 0; j <= i; j++) {
        const term = ((mean[i] - centroid[i]) * (mean[j] - centroid[j])) / n;
        covariance.data[i * q + j] += term;
        if (i !== j) covariance.data[j * q + i] += term;
      }
    }
  }
  return covariance;
}

function byVariance(covariance: Float64Array, q: number): number[] {
  const latents = Array.from({ length: q }, (_, k) => k);
  return latents.sort((a, b) => covariance[b * (q + 1)] - covariance[a * (q + 1)]);
}

/** Variances of the latents in the order given, and the unit vectors that pick them. */
function chosen(covariance: Float64Array, latent: readonly number[]): ReturnType<typeof symmetricEigen> {
  const q = latent.length;
  const vectors = dense(q, q);
  latent.forEach((own, k) => {
    vectors.data[k * q + own] = 1;
  });
  return { values: Float64Array.from(latent, (own) => covariance[own * (q + 1)]), vectors };
}

/** Latent means on the axes, N × Q. */
export function turnToAxes(means: Matrix, { origin, vectors }: Pick<LatentAxes, 'origin' | 'vectors'>): Matrix {
  const { rows: n, columns: q } = means;
  const turned = zeros(n, q);
  for (let object = 0; object < n; object++) {
    const mean = row(means, object);
    const into = row(turned, object);
    for (let k = 0; k < q; k++) {
      let sum = 0;
      for (let i = 0; i < q; i++) sum += vectors[k * q + i] * (mean[i] - origin[i]);
      into[k] = sum;
    }
  }
  return turned;
}

/** Where the centroid lies on the axes, length Q: all 0 on rotated ones. */
export function centroidOnAxes({ centroid, origin, vectors }: LatentAxes): Float64Array {
  const q = centroid.length;
  return centroid.map((_, k) => {
    let sum = 0;
    for (let i = 0; i < q; i++) sum += vectors[k * q + i] * (centroid[i] - origin[i]);
    return sum;
  });
}

/** From positions on the axes back to the run's own latents. */
export function turnToLatents(position: Matrix, { origin, vectors }: LatentAxes): Matrix {
  const q = origin.length;
  const latents = zeros(position.rows, q);
  for (let n = 0; n < position.rows; n++) {
    const from = row(position, n);
    const into = row(latents, n);
    for (let i = 0; i < q; i++) {
      let sum = origin[i];
      for (let k = 0; k < q; k++) sum += from[k] * vectors[k * q + i];
      into[i] = sum;
    }
  }
  return latents;
}

/** Latents where axis `k` has the positions given and all others stay at the centroid, one row a position. */
export function pointsAlong(axes: LatentAxes, k: number, positions: ArrayLike<number>): Matrix {
  const q = axes.centroid.length;
  const centre = centroidOnAxes(axes);
  const points = zeros(positions.length, q);
  for (let index = 0; index < positions.length; index++) {
    const into = row(points, index);
    into.set(centre);
    into[k] = positions[index];
  }
  return turnToLatents(points, axes);
}
