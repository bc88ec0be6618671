import { type Matrix, row, zeros } from '../base/index.ts';
import { dense, symmetricEigen } from '../linalg/index.ts';

/**
 * Axes of falling variance through a cloud of latent means: the PCA *of the latents* by which the VAE paper
 * (section 3.2) names VAE 1, VAE 2, … A model's own axes are arbitrary; these are not.
 */
export interface LatentAxes {
  /** Length Q. */
  readonly centroid: Float64Array;
  /** Q × Q; row k is the unit vector of axis k. */
  readonly vectors: Float64Array;
  /** Length Q: standard deviation of the means along each axis, largest first. */
  readonly deviation: Float64Array;
  /** Length Q: share of the whole variance, 0–1. */
  readonly varianceShare: Float64Array;
}

/** @param means N × Q latent means, N ≥ 1 */
export function latentAxes(means: Matrix): LatentAxes {
  const { rows: n, columns: q } = means;
  const centroid = new Float64Array(q);
  for (let object = 0; object < n; object++) {
    const mean = row(means, object);
    for (let k = 0; k < q; k++) centroid[k] += mean[k] / n;
  }
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
  const { values, vectors } = symmetricEigen(covariance);
  const variances = values.map((value) => Math.max(0, value));
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  return {
    centroid,
    vectors: vectors.data,
    deviation: variances.map(Math.sqrt),
    varianceShare: variances.map((variance) => (total > 0 ? variance / total : 0)),
  };
}

/** Latent means on the axes, N × Q. */
export function turnToAxes(means: Matrix, { centroid, vectors }: LatentAxes): Matrix {
  const { rows: n, columns: q } = means;
  const turned = zeros(n, q);
  for (let object = 0; object < n; object++) {
    const mean = row(means, object);
    const into = row(turned, object);
    for (let k = 0; k < q; k++) {
      let sum = 0;
      for (let i = 0; i < q; i++) sum += vectors[k * q + i] * (mean[i] - centroid[i]);
      into[k] = sum;
    }
  }
  return turned;
}

/** From positions on the axes back to the run's own latents. */
export function turnToLatents(position: Matrix, { centroid, vectors }: LatentAxes): Matrix {
  const q = centroid.length;
  const latents = zeros(position.rows, q);
  for (let n = 0; n < position.rows; n++) {
    const from = row(position, n);
    const into = row(latents, n);
    for (let i = 0; i < q; i++) {
      let sum = centroid[i];
      for (let k = 0; k < q; k++) sum += from[k] * vectors[k * q + i];
      into[i] = sum;
    }
  }
  return latents;
}

/** Latents at `offsets` standard deviations from the centroid along axis `k`, one row an offset. */
export function pointsAlong(axes: LatentAxes, k: number, offsets: readonly number[]): Matrix {
  const q = axes.centroid.length;
  const points = zeros(offsets.length, q);
  offsets.forEach((offset, index) => {
    const into = row(points, index);
    for (let i = 0; i < q; i++) into[i] = axes.centroid[i] + offset * axes.deviation[k] * axes.vectors[k * q + i];
  });
  return points;
}
