import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { lowRankSpectra } from '../../../tests/fixtures/models/low-rank-spectra.ts';
import { Random, zeros } from '../../base/index.ts';
import { type Runtime, writeOnnx } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import { pca } from './pca.ts';
import { PrincipalScores } from './principal-scores.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

const plane = { pixels: 80, components: 3, seed: 11, gaps: 0.4, noise: [0.02, 0.2] as const };
const train = lowRankSpectra({ ...plane, objects: 600 });
const test = lowRankSpectra({ ...plane, objects: 1100, drawing: 'test' });

describe('principal scores', () => {
  it('are the latents of a pca model fitted to the same spectra', async () => {
    const scores = await PrincipalScores.fit(train, 3, { runtime, random: new Random(1) });
    const { score } = await scores.of(test.flux, test.ivar);
    await scores.release();
    const model = pca.configure({ pixels: 80, latents: 3 }, { tolerance: 1e-5 });
    assert.equal(model.fitting.kind, 'direct');
    const { parameters } = await model.fitting.fit(train, test, { runtime, random: new Random(1) });
    const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
    const { latentMean } = model.encoder().outputs;
    const session = await runtime.createSession(
      writeOnnx({ name: 'encoder', outputs: { latentMean }, parameterValues }),
    );
    const encoded = new Float32Array(1100 * 3);
    await session.run({ flux: test.flux.data, ivar: test.ivar.data }, { latentMean: encoded });
    await session.release();
    assert.ok(encoded.some((value) => Math.abs(value) > 1));
    for (let i = 0; i < encoded.length; i++) assert.ok(Math.abs(score.data[i] - encoded[i]) < 1e-5);
  });

  it('fill gaps close to the truth and leave observed pixels alone', async () => {
    const scores = await PrincipalScores.fit(train, 3, { runtime, random: new Random(1) });
    const { filled } = await scores.of(test.flux, test.ivar);
    let [gaps, squares, atMean] = [0, 0, 0];
    filled.data.forEach((value, i) => {
      if (test.ivar.data[i] > 0) {
        assert.equal(value, test.flux.data[i]);
        return;
      }
      gaps++;
      squares += (value - test.truth.data[i]) ** 2;
      atMean += (test.mean[i % 80] - test.truth.data[i]) ** 2;
    });
    assert.ok(gaps > 10_000 && squares < 0.05 * atMean, `${squares} against ${atMean}`);
  });

  it('of a spectrum without observed pixels are those of the mean spectrum', async () => {
    const scores = await PrincipalScores.fit(train, 3, { runtime, random: new Random(1) });
    const { score, filled } = await scores.of(zeros(1, 80), zeros(1, 80));
    assert.ok(score.data.every((value) => Math.abs(value) < 1e-6));
    filled.data.forEach((value, d) => {
      assert.ok(Math.abs(value - train.mean[d]) < 0.05);
    });
  });

  it('refuse more components than spectra', async () => {
    const few = lowRankSpectra({ ...plane, objects: 4 });
    await assert.rejects(PrincipalScores.fit(few, 4, { runtime, random: new Random(1) }), {
      name: 'UserError',
      message: /needs more than 4 training spectra/,
    });
  });
});
