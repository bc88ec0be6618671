import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { lowRankSpectra } from '../../../tests/fixtures/models/low-rank-spectra.ts';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import { type DenseMatrix, dense, product, randomisedSvd, symmetricEigen, transposed } from '../../linalg/index.ts';
import { lossWeightsOf } from '../weights.ts';
import { type EmPcaState, emPca } from './em-pca.ts';
import { principalComponents } from './factor-model.ts';
import { weightedRows } from './weighted-rows.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

function equalWeights({ rows, columns }: Matrix): Matrix {
  const weights = zeros(rows, columns);
  weights.data.fill(1);
  return weights;
}

/** sin² of the largest angle between two planes, each given by orthonormal rows. */
function planeError(a: DenseMatrix, b: DenseMatrix): number {
  const cosines = product(a, transposed(b));
  const { values } = symmetricEigen(product(cosines, transposed(cosines)));
  return 1 - values[values.length - 1];
}

const fixtureSchema = z.object({
  rows: z.number(),
  columns: z.number(),
  data: z.array(z.number()),
  components: z.number(),
  mean: z.array(z.number()),
  basis: z.array(z.number()),
  sumOfSquares: z.array(z.number()),
  noiseVariance: z.number(),
});
const sklearn = fixtureSchema.parse(JSON.parse(readFileSync('tests/fixtures/models/pca.json', 'utf8')));

describe('EM-PCA', () => {
  it('with equal weights ends at the mean, components and noise that scikit-learn finds', async () => {
    const { rows, columns, components } = sklearn;
    const flux = { rows, columns, data: Float32Array.from(sklearn.data) };
    const options = { components, runtime, random: new Random(1), tolerance: 1e-12, maximumIterations: 300 };
    const { model } = await emPca(weightedRows(flux, equalWeights(flux)), options);
    const { basis, variance } = principalComponents(model);
    const expected = dense(components, columns, Float64Array.from(sklearn.basis));
    sklearn.mean.forEach((value, d) => {
      assert.ok(Math.abs(model.mean[d] - value) < 1e-4);
    });
    assert.ok(planeError(basis, expected) < 1e-5, `sin² ${planeError(basis, expected)}`);
    for (let k = 0; k < components; k++) {
      const along = product(dense(1, columns, basis.data.slice(k * columns, (k + 1) * columns)), transposed(expected));
      assert.ok(Math.abs(along.data[k]) > 0.9999, `component ${k}`);
      // Maximum likelihood takes the noise off: λ = s²/N − φ (Tipping & Bishop 1999, eq. 15).
      const likeliest = sklearn.sumOfSquares[k] / rows - model.noiseScale;
      assert.ok(Math.abs(variance[k] / likeliest - 1) < 2e-3, `${variance[k]} against ${likeliest}`);
    }
    // φ is the variance beyond the plane shared among the discarded directions, over all pixels' freedom.
    const likeliest = (sklearn.noiseVariance * (rows - 1)) / rows;
    assert.ok(Math.abs(model.noiseScale / likeliest - 1) < 2e-3, `${model.noiseScale} against ${likeliest}`);
  });

  it('finds a plane through noise and gaps where ordinary PCA of the same spectra does not', async () => {
    const data = lowRankSpectra({ objects: 1500, pixels: 120, components: 3, seed: 5, gaps: 0.5, noise: [0.02, 0.6] });
    const rows = weightedRows(data.flux, lossWeightsOf(data.flux, data.ivar));
    const options = { components: 3, runtime, random: new Random(1) };
    const { basis, variance } = principalComponents((await emPca(rows, options)).model);
    const atMean = zeros(1500, 120);
    atMean.data.forEach((_, i) => {
      atMean.data[i] = data.ivar.data[i] > 0 ? data.flux.data[i] - rows.centre[i % 120] : 0;
    });
    const ordinary = await randomisedSvd(atMean, options);
    const weighted = planeError(basis, data.basis);
    const unweighted = planeError(ordinary.rightVectors, data.basis);
    assert.ok(weighted < 2e-3, `sin² ${weighted}`);
    assert.ok(unweighted > 10 * weighted, `${unweighted} against ${weighted}`);
    variance.forEach((value, k) => {
      assert.ok(Math.abs(Math.sqrt(value) / data.spread[k] - 1) < 0.1);
    });
  });

  it('never lets the deviance rise, and χ² falls with it', async () => {
    const data = lowRankSpectra({ objects: 400, pixels: 60, components: 4, seed: 8, gaps: 0.5 });
    const rows = weightedRows(data.flux, lossWeightsOf(data.flux, data.ivar));
    const { trace } = await emPca(rows, { components: 4, runtime, random: new Random(2), tolerance: 1e-9 });
    assert.ok(trace.length > 5);
    for (let i = 1; i < trace.length; i++) {
      assert.ok(trace[i].deviance <= trace[i - 1].deviance + 2e-6, `deviance at ${i}`);
    }
    assert.ok(trace[trace.length - 1].chi2PerPixel < 0.7 * trace[0].chi2PerPixel);
  });

  it('reports χ² per pixel as a sum over residuals would', async () => {
    const data = lowRankSpectra({ objects: 100, pixels: 40, components: 2, seed: 3, gaps: 0.3 });
    const weights = lossWeightsOf(data.flux, data.ivar);
    const rows = weightedRows(data.flux, weights);
    const { model, trace } = await emPca(rows, {
      components: 2,
      runtime,
      random: new Random(2),
      maximumIterations: 40,
    });
    let chi2 = 0;
    for (let n = 0; n < 100; n++) chi2 += bestChi2(data.flux, weights, n, model);
    assert.ok(Math.abs(chi2 / rows.observed / trace[trace.length - 1].chi2PerPixel - 1) < 1e-3);
  });

  it('is the same for the same seed, also over a stop and a resume from a saved state', async () => {
    const data = lowRankSpectra({ objects: 200, pixels: 50, components: 3, seed: 4, gaps: 0.3 });
    const rows = weightedRows(data.flux, lossWeightsOf(data.flux, data.ivar));
    const options = () => ({ components: 3, runtime, random: new Random(6), maximumIterations: 12, tolerance: 1e-15 });
    const whole = await emPca(rows, options());
    assert.deepEqual(await emPca(rows, options()), whole);
    const stop = new AbortController();
    let kept: EmPcaState | undefined;
    const interrupted = emPca(rows, {
      ...options(),
      signal: stop.signal,
      onIteration: async (state) => {
        kept = structuredClone(state);
        if (state.iteration === 5) stop.abort();
      },
    });
    await assert.rejects(interrupted, { name: 'InterruptedError' });
    assert.equal(kept?.iteration, 5);
    assert.deepEqual(await emPca(rows, { ...options(), resumeFrom: kept }), whole);
  });

  it('starts large sets on a sample and ends where a start of its own would', async () => {
    const data = lowRankSpectra({ objects: 9000, pixels: 30, components: 2, seed: 4, gaps: 0.3 });
    const rows = weightedRows(data.flux, lossWeightsOf(data.flux, data.ivar));
    const sampled = await emPca(rows, { components: 2, runtime, random: new Random(6), tolerance: 1e-8 });
    const { basis } = principalComponents(sampled.model);
    assert.ok(planeError(basis, data.basis) < 1e-3);
    assert.ok(sampled.iteration < 15, `${sampled.iteration} iterations`);
  });

  it('keeps pixels that nobody observed at the level of their neighbours', async () => {
    const data = lowRankSpectra({ objects: 200, pixels: 50, components: 2, seed: 4 });
    for (let n = 0; n < 200; n++) data.ivar.data.fill(0, n * 50 + 20, n * 50 + 23);
    const rows = weightedRows(data.flux, lossWeightsOf(data.flux, data.ivar));
    const { model } = await emPca(rows, { components: 2, runtime, random: new Random(6) });
    for (const d of [20, 21, 22]) {
      assert.ok(Math.abs(model.mean[d] - data.mean[d]) < 0.15);
      assert.equal(model.loadings.data[d], 0);
    }
  });

  it('does not fit the noise of pixels that hardly anyone observed', async () => {
    const data = lowRankSpectra({ objects: 300, pixels: 60, components: 5, seed: 4, noise: [0.1, 0.1] });
    for (let n = 2; n < 300; n++) data.ivar.data[n * 60 + 30] = 0;
    const rows = weightedRows(data.flux, lossWeightsOf(data.flux, data.ivar));
    const { model } = await emPca(rows, { components: 5, runtime, random: new Random(6) });
    let length = 0;
    for (let k = 0; k < 5; k++) length += model.loadings.data[k * 60 + 30] ** 2;
    const typical = model.loadings.data.reduce((sum, value) => sum + value * value, 0) / 60;
    assert.ok(length < 4 * typical, `${length} against ${typical}`);
  });

  it('refuses spectra that are too few, or all unobserved, in one sentence', async () => {
    const data = lowRankSpectra({ objects: 3, pixels: 20, components: 2, seed: 4 });
    const rows = weightedRows(data.flux, data.ivar);
    await assert.rejects(emPca(rows, { components: 3, runtime, random: new Random(6) }), {
      name: 'UserError',
      message: /needs more than 3 training spectra; there are 3/,
    });
    const nothing = weightedRows(data.flux, zeros(3, 20));
    await assert.rejects(emPca(nothing, { components: 2, runtime, random: new Random(6) }), {
      name: 'UserError',
      message: /no observed pixel/,
    });
    const huge = lowRankSpectra({ objects: 30, pixels: 20, components: 2, seed: 4 });
    huge.flux.data[7] = 1e30;
    const overflowing = weightedRows(huge.flux, huge.ivar);
    await assert.rejects(emPca(overflowing, { components: 2, runtime, random: new Random(6) }), {
      name: 'UserError',
      message: /too large for float32/,
    });
  });
});

/** χ² of one spectrum at its most probable coefficients, by float64 normal equations for two components. */
function bestChi2(flux: Matrix, weights: Matrix, n: number, model: EmPcaState['model']): number {
  const { columns } = flux;
  const v = (k: number, d: number) => model.loadings.data[k * columns + d];
  let [a, b, c, p, q] = [1, 0, 1, 0, 0];
  for (let d = 0; d < columns; d++) {
    const w = weights.data[n * columns + d] / model.noiseScale;
    const x = flux.data[n * columns + d] - model.mean[d];
    a += w * v(0, d) ** 2;
    b += w * v(0, d) * v(1, d);
    c += w * v(1, d) ** 2;
    p += w * v(0, d) * x;
    q += w * v(1, d) * x;
  }
  const determinant = a * c - b * b;
  const z = [(c * p - b * q) / determinant, (a * q - b * p) / determinant];
  let chi2 = 0;
  for (let d = 0; d < columns; d++) {
    const r = flux.data[n * columns + d] - model.mean[d] - z[0] * v(0, d) - z[1] * v(1, d);
    chi2 += weights.data[n * columns + d] * r * r;
  }
  return chi2;
}
