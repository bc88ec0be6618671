import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Matrix, Random, row, zeros } from '../base/index.ts';
import { latentAxes, pointsAlong, turnToAxes, turnToLatents } from './latent-axes.ts';

function cloud(seed: number, rows: number, columns: number): Matrix {
  const random = new Random(seed);
  const means = zeros(rows, columns);
  const mixing = Array.from({ length: columns * columns }, () => random.normal());
  for (let object = 0; object < rows; object++) {
    const source = Array.from({ length: columns }, (_, k) => random.normal() * 2 ** -k);
    for (let i = 0; i < columns; i++) {
      means.data[object * columns + i] = 3 + source.reduce((sum, s, k) => sum + mixing[i * columns + k] * s, 0);
    }
  }
  return means;
}

function variance(values: number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
}

describe('axes of latent space', () => {
  it('are uncorrelated, of falling variance, and keep distances', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (seed, q) => {
        const means = cloud(seed, 60, q);
        const axes = latentAxes(means);
        const turned = turnToAxes(means, axes);
        const column = (k: number) => Array.from({ length: 60 }, (_, object) => row(turned, object)[k]);
        const variances = Array.from({ length: q }, (_, k) => variance(column(k)));
        const total = variances.reduce((sum, v) => sum + v, 0);
        for (let k = 0; k < q; k++) {
          assert.ok(Math.abs(variances[k] - axes.deviation[k] ** 2) < 1e-4 * total);
          assert.ok(Math.abs(axes.varianceShare[k] - variances[k] / total) < 1e-4);
          if (k > 0) assert.ok(variances[k] <= variances[k - 1] + 1e-6 * total);
          for (let l = 0; l < k; l++) {
            const product = column(k).reduce((sum, v, object) => sum + v * column(l)[object], 0) / 60;
            assert.ok(Math.abs(product) < 1e-4 * total);
          }
        }
        const distance = (m: Matrix) => Math.hypot(...row(m, 0).map((v, i) => v - row(m, 1)[i]));
        assert.ok(Math.abs(distance(turned) - distance(means)) < 1e-3 * (1 + distance(means)));
      }),
      { numRuns: 40 },
    );
  });

  it('lead through the centroid in steps of standard deviations', () => {
    const means = cloud(5, 200, 3);
    const axes = latentAxes(means);
    const points = turnToAxes(
      pointsAlong(
        axes,
        1,
        [-2, 0, 1].map((offset) => offset * axes.deviation[1]),
      ),
      axes,
    );
    const expected = [-2 * axes.deviation[1], 0, axes.deviation[1]];
    expected.forEach((value, index) => {
      const point = row(points, index);
      assert.ok(Math.abs(point[1] - value) < 1e-4);
      assert.ok(Math.abs(point[0]) < 1e-4 && Math.abs(point[2]) < 1e-4);
    });
  });

  it('are the latents themselves, by variance, where a model says so', () => {
    const means = { rows: 3, columns: 2, data: Float32Array.of(1, 7, 2, 3, 1, 0) };
    const axes = latentAxes(means, 'own');
    assert.deepEqual(axes.latent, [1, 0]);
    const turned = turnToAxes(means, axes);
    assert.deepEqual([...turned.data], [7, 1, 3, 2, 0, 1]);
    assert.deepEqual([...turnToLatents(turned, axes).data], [...means.data]);
    const points = pointsAlong(axes, 0, [0, 7]);
    assert.deepEqual([...points.data], [Math.fround(4 / 3), 0, Math.fround(4 / 3), 7]);
  });

  it('give no variance to latents that never change', () => {
    const axes = latentAxes({ rows: 3, columns: 2, data: Float32Array.of(1, 7, 1, 7, 1, 7) });
    assert.deepEqual([...axes.varianceShare], [0, 0]);
  });
});
