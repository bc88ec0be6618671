import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import { InterruptedError, type ProgressReport } from '../base/index.ts';
import { saveDataset } from '../dataset/index.node.ts';
import { readCsv } from '../io/index.ts';
import { type CompareOptions, compareModels } from './compare.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-compare-'));
const dataset = join(folder, 'survey');
before(async () => {
  await saveDataset(dataset, toySurvey(80, 16));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const base = {
  models: ['pca', 'vae'],
  latents: [1, 2],
  settings: { vae: { hidden: [12, 6], maxEpochs: 3, batch: 16 } },
  threads: 1,
};
const compared = (name: string, more: Partial<CompareOptions> = {}) =>
  compareModels(dataset, { ...base, out: join(folder, name), ...more });

describe('comparing models', () => {
  it('scores every model at every number of latents, in table, figure and page', async () => {
    const comparison = await compared('first');
    assert.equal(comparison.trained, 4);
    assert.deepEqual(
      comparison.runs.map(({ model, latents }) => [model, latents]),
      [
        ['pca', 1],
        ['pca', 2],
        ['vae', 1],
        ['vae', 2],
      ],
    );
    const table = readCsv(readFileSync(comparison.table), comparison.table);
    assert.deepEqual(
      Array.from(table.columns.mse, Number),
      comparison.runs.map(({ mse }) => mse),
    );
    assert.deepEqual(
      comparison.figures.map(({ file }) => file),
      ['error-by-latents.svg', 'training-history.svg'],
    );
    assert.match(readFileSync(comparison.page, 'utf8'), /Models compared/);
  });

  it('takes finished runs as they are, and fits again what was made otherwise', async () => {
    const out = join(folder, 'first');
    const written = (run: string) => statSync(join(out, 'runs', run, 'parameters.npz')).mtimeMs;
    const old = new Date('2020-01-01');
    for (const run of ['pca-1', 'pca-2', 'vae-1', 'vae-2']) {
      utimesSync(join(out, 'runs', run, 'parameters.npz'), old, old);
    }
    const again = await compared('first');
    assert.deepEqual([again.trained, again.reused], [0, 4]);
    const settings = { vae: { ...base.settings.vae, lambda: 7 } };
    assert.deepEqual([(await compared('first', { settings })).trained, written('pca-1')], [2, old.getTime()]);
    const older = join(out, 'runs', 'pca-1', 'run.json');
    writeFileSync(older, readFileSync(older, 'utf8').replace(/"software": "[^"]*"/, '"software": "0.0.0"'));
    assert.equal((await compared('first', { settings })).trained, 1);
    await saveDataset(dataset, toySurvey(80, 16, 2), { overwrite: true });
    assert.equal((await compared('first', { settings })).trained, 4);
    assert.ok(written('pca-2') > old.getTime());
    await saveDataset(dataset, toySurvey(80, 16), { overwrite: true });
  });

  it('goes on where it was interrupted, to the same scores', async () => {
    const whole = await compared('whole');
    const controller = new AbortController();
    const onProgress = ({ note = '' }: ProgressReport) => {
      if (/^4 of 4.*epoch 2/.test(note)) controller.abort();
    };
    await assert.rejects(compared('pieces', { signal: controller.signal, onProgress }), (error) => {
      assert.ok(error instanceof InterruptedError);
      assert.match(error.message, /3 of 4 models are fitted .* the same command goes on/);
      return true;
    });
    const resumed = await compared('pieces');
    assert.deepEqual([resumed.reused, resumed.trained], [3, 1]);
    assert.deepEqual(
      resumed.runs.map(({ mse }) => mse),
      whole.runs.map(({ mse }) => mse),
    );
  });

  it('tells mistakes before anything is fitted', async () => {
    for (const [more, expected] of [
      [{ models: ['vae', 'som'] }, /no model "som"/],
      [{ latents: [2, 50] }, /50/],
      [{ latents: [2, 2] }, /2 is named twice/],
      [{ settings: { vae: { lamda: 1 } } }, /lambda/],
      [{ settings: { ae: { batch: 1 } } }, /ae, which is not among/],
    ] as const) {
      await assert.rejects(compared('wrong', more), { name: 'UserError', message: expected });
    }
    assert.throws(() => statSync(join(folder, 'wrong')));
  });
});
