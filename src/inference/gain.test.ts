import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Matrix } from '../base/index.ts';
import { applyGains, latentsOf, withGains } from './gain.ts';

const matrix = (rows: number, columns: number, values: readonly number[]): Matrix => ({
  rows,
  columns,
  data: Float32Array.from(values),
});

describe('latents and gains', () => {
  it('are one Gaussian whose last coordinate is the gain', () => {
    const latents = { mean: matrix(2, 2, [1, 2, 3, 4]), covariance: matrix(2, 4, [5, 1, 1, 6, 7, 2, 2, 8]) };
    // Covariances of δ with both latents, then its variance.
    const gains = { mean: matrix(2, 1, [0.5, -0.25]), covariance: matrix(2, 3, [0.1, 0.2, 0.9, 0.3, 0.4, 0.8]) };
    const joint = withGains(latents, gains);
    assert.deepEqual(joint.mean, matrix(2, 3, [1, 2, 0.5, 3, 4, -0.25]));
    const first = [5, 1, 0.1, 1, 6, 0.2, 0.1, 0.2, 0.9];
    const second = [7, 2, 0.3, 2, 8, 0.4, 0.3, 0.4, 0.8];
    assert.deepEqual(joint.covariance, matrix(2, 9, [...first, ...second]));
    assert.deepEqual(latentsOf(joint.mean), latents.mean);
  });
});

describe('spectra decoded at points with gains', () => {
  it('are multiplied by 1 + δ of their point, their scatter by its square', () => {
    const points = matrix(2, 3, [9, 9, 0.5, 9, 9, -0.25]);
    const [decoded, scatter] = [matrix(2, 2, [2, 4, 8, 16]), matrix(2, 2, [1, 2, 4, 8])];
    applyGains(points, decoded, scatter);
    assert.deepEqual(decoded, matrix(2, 2, [3, 6, 6, 12]));
    assert.deepEqual(scatter, matrix(2, 2, [2.25, 4.5, 2.25, 4.5]));
  });
});
