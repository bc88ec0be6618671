import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { lowRankSpectra } from '../../../tests/fixtures/models/low-rank-spectra.ts';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import { scalingOf, standardisedRows } from './standardise.ts';
import { startingLatents, whiten } from './start.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

function momentsOf({ rows, columns, data }: Matrix) {
  const mean = Array.from({ length: columns }, (_, q) => {
    let total = 0;
    for (let n = 0; n < rows; n++) total += data[n * columns + q] / rows;
    return total;
  });
  const covariance = mean.map((a, i) =>
    mean.map((b, j) => {
      let total = 0;
      for (let n = 0; n < rows; n++) total += ((data[n * columns + i] - a) * (data[n * columns + j] - b)) / rows;
      return total;
    }),
  );
  return { mean, covariance };
}

function assertWhite(latent: Matrix): void {
  const { mean, covariance } = momentsOf(latent);
  for (const [i, row] of covariance.entries()) {
    assert.ok(Math.abs(mean[i]) < 1e-5, `mean ${mean[i]}`);
    for (const [j, value] of row.entries()) {
      assert.ok(Math.abs(value - (i === j ? 1 : 0)) < 1e-4, `covariance ${i}, ${j}: ${value}`);
    }
  }
}

/** Points with covariance, far from 0. */
function leaning(rows: number): Matrix {
  const random = new Random(8);
  const points = zeros(rows, 3);
  for (let n = 0; n < rows; n++) {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    points.data.set([5 + 0.1 * a, -3 + 4 * b + 0.2 * a, 2 * b - 0.5 * c], 3 * n);
  }
  return points;
}

describe('whitening', () => {
  it('leaves zero mean and unit covariance, axes in falling variance', () => {
    const points = leaning(500);
    const before = points.data.slice();
    whiten(points);
    assertWhite(points);
    // The first axis is that along which both of the last coordinates lie.
    const along = Array.from({ length: 500 }, (_, n) => points.data[3 * n] * (before[3 * n + 1] + 3));
    assert.ok(Math.abs(along.reduce((sum, value) => sum + value, 0) / 500) > 3.5);
  });

  it('stays finite along directions without variance', () => {
    const points = leaning(50);
    for (let n = 0; n < 50; n++) points.data[3 * n + 2] = 2 * points.data[3 * n];
    whiten(points);
    assert.ok(points.data.every((value) => Math.abs(value) < 10));
    const alike = { ...points, data: new Float32Array(150).fill(7) };
    whiten(alike);
    assert.ok(alike.data.every(Number.isFinite));
  });
});

describe('the latents that a fit starts from', () => {
  it('are the coordinates in the plane that spectra lie on, whitened, despite noise and gaps', async () => {
    const survey = lowRankSpectra({ objects: 400, pixels: 60, components: 2, seed: 5, gaps: 0.4 });
    const rows = standardisedRows(survey, scalingOf(survey, []));
    const latent = await startingLatents(rows, 2, { runtime, random: new Random(1) });
    assertWhite(latent);
    const truth = zeros(400, 2);
    truth.data.set(survey.latent.data);
    whiten(truth);
    // Two whitened pairs of the same plane differ by a turn: R Rᵀ = 1 for R the covariance between them.
    const between = [0, 1].map((i) =>
      [0, 1].map((j) => {
        let total = 0;
        for (let n = 0; n < 400; n++) total += (latent.data[2 * n + i] * truth.data[2 * n + j]) / 400;
        return total;
      }),
    );
    const explained = between.map(([a, b]) => a * a + b * b);
    for (const share of explained) assert.ok(share > 0.95, `${explained}`);
  });
});
