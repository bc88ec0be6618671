import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import { type Matrix, type ProgressReport, UserError } from '../base/index.ts';
import { type Dataset, rowsOfSplit, selectRows } from '../dataset/index.ts';
import { openRun } from '../inference/index.node.ts';
import { loadRun } from '../runs/index.node.ts';
import { fit } from './fit.node.ts';
import type { FitOptions } from './fit-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-fit-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const survey = toySurvey(500, 60);
const quick = { threads: 1, latents: 2, settings: { hidden: '40,16', maxEpochs: 400 } };
const instant = { threads: 1, latents: 2, settings: { hidden: '6', maxEpochs: 1 } };

describe('a fit of a small survey', () => {
  it('rebuilds unseen spectra far better with a VAE of two latents than their mean, and than PCA', async () => {
    const vae = await fit('vae', survey, { ...quick, out: join(folder, 'vae') });
    const pca = await fit('pca', survey, { out: join(folder, 'pca'), threads: 1, latents: 2 });
    const test = selectRows(survey, rowsOfSplit(survey, 'test'));
    const ofVae = await chi2(vae.path, test);
    const ofPca = await chi2(pca.path, test);
    assert.ok(ofVae < 0.1 * chi2OfMean(test), `${ofVae} against ${chi2OfMean(test)}`);
    assert.ok(ofVae < 0.6 * ofPca, `${ofVae} against ${ofPca}`);
    assert.equal(vae.description.latentsInUse.count, 2);
  });

  it('tells what it did in run.json and history.csv', async () => {
    const reports: ProgressReport[] = [];
    const run = await fit('ae', survey, {
      ...instant,
      settings: { ...instant.settings, maxEpochs: 3 },
      out: join(folder, 'told'),
      datasetPath: 'some/dataset',
      seed: 5,
      onProgress: (report) => reports.push(report),
    });
    const { dataset, training, ...description } = run.description;
    assert.deepEqual(dataset.objects, { train: 300, valid: 100, test: 100 });
    assert.equal(dataset.path, 'some/dataset');
    assert.deepEqual([description.model, description.latents, description.seed], ['ae', 2, 5]);
    assert.deepEqual([training.epochs, training.steps, run.history.length], [3, 12, 3]);
    assert.equal(training.validLoss, Math.min(...run.history.map(({ validLoss }) => Number(validLoss))));
    assert.deepEqual(
      [...new Set(reports.map(({ stage }) => stage))],
      ['weighted PCA', 'training ae', 'estimating the scatter'],
    );
    assert.match(reports.findLast(({ stage }) => stage === 'training ae')?.note ?? '', /valid loss/);
    assert.deepEqual(loadRun(run.path), { ...run, path: run.path });
    assert.deepEqual(readdirSync(run.path).sort(), [
      'decoder.onnx',
      'encoder.onnx',
      'history.csv',
      'latents.npz',
      'parameters.npz',
      'run.json',
    ]);
  });

  it('is the same for the same seed and another for another', async () => {
    const parameters = async (name: string, seed: number) =>
      (await fit('vae', survey, { ...instant, seed, out: join(folder, name) })).parameters;
    const first = await parameters('seed-1', 1);
    assert.deepEqual(await parameters('seed-1-again', 1), first);
    assert.notDeepEqual(await parameters('seed-2', 2), first);
  });
});

describe('a fit refuses', () => {
  const refused = async (options: Partial<FitOptions>, words: RegExp, data: Dataset = survey, model = 'vae') => {
    await assert.rejects(
      fit(model, data, { ...instant, out: join(folder, 'refused'), ...options }),
      (error: unknown) => error instanceof UserError && words.test(error.message),
    );
  };

  it('unknown models and settings, and more latents than pixels', async () => {
    await refused({}, /no model "vea".*pca.*vae/, survey, 'vea');
    await refused({ settings: { lamda: '3' } }, /no setting "lamda"/);
    await refused({ latents: 60 }, /latents from 1 to 59/);
    assert.ok(!existsSync(join(folder, 'refused')));
  });

  it('too little data', async () => {
    const few = selectRows(survey, rowsOfSplit(survey, 'train').subarray(0, 8));
    await refused({}, /at least 10 training spectra and the dataset has 8/, few);
    await refused({}, /no validation spectra/, selectRows(survey, rowsOfSplit(survey, 'train')));
  });

  it('a folder that is taken, unless told to resume or to replace it', async () => {
    const out = join(folder, 'taken');
    const run = await fit('vae', survey, { ...instant, out });
    await refused({ out }, /finished run here already.*--overwrite/);
    await refused({ out, resume: true, latents: 3 }, /begun with --latents 2, not 3/);
    await refused({ out, resume: true, seed: 2 }, /begun with --seed 1, not 2/);
    await refused({ out, resume: true, settings: { hidden: '7' } }, /begun with setting hidden \[6\], not \[7\]/);
    await refused({ out, resume: true }, /another dataset/, toySurvey(500, 60, 2));
    await refused({ out, resume: true }, /begun with model "vae", not "ae"/, survey, 'ae');
    assert.deepEqual(await fit('vae', survey, { out, resume: true }), run);
    const replaced = await fit('vae', survey, { ...instant, seed: 2, out, overwrite: true });
    assert.equal(replaced.description.seed, 2);
  });

  it('a folder of something else, even when told to replace it', async () => {
    const out = join(folder, 'precious');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    await refused({ out }, /not a run/);
    await refused({ out, overwrite: true }, /not a run/);
    assert.ok(existsSync(join(out, 'thesis.txt')));
  });

  it('to go on when the loss diverges, and says what to lower', async () => {
    const settings = { ...instant.settings, learningRate: 1e18, maxEpochs: 20 };
    await refused({ out: join(folder, 'diverged'), settings }, /diverged.*learningRate/);
  });
});

async function chi2(path: string, { flux, ivar }: Dataset): Promise<number> {
  const run = await openRun(path, { threads: 1 });
  const { mean } = await run.reconstruct(flux, ivar);
  await run.release();
  return sumOfSquares(flux, ivar, mean.data);
}

function chi2OfMean({ flux, ivar }: Dataset): number {
  const mean = Float32Array.from({ length: flux.columns }, (_, p) => {
    let [total, weight] = [0, 0];
    for (let at = p; at < flux.data.length; at += flux.columns) {
      total += ivar.data[at] * flux.data[at];
      weight += ivar.data[at];
    }
    return total / weight;
  });
  return sumOfSquares(
    flux,
    ivar,
    flux.data.map((_, at) => mean[at % flux.columns]),
  );
}

function sumOfSquares(flux: Matrix, ivar: Matrix, model: Float32Array): number {
  return flux.data.reduce((total, value, at) => total + ivar.data[at] * (value - model[at]) ** 2, 0);
}
