import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Matrix, Random, zeros } from '../base/index.ts';
import { choleskyInto, sigmaPoints, spreadOf } from './sigma-points.ts';

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

function covarianceOf(size: number, rank: number, random: Random): Float32Array {
  const factors = Array.from({ length: rank }, () => Array.from({ length: size }, () => random.normal()));
  return Float32Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return factors.reduce((total, factor) => total + factor[i] * factor[j], 0);
  });
}
