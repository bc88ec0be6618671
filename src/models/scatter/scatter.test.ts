import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import { evaluate, input, type Runtime } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import type { Parameters } from '../model.ts';
import { excessVariance } from './excess-variance.ts';
import { residualNoise } from './residual-noise.ts';
import { fitScatter } from './scatter-fit.ts';
import { scatterVariance } from './scatter-network.ts';

const shape = { pixels: 60, latents: 2 };

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

/** What is left of a true spectrum by the model: smooth scatter, and a line that the first latent makes stronger. */
function trueVariance(latent: ArrayLike<number>, pixel: number): number {
  const line = Math.exp(-0.5 * ((pixel - 20) / 1.5) ** 2);
  return 0.01 * Math.exp(0.7 * latent[1]) + 0.3 * line * Math.exp(1.2 * latent[0]);
}

interface Survey {
  readonly latent: Matrix;
  readonly truth: Matrix;
  readonly flux: Matrix;
  readonly ivar: Matrix;
}

/** Spectra about a model that says zero everywhere, noise twice the smooth scatter's deviation, a tenth unobserved. */
function survey(objects: number, seed: number): Survey {
  const random = new Random(seed);
  const { pixels, latents } = shape;
  const latent = zeros(objects, latents);
  random.fillNormal(latent.data);
  const [truth, flux, ivar] = [zeros(objects, pixels), zeros(objects, pixels), zeros(objects, pixels)];
  for (let n = 0, at = 0; n < objects; n++) {
    const z = latent.data.subarray(n * latents, (n + 1) * latents);
    for (let p = 0; p < pixels; p++, at++) {
      truth.data[at] = random.normal(0, Math.sqrt(trueVariance(z, p)));
      const lost = random.uniform() < 0.1;
      flux.data[at] = lost ? 1e3 : truth.data[at] + random.normal(0, 0.2);
      ivar.data[at] = lost ? 0 : 25;
    }
  }
  return { latent, truth, flux, ivar };
}

function fitted({ latent, flux, ivar }: Survey, signal?: AbortSignal): Promise<Parameters> {
  const nothing = zeros(flux.rows, flux.columns);
  const context = { runtime, random: new Random(1), ...(signal === undefined ? {} : { signal }) };
  return fitScatter({ latent, value: nothing, spread: nothing }, { flux, ivar }, context);
}

function varianceAt(latent: Matrix, parameters: Parameters): ArrayLike<number> {
  const outputs = { variance: scatterVariance(input('latent', ['N', shape.latents]), shape) };
  const values = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  return evaluate({ outputs, feeds: { latent: latent.data, ...values } }).variance.data;
}

describe('the scatter about a model', () => {
  it('follows the latents, and its bands cover the truth of other spectra', async () => {
    const parameters = await fitted(survey(600, 3));
    const { latent, truth } = survey(400, 4);
    const variance = varianceAt(latent, parameters);
    const covered = (half: number, of: (pixel: number) => boolean) => {
      const pixels = [...truth.data.keys()].filter((at) => of(at % shape.pixels));
      return pixels.filter((at) => truth.data[at] ** 2 <= half ** 2 * variance[at]).length / pixels.length;
    };
    for (const of of [(pixel: number) => Math.abs(pixel - 20) <= 2, (pixel: number) => Math.abs(pixel - 20) > 5]) {
      assert.ok(Math.abs(covered(0.9945, of) - 0.68) < 0.05, `68%: ${covered(0.9945, of)}`);
      assert.ok(Math.abs(covered(1.96, of) - 0.95) < 0.03, `95%: ${covered(1.96, of)}`);
    }
    const corners = { rows: 2, columns: 2, data: Float32Array.of(-1, 0, 1, 0) };
    const [weak, strong] = [20, shape.pixels + 20].map((at) => varianceAt(corners, parameters)[at]);
    const expected = trueVariance([1, 0], 20) / trueVariance([-1, 0], 20);
    assert.ok(Math.abs(Math.log(strong / weak / expected)) < 0.5, `${strong / weak} against ${expected}`);
  });

  it('is one spectrum for all objects when few tell it', async () => {
    const few = survey(12, 5);
    const variance = varianceAt(few.latent, await fitted(few));
    const expected = excessVariance(few.flux, few.ivar);
    for (let at = 0; at < few.flux.data.length; at++) {
      assert.ok(Math.abs(variance[at] - expected[at % shape.pixels]) <= 1e-5 * expected[at % shape.pixels] + 1e-30);
    }
  });

  it('is small beside the noise where the model is perfect', async () => {
    const { latent, ivar } = survey(300, 6);
    const random = new Random(7);
    const flux = { ...ivar, data: ivar.data.map(() => random.normal(0, 0.2)) };
    const variance = varianceAt(latent, await fitted({ latent, ivar, flux, truth: flux }));
    const mean = Array.from(variance).reduce((sum, value) => sum + value, 0) / variance.length;
    // Three hundred spectra tell a pixel's excess to 8% of its noise, and no band is negative.
    assert.ok(mean < 0.08 * 0.04, `${mean} beside a noise of 0.04`);
  });

  it('can be interrupted', async () => {
    await assert.rejects(fitted(survey(60, 8), AbortSignal.abort()), { name: 'InterruptedError' });
  });
});

describe('the noise of residuals', () => {
  /** One latent with prior N(0, 1) and basis b: residuals of its posterior mean have covariance Σ (bbᵀ + Σ)⁻¹ Σ. */
  it('is that of a linear model fitted with the true weights', () => {
    const basis = [0.5, 1, -2, 0];
    const variance = [0.1, 0.5, 0.2, 1];
    const precision = 1 + basis.reduce((sum, b, p) => sum + b ** 2 / variance[p], 0);
    const rowOf = (of: (p: number) => number): Matrix => ({
      rows: 1,
      columns: 4,
      data: Float32Array.from(basis, (_, p) => of(p)),
    });
    const spread = rowOf((p) => basis[p] ** 2 / precision);
    const { data } = residualNoise(
      rowOf((p) => 1 / variance[p]),
      spread,
      1,
    );
    basis.forEach((b, p) => {
      // Sherman & Morrison: the diagonal of (bbᵀ + Σ)⁻¹ is 1/σ² − b²/(σ⁴ precision).
      const expected = variance[p] ** 2 * (1 / variance[p] - b ** 2 / (variance[p] ** 2 * precision));
      assert.ok(Math.abs(data[p] / Math.max(expected, 0.3 * variance[p]) - 1) < 1e-6, `${p}: ${data[p]}, ${expected}`);
    });
  });

  it('grants a fit no more degrees of freedom than latents, and heeds no unobserved pixel', () => {
    const whole = (value: number, columns = 4): Matrix => ({
      rows: 1,
      columns,
      data: new Float32Array(columns).fill(value),
    });
    const ivar = { ...whole(1), data: Float32Array.of(1, 1, 1, 0) };
    // Σ v/σ² = 6 with one latent: the covariance is a sixth of v.
    const { data } = residualNoise(ivar, whole(2), 1);
    assert.deepEqual(
      [...data.slice(0, 3)].map((value) => value.toFixed(5)),
      Array(3).fill((1 + 2 - 2 * (2 / 6)).toFixed(5)),
    );
    assert.equal(data[3], 0);
  });
});
