import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import { evaluateRuns } from '../analysis/index.ts';
import { Random, zeros } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { openRun } from '../inference/index.node.ts';
import { labelPredictionTable } from '../inference/index.ts';
import { fit } from './index.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-labels-'));
after(() => rmSync(folder, { recursive: true }));

/** The toy survey with its continuum's slope as a label, measured with an error of 0.1 in two objects of three. */
function labelledSurvey(): Dataset {
  const survey = toySurvey(900, 16, 3);
  const random = new Random(8);
  const { rows, columns } = survey.flux;
  const [value, ivar] = [zeros(rows, 2), zeros(rows, 2)];
  for (let n = 0; n < rows; n++) {
    if (n % 3 === 0) continue;
    const { truth } = survey;
    assert.ok(truth !== null);
    const slope = (truth.data[(n + 1) * columns - 1] - truth.data[n * columns]) / 0.3;
    value.data.set([100 + 5 * slope + 0.5 * random.normal(), random.normal()], 2 * n);
    ivar.data.set([1 / 0.5 ** 2, n % 2], 2 * n);
  }
  const labels = { names: ['slope', 'unrelated'], value, ivar };
  return { ...survey, catalogue: { ...survey.catalogue, labels } };
}

describe('a model with a label head', () => {
  const survey = labelledSurvey();
  const options = { latents: 3, threads: 1, settings: { labels: true, hidden: [24, 12], maxEpochs: 60 } };
  const settings = { ...options.settings, lambda: 3 };
  const fitted = fit('vae', survey, { ...options, settings, out: join(folder, 'vae') });

  for (const model of ['vae', 'ae']) {
    it(`predicts labels with intervals that cover, and learns nothing where there is nothing to learn (${model})`, () =>
      judge(model));
  }

  async function judge(model: string): Promise<void> {
    const out = join(folder, model);
    await (model === 'vae' ? fitted : fit(model, survey, { ...options, out }));
    const run = await openRun(out, { threads: 1 });
    const { runs } = await evaluateRuns([run], survey, { split: 'test' });
    const { slope, unrelated } = runs[0].labels;
    const measured = survey.catalogue.split.filter((split, n) => split === 'test' && n % 3 !== 0).length;
    assert.equal(slope.n, measured);
    // A label spread by 5, known to 0.5; spectra alone give it to about 1.
    assert.ok(slope.rmse < 2, `slope to ${slope.rmse}`);
    // A standard normal, whose root mean square some sixty objects tell to 9%.
    assert.ok(unrelated.rmse > 0.75 && unrelated.rmse < 2, `unrelated to ${unrelated.rmse}`);
    for (const [name, { coverage68, coverage95, n }] of Object.entries({ slope, unrelated })) {
      const scatter = 3 * Math.sqrt((0.68 * 0.32) / n);
      assert.ok(Math.abs(coverage68 - 0.683) < scatter + 0.03, `${name}: ${coverage68} of ${n} within one sigma`);
      assert.ok(coverage95 > 0.87, `${name}: ${coverage95} of ${n} within two`);
    }
    await run.release();
  }

  it('writes what it predicts as a table', async () => {
    await fitted;
    const run = await openRun(join(folder, 'vae'), { threads: 1 });
    const table = await labelPredictionTable(run, survey);
    assert.deepEqual(table.names, ['id', 'slope', 'slope_sd', 'unrelated', 'unrelated_sd']);
    assert.equal(table.rows, 900);
    assert.ok(Number(table.columns.slope[5]) > 80 && Number(table.columns.slope_sd[5]) > 0);
    await run.release();
  });

  it('is refused where there are no labels, and a run without them predicts none', async () => {
    const bare = toySurvey(60, 16);
    for (const model of ['vae', 'ae']) {
      await assert.rejects(fit(model, bare, { ...options, out: join(folder, 'bare') }), {
        name: 'UserError',
        message: new RegExp(`${model}: labels=true needs a dataset with labels`),
      });
    }
    await fit('pca', bare, { latents: 2, threads: 1, out: join(folder, 'pca') });
    const run = await openRun(join(folder, 'pca'), { threads: 1 });
    await assert.rejects(run.predictLabels(bare.flux, bare.ivar), { name: 'UserError', message: /predicts no labels/ });
    await run.release();
  });
});
