import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import * as reference from '../../tests/references/infovae.ts';
import { type Matrix, Random, row, UserError, zeros } from '../base/index.ts';
import { rowsOfSplit, selectRows } from '../dataset/index.ts';
import { createNodeRuntime } from '../graph/index.node.ts';
import { findModel, MODELS } from '../models/index.ts';
import { fit } from '../training/index.node.ts';
import { openRun } from './open-run.node.ts';
import type { OpenRun } from './open-run.ts';
import { latentTable, reconstructionArrays } from './products.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-inference-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const survey = toySurvey(200, 30);
const hidden = [12, 6];
/** Whatever of these a model has; a gain would stand between a spectrum and the decoding of its latents. */
const QUICK = { hidden, maxEpochs: 100, inducing: 12, epochs: 4, gain: false };
const runs: Record<string, OpenRun> = {};

before(async () => {
  for (const model of Object.keys(MODELS)) {
    const known = MODELS[model].describeSettings({ pixels: 30, latents: 2 }).map(({ key }) => key);
    const settings = Object.fromEntries(Object.entries(QUICK).filter(([key]) => known.includes(key)));
    await fit(model, survey, { out: join(folder, model), latents: 2, settings, threads: 1 });
    runs[model] = await openRun(join(folder, model), { threads: 1 });
  }
});

describe('an open run, whatever its model', () => {
  it('rebuilds a spectrum as the decoding of its latents', async () => {
    for (const run of Object.values(runs)) {
      const { mean, covariance } = await run.encode(survey.flux, survey.ivar);
      const decoded = await run.decode(mean);
      const rebuilt = await run.reconstruct(survey.flux, survey.ivar);
      assert.deepEqual([mean.rows, mean.columns, covariance.columns], [200, 2, 4]);
      assert.ok(largestDifference(rebuilt.mean, decoded.mean) < 1e-5);
      assert.ok(rebuilt.variance.data.every((value, at) => value >= decoded.variance.data[at] * (1 - 1e-6)));
      assert.ok(decoded.variance.data.some((value) => value > 0));
    }
  });

  it('gives each spectrum the same however many are given at once', async () => {
    for (const run of Object.values(runs)) {
      const many = repeated(survey.flux, 1100);
      const together = await run.reconstruct(many, repeated(survey.ivar, 1100));
      const alone = await run.reconstruct(repeated(survey.flux, 1), repeated(survey.ivar, 1));
      for (const n of [0, 200, 1000]) {
        const difference = row(together.mean, n).map((value, p) => Math.abs(value - alone.mean.data[p]));
        assert.ok(Math.max(...difference) < 1e-5);
      }
    }
  });

  it('does not look at what stands in unobserved pixels', async () => {
    const garbled = survey.flux.data.map((value, at) => (survey.ivar.data[at] > 0 ? value : 1e6));
    for (const run of Object.values(runs)) {
      const { mean } = await run.encode(survey.flux, survey.ivar);
      const other = await run.encode({ ...survey.flux, data: garbled }, survey.ivar);
      assert.deepEqual(other.mean, mean);
    }
  });

  it('writes latents and reconstructions of a dataset in its order', async () => {
    const some = selectRows(survey, [5, 3, 8]);
    const table = await latentTable(runs.vae, some);
    const { mean, covariance } = await runs.vae.encode(some.flux, some.ivar);
    assert.deepEqual(table.names, ['id', 'z1', 'z2', 'sd1', 'sd2']);
    assert.deepEqual([...table.columns.id], ['toy-5', 'toy-3', 'toy-8']);
    assert.equal(table.columns.z2[1], mean.data[3]);
    assert.equal(table.columns.sd2[2], Math.fround(Math.sqrt(covariance.data[11])));
    const { wave, flux, flux_sd, id } = await reconstructionArrays(runs.vae, some);
    assert.deepEqual([wave.shape, flux.shape, flux_sd.shape, id.shape], [[30], [3, 30], [3, 30], [3]]);
  });

  it('refuses other grids, normalisations and shapes in one sentence', async () => {
    const refuses = (words: RegExp) => (error: unknown) => error instanceof UserError && words.test(error.message);
    const shifted = { ...survey, wavelength: survey.wavelength.map((w) => w * 1.0001) };
    const other = { ...survey, manifest: { ...survey.manifest, normalisation: 'flux' } };
    runs.vae.requireCompatible(survey);
    assert.throws(() => runs.vae.requireCompatible(shifted), refuses(/grid of 30 pixels from 4000\.0/));
    assert.throws(() => runs.vae.requireCompatible(other), refuses(/normalised by "none".*"flux"/));
    await assert.rejects(latentTable(runs.vae, shifted), refuses(/grid/));
    await assert.rejects(runs.vae.encode(zeros(2, 29), zeros(2, 29)), refuses(/30 pixels and these have 29/));
    await assert.rejects(runs.vae.encode(zeros(2, 30), zeros(1, 30)), refuses(/same shape/));
    await assert.rejects(runs.vae.decode(zeros(1, 3)), refuses(/2 latents; points of 3/));
  });

  it('is not opened when its graphs are not those that run.json describes', async () => {
    const file = join(folder, 'ae', 'run.json');
    const original = readFileSync(file, 'utf8');
    writeFileSync(file, original.replace('"labels": []', '"labels": ["log_mbh"]'));
    await assert.rejects(
      openRun(join(folder, 'ae')),
      /decoder\.onnx, "labelMean": it is missing and run\.json calls for \[N, 1\]/,
    );
    writeFileSync(file, original);
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(runs.pca.encode(survey.flux, survey.ivar, { signal }), { name: 'InterruptedError' });
  });
});

describe('the plain encoder of a VAE run', () => {
  it('is the encoder that was trained, infill included', async () => {
    const settings = { hidden, encoder: 'plain', maxEpochs: 20 };
    await fit('vae', survey, { out: join(folder, 'plain'), latents: 2, settings, threads: 1 });
    const plain = await openRun(join(folder, 'plain'), { threads: 1 });
    const { fitting } = findModel('vae').configure({ pixels: 30, latents: 2 }, settings);
    assert.ok(fitting.kind === 'gradient');
    const [train, valid] = (['train', 'valid'] as const).map((split) => selectRows(survey, rowsOfSplit(survey, split)));
    const context = { runtime: createNodeRuntime({ threads: 1 }), random: new Random(1).stream('preparation') };
    const prepared = await fitting.prepare(train, valid, context);
    const sizes = { pixels: 30, latents: 2, hidden, lambda: 1, alpha: 0, priorSamples: 1 };
    const parameters = Object.fromEntries(
      Object.entries(plain.run.parameters).map(([name, { data }]) => [name, Float64Array.from(data)]),
    );
    const spectra = Float64Array.from(prepared.valid.spectra.data);
    const expected = reference.encodeMean(sizes, parameters, spectra, valid.flux.rows);
    const { mean } = await plain.encode(valid.flux, valid.ivar);
    for (const [at, value] of mean.data.entries()) assert.ok(Math.abs(value - expected[at]) < 1e-4);
  });
});

describe('the encoder of an AE run', () => {
  it('states no uncertainty', async () => {
    const { covariance } = await runs.ae.encode(survey.flux, survey.ivar);
    assert.ok(covariance.data.every((value) => Math.abs(value) === 0));
  });
});

function repeated({ data, columns, rows }: Matrix, count: number): Matrix {
  const result = zeros(count, columns);
  for (let n = 0; n < count; n++) row(result, n).set(data.subarray((n % rows) * columns, ((n % rows) + 1) * columns));
  return result;
}

function largestDifference(a: Matrix, b: Matrix): number {
  return a.data.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b.data[at])), 0);
}
