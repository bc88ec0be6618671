import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../tests/fixtures/analysis/pretend.ts';
import { UserError } from '../base/index.ts';
import { rowsOfSplit, selectRows } from '../dataset/index.ts';
import { evaluateRuns } from './evaluate.ts';
import { reconstructionMetrics } from './metrics.ts';

const survey = pretendSurvey();

describe('evaluating runs', () => {
  it('gives the JSON that the contract promises', async () => {
    const { runs } = await evaluateRuns([pretendRun(survey, 0)], survey);
    const [score] = runs;
    for (const field of ['mse', 'chi2PerPixel', 'maeFlux', 'coverage68', 'coverage95'] as const) {
      assert.ok(Number.isFinite(score[field]), field);
    }
    assert.deepEqual([score.path, score.model, score.latents, score.labels], ['runs/VAE', 'vae', 2, {}]);
    assert.deepEqual(Object.keys(score.mseByClass).sort(), ['broad-line AGN', 'emission-line', 'quiescent']);
    assert.deepEqual(JSON.parse(JSON.stringify(runs)), runs);
  });

  it('judges on the test split unless told, and agrees with the scores of those rows', async () => {
    const run = pretendRun(survey, 0.02);
    const evaluation = await evaluateRuns([run], survey);
    const rows = rowsOfSplit(survey, 'test');
    const { flux, ivar, truth } = selectRows(survey, rows);
    const expected = reconstructionMetrics({ flux, ivar, truth }, await run.reconstruct(flux, ivar));
    assert.equal(evaluation.split, 'test');
    assert.equal(evaluation.objects, rows.length);
    assert.ok(Math.abs(evaluation.runs[0].mse / expected.mse - 1) < 1e-9);
    assert.equal(evaluation.runs[0].coverage95, expected.coverage95);
  });

  it('scores more objects than a chunk holds as it scores them one by one', async () => {
    const large = pretendSurvey(2500, 3);
    const run = pretendRun(large, 0.01);
    const { runs } = await evaluateRuns([run], large, { split: 'all' });
    const { flux, ivar, truth } = large;
    const expected = reconstructionMetrics({ flux, ivar, truth }, await run.reconstruct(flux, ivar));
    assert.equal(runs[0].objects, 2500);
    assert.ok(Math.abs(runs[0].mse / expected.mse - 1) < 1e-9);
  });

  it('ranks a biased run below an honest one', async () => {
    const { runs } = await evaluateRuns([pretendRun(survey, 0), pretendRun(survey, 0.1)], survey, { split: 'all' });
    assert.ok(runs[1].mse > runs[0].mse + 0.9 * 0.1 ** 2);
    assert.ok(Math.abs(runs[0].chi2PerPixel - 1) < 0.1);
    for (const name of Object.keys(runs[0].mseByClass)) assert.ok(runs[1].mseByClass[name] > runs[0].mseByClass[name]);
  });

  it('refuses an empty split, saying what to do, and data that the run itself refuses', async () => {
    const run = pretendRun(survey, 0);
    const training = selectRows(survey, rowsOfSplit(survey, 'train'));
    await assert.rejects(evaluateRuns([run], training), (error) =>
      said(error, /no objects in its test split.*--split all/),
    );
    const coarse = { ...survey, wavelength: survey.wavelength.slice(1) };
    await assert.rejects(evaluateRuns([run], coarse), (error) => said(error, /runs\/VAE has another grid/));
  });

  it('says whether a run was fitted on this very dataset', async () => {
    const run = pretendRun(survey, 0);
    const named = (checksum: string) => ({ ...survey, manifest: { ...survey.manifest, checksum } });
    const said = async (dataset: typeof survey) => (await evaluateRuns([run], dataset)).runs[0].sameDataset;
    assert.equal(await said(named(run.run.description.dataset.checksum)), true);
    assert.equal(await said(named('another')), false);
    assert.equal(await said(survey), null);
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(evaluateRuns([pretendRun(survey, 0)], survey, { signal }), { name: 'InterruptedError' });
  });
});

function said(error: unknown, words: RegExp): boolean {
  assert.ok(error instanceof UserError);
  assert.match(error.message, words);
  return true;
}
