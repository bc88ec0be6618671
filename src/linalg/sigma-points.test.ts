import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Matrix, Random, zeros } from '../base/index.ts';
import { choleskyInto, drawPoints, momentsOf, sigmaPoints, spreadOf } from './sigma-points.ts';

describe('the Cholesky factor of a latent covariance', () => {
  it('times its transpose is the covariance, of whatever rank', () => {
    const shape = fc.record({
      size: fc.integer({ min: 1, max: 6 }),
      rank: fc.integer({ min: 0, max: 6 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shape, ({ size, rank, seed }) => {
        const matrix = covarianceOf(size, Math.min(rank, size), new Random(seed));
        const factor = new Float64Array(size * size);
        choleskyInto(factor, matrix, size);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            let product = 0;
            for (let k = 0; k < size; k++) product += factor[i * size + k] * factor[j * size + k];
            const scale = Math.sqrt(matrix[i * size + i] * matrix[j * size + j]);
            assert.ok(Math.abs(product - matrix[i * size + j]) <= 2e-3 * scale, `${product} at ${i}, ${j}`);
          }
        }
      }),
    );
  });
});

describe('the spread of decoded points', () => {
  it('is J C Jᵀ for a linear decoder, upon the scatter of the model', () => {
    const [latents, pixels, rows] = [3, 5, 2];
    const random = new Random(2);
    const slopes = Float64Array.from({ length: latents * pixels }, () => random.normal());
    const decode = ({ rows: points, data }: Matrix): Matrix => {
      const decoded = zeros(points, pixels);
      for (let n = 0; n < points; n++) {
        for (let p = 0; p < pixels; p++) {
          for (let q = 0; q < latents; q++)
            decoded.data[n * pixels + p] += data[n * latents + q] * slopes[q * pixels + p];
        }
      }
      return decoded;
    };
    const mean = zeros(rows, latents);
    random.fillNormal(mean.data);
    const covariance = zeros(rows, latents ** 2);
    for (let n = 0; n < rows; n++) covariance.data.set(covarianceOf(latents, latents, random), n * latents ** 2);
    const points = sigmaPoints({ mean, covariance }, 0, rows);
    const scatter = zeros(points.rows, pixels);
    scatter.data.fill(0.5);
    const [flux, variance] = [new Float32Array(rows * pixels), new Float32Array(rows * pixels)];
    spreadOf({ decoded: decode(points), scatter, pointsEach: 7 }, flux, variance);
    assert.deepEqual(flux, decode(mean).data);
    for (let n = 0; n < rows; n++) {
      for (let p = 0; p < pixels; p++) {
        let expected = 0.5;
        for (let i = 0; i < latents; i++) {
          for (let j = 0; j < latents; j++) {
            expected += slopes[i * pixels + p] * slopes[j * pixels + p] * covariance.data[n * 9 + i * 3 + j];
          }
        }
        assert.ok(Math.abs(variance[n * pixels + p] / expected - 1) < 1e-4);
      }
    }
  });

  it('is the scatter alone where the latents have no uncertainty', () => {
    const points = sigmaPoints({ mean: zeros(1, 2), covariance: zeros(1, 4) }, 0, 1);
    assert.ok(points.data.every((value) => value === 0));
  });
});

describe('the moments over decoded points', () => {
  it('are those of a quadratic decoder whose bends lie along the axes, and its mean whatever they are', () => {
    const covariance = Float32Array.of(0.5, 0, 0, 2);
    const points = sigmaPoints(
      {
        mean: { rows: 1, columns: 2, data: Float32Array.of(1, -1) },
        covariance: { rows: 1, columns: 4, data: covariance },
      },
      0,
      1,
    );
    const decoders: readonly ((x: number, y: number) => number)[] = [
      (x, y) => 3 + x - 2 * y + 0.7 * x * x - 0.3 * y * y,
      (x, y) => 2 * x * y + y * y,
    ];
    const decoded = zeros(points.rows, 2);
    const scatter = zeros(points.rows, 2);
    for (let n = 0; n < points.rows; n++) {
      const [x, y] = points.data.subarray(2 * n, 2 * n + 2);
      decoders.forEach((decode, p) => {
        decoded.data[2 * n + p] = decode(x, y);
        scatter.data[2 * n + p] = 0.1 + x * x;
      });
    }
    const [mean, variance] = [new Float32Array(2), new Float32Array(2)];
    momentsOf({ decoded, scatter, pointsEach: 5 }, mean, variance);
    // E x² = μ² + σ²; with f = f(μ) + sξ + bξ² along each axis, var f = s² + 2b².
    const [s, b] = [
      [1 + 1.4, -2 + 0.6],
      [0.7, -0.3],
    ];
    const exact = s[0] ** 2 * 0.5 + 2 * (b[0] * 0.5) ** 2 + s[1] ** 2 * 2 + 2 * (b[1] * 2) ** 2;
    assert.ok(Math.abs(mean[0] - (3 + 1 + 2 + 0.7 * 1.5 - 0.3 * 3)) < 1e-5);
    assert.ok(Math.abs(mean[1] - (-2 + 3)) < 1e-5);
    assert.ok(Math.abs(variance[0] - (exact + 0.1 + 1.5)) < 1e-4);
  });
});

describe('points drawn from Gaussians', () => {
  it('scatter as their covariance says about their mean', () => {
    const covariance = covarianceOf(3, 3, new Random(5));
    const mean = { rows: 2, columns: 3, data: Float32Array.of(9, 9, 9, 1, -2, 3) };
    const both = zeros(2, 9);
    both.data.set(covariance, 9);
    const count = 20_000;
    const points = drawPoints({ mean, covariance: both }, count, new Random(6));
    assert.ok(points.data.subarray(0, 3 * count).every((value) => value === 9));
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        let product = 0;
        for (let k = count; k < 2 * count; k++) {
          product += (points.data[3 * k + i] - mean.data[3 + i]) * (points.data[3 * k + j] - mean.data[3 + j]);
        }
        const scale = Math.sqrt(covariance[4 * i] * covariance[4 * j]);
        // The standard error is at most √(2 / 20,000) = 1% of the scale.
        assert.ok(Math.abs(product / count - covariance[3 * i + j]) < 0.04 * scale, `${i}, ${j}`);
      }
    }
  });
});

function covarianceOf(size: number, rank: number, random: Random): Float32Array {
  const factors = Array.from({ length: rank }, () => Array.from({ length: size }, () => random.normal()));
  return Float32Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return factors.reduce((total, factor) => total + factor[i] * factor[j], 0);
  });
}
