import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../tests/fixtures/analysis/pretend.ts';
import { type Matrix, row, UserError, zeros } from '../base/index.ts';
import { selectRows } from '../dataset/index.ts';
import { createNodeRuntime } from '../graph/index.node.ts';
import { writeOnnx } from '../graph/index.ts';
import { findModel } from '../models/index.ts';
import { type EncodingRun, noiseResponse } from './noise-response.ts';

const survey = pretendSurvey();

/** One latent z with flux 1 + b z, known exactly: the posterior under z ~ N(0, 1) and noise 1/ivar. */
function linearRun(basis: Float64Array, reported: (variance: number) => number): EncodingRun {
  const { reconstruct, requireCompatible } = pretendRun(survey, 0);
  return {
    reconstruct,
    requireCompatible,
    run: {
      path: 'runs/linear',
      description: {
        ...{ model: 'linear', title: 'Linear', latents: 1, latentPrior: [1] },
        latentsInUse: { posteriorShare: [0.1] },
      },
    },
    async encode(flux: Matrix, ivar: Matrix) {
      const mean = zeros(flux.rows, 1);
      const covariance = zeros(flux.rows, 1);
      for (let n = 0; n < flux.rows; n++) {
        const precision = 1 + row(ivar, n).reduce((sum, w, p) => sum + w * basis[p] ** 2, 0);
        const projected = row(ivar, n).reduce((sum, w, p) => sum + w * basis[p] * (row(flux, n)[p] - 1), 0);
        mean.data[n] = projected / precision;
        covariance.data[n] = reported(1 / precision);
      }
      return { mean, covariance };
    },
  };
}

/** A survey of one noise-free spectrum 1 + 1.5 b, all pixels observed. */
function oneSpectrum() {
  const basis = Float64Array.from({ length: 80 }, (_, p) => 0.05 * Math.sin(0.4 * p));
  const one = selectRows(survey, [0]);
  const truth = { ...one.flux, data: Float32Array.from(basis, (b) => 1 + 1.5 * b) };
  const ivar = { ...one.ivar, data: one.ivar.data.map(() => 100) };
  const sumOfSquares = basis.reduce((sum, b) => sum + b * b, 0);
  const level = [...truth.data].sort((a, b) => a - b).slice(39, 41);
  // The posterior's variance at a signal-to-noise ratio.
  const varianceAt = (snr: number) => 1 / (1 + sumOfSquares * (snr / ((level[0] + level[1]) / 2)) ** 2);
  return { basis, varianceAt, dataset: { ...one, truth, flux: truth, ivar } };
}

describe('the response of latents to noise', () => {
  it('is that of the closed form where the model is linear: ratio 1 − V, bias from the prior alone', async () => {
    const { basis, dataset, varianceAt } = oneSpectrum();
    const options = { snr: [4, 20, 60], realisations: 4000, count: 1 };
    const { entries, data } = await noiseResponse(
      linearRun(basis, (variance) => variance),
      dataset,
      options,
    );
    assert.deepEqual(data.snr, [4, 20, 60]);
    for (const { snr, varianceRatio, expectedRatio, bias, reported } of entries) {
      const variance = varianceAt(snr);
      assert.ok(Math.abs(reported[0] / Math.sqrt(variance) - 1) < 1e-4);
      assert.ok(Math.abs(varianceRatio[0] / (1 - variance) - 1) < 0.08, `${snr}: ${varianceRatio[0]}`);
      assert.ok(Math.abs(expectedRatio[0] / (1 - variance) - 1) < 1e-4);
      // Shrunk by 1 − V here and by 1 − V(60) in the encoding it is held to.
      const expected = (1.5 * (varianceAt(60) - variance)) / Math.sqrt(variance);
      assert.ok(Math.abs(bias[0] - expected) < 0.08, `${snr}: ${bias[0]} against ${expected}`);
    }
  });

  it('of PCA is what its posterior must show, strong prior or weak, latents correlated or not', async () => {
    const { run, dataset, release } = await pcaRun();
    const { entries, data } = await noiseResponse(run, dataset, { snr: [1, 4, 20], realisations: 4000 });
    for (const { snr, varianceRatio, expectedRatio } of entries) {
      varianceRatio.forEach((ratio, q) => {
        // The variance of 4000 draws is known to 2.2%.
        assert.ok(Math.abs(ratio / expectedRatio[q] - 1) < 0.08, `S/N ${snr}, ${q}: ${ratio}, ${expectedRatio[q]}`);
      });
    }
    const [weak, strong] = data.curves.map(({ expectedRatio }) => expectedRatio[0].median);
    assert.ok(weak < 0.5 && strong > 0.9, `${weak}, ${strong}`);
    const unsaid = await noiseResponse(withoutPrior(run), dataset, { snr: [4, 20], realisations: 2 });
    assert.ok(unsaid.entries.every(({ expectedRatio }) => expectedRatio.every(Number.isNaN)));
    await release();
  });

  it('shows the flaw of an encoder that reports the same whatever the noise', async () => {
    const { basis, dataset } = oneSpectrum();
    const { data } = await noiseResponse(
      linearRun(basis, () => 0.01),
      dataset,
      { snr: [20, 80], realisations: 1000 },
    );
    const [low, high] = data.curves[0].varianceRatio;
    assert.ok(low.median / high.median > 10, `${low.median}, ${high.median}`);
  });

  it('takes objects by id or evenly from faint to bright, and the same noise for the same seed', async () => {
    const { basis } = oneSpectrum();
    const run = linearRun(basis, (variance) => variance);
    const ids = ['pretend-7', 'pretend-3'];
    const chosen = await noiseResponse(run, survey, { snr: [5, 10], ids, realisations: 5 });
    assert.deepEqual([...new Set(chosen.entries.map(({ id }) => id))], ids);
    const many = { snr: [5, 10], count: 4, realisations: 5, seed: 3 };
    const first = await noiseResponse(run, survey, many);
    assert.equal(new Set(first.entries.map(({ id }) => id)).size, 4);
    assert.deepEqual((await noiseResponse(run, survey, many)).entries, first.entries);
  });

  it('says what is wrong with an object, a survey without truth, or a run without uncertainty', async () => {
    const run = linearRun(new Float64Array(80), () => 0);
    const asked = { snr: [5, 10], realisations: 3 };
    const refused = async (promise: Promise<unknown>, words: RegExp) =>
      assert.rejects(promise, (error) => error instanceof UserError && words.test(error.message));
    await refused(noiseResponse(run, survey, { ...asked, ids: ['nobody'] }), /no object "nobody"/);
    await refused(noiseResponse(run, { ...survey, truth: null }, { ...asked, noiseFree: 'truth' }), /not simulated/);
    await refused(noiseResponse(run, survey, asked), /states no latent uncertainty/);
    await assert.rejects(noiseResponse(run, survey, { ...asked, signal: AbortSignal.abort() }), {
      name: 'InterruptedError',
    });
  });
});

/** The encoder of PCA with two components that are not orthogonal, the first of little variance, and its noise white. */
async function pcaRun() {
  const { dataset } = oneSpectrum();
  const pixels = 80;
  const model = findModel('pca').configure({ pixels, latents: 2 }, { snrCap: 1e6 });
  const parameterValues = {
    mean: new Float32Array(pixels).fill(1),
    basis: Float32Array.from(
      { length: 2 * pixels },
      (_, i) => (i < pixels ? 0.1 : 0.15) * Math.sin(0.4 * (i % pixels) + (i < pixels ? 0 : 0.9)),
    ),
    componentVariance: Float32Array.of(0.5, 40),
    noiseScale: Float32Array.of(1),
    modelVariance: new Float32Array(pixels),
  };
  const onnx = writeOnnx({ name: 'encoder', outputs: { ...model.encoder().outputs }, parameterValues });
  const session = await createNodeRuntime({ threads: 1 }).createSession(onnx);
  const { reconstruct, requireCompatible } = pretendRun(survey, 0);
  const run: EncodingRun = {
    reconstruct,
    requireCompatible,
    run: {
      path: 'runs/pca',
      description: {
        ...{ model: 'pca', title: 'PCA', latents: 2, latentPrior: [...parameterValues.componentVariance] },
        latentsInUse: { posteriorShare: [0.1, 0.1] },
      },
    },
    async encode(flux: Matrix, ivar: Matrix) {
      const [mean, covariance] = [zeros(flux.rows, 2), zeros(flux.rows, 4)];
      const fetches = { latentMean: mean.data, latentCovariance: covariance.data };
      await session.run({ flux: flux.data, ivar: ivar.data }, fetches);
      return { mean, covariance };
    },
  };
  return { run, dataset, release: () => session.release() };
}

function withoutPrior(run: EncodingRun): EncodingRun {
  return { ...run, run: { ...run.run, description: { ...run.run.description, latentPrior: undefined } } };
}
