import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { readNpz } from '../../src/io/index.ts';
import { emptyFolder, lightfold, lightfoldJson, started } from './command-line.ts';

const folder = emptyFolder();
const path = (name: string): string => join(folder, name);
const SMALL = ['--set', 'hidden=24,12', 'maxEpochs=6'];

describe('the commands, one after the other on a small simulated survey', () => {
  before(async () => {
    const simulated = await lightfoldJson(
      ...['simulate', 'galaxies', '--n', '160', '--seed', '5', '--grid', '3600:7000:120'],
      ...['--out', path('galaxies'), '--fits', path('files')],
    );
    assert.equal(simulated.objects, 160);
    assert.equal(simulated.pixels, 120);
    await lightfoldJson('train', 'pca', path('galaxies'), '--latents', '3', '--out', path('pca'));
    await lightfoldJson('train', 'vae', path('galaxies'), '--latents', '3', '--out', path('vae'), ...SMALL);
  });

  it('read the survey files that were written back into the same spectra', async () => {
    const imported = await lightfoldJson(
      ...['import', path('files'), '--grid', '3600:7000:120', '--normalise', 'flux', '--out', path('imported')],
    );
    assert.equal(imported.objects, 160);
    assert.deepEqual(imported.skipped, []);
    const again = await lightfoldJson('evaluate', path('pca'), path('imported'), '--split', 'all');
    const first = await lightfoldJson('evaluate', path('pca'), path('galaxies'), '--split', 'all');
    const mse = (evaluation: Record<string, unknown>): number => Number((evaluation.runs as { mse: number }[])[0].mse);
    assert.ok(Math.abs(mse(again) / mse(first) - 1) < 1e-3);
  });

  it('score runs with the fields that scripts depend on', async () => {
    const { runs } = await lightfoldJson('evaluate', path('vae'), path('pca'), path('galaxies'));
    assert.ok(Array.isArray(runs) && runs.length === 2);
    for (const run of runs) {
      for (const field of ['mse', 'chi2PerPixel', 'maeFlux', 'coverage68', 'coverage95']) {
        assert.ok(Number.isFinite(run[field]) && run[field] > 0, `${run.model} ${field} = ${run[field]}`);
      }
      assert.ok(Object.keys(run.mseByClass).length > 1);
    }
  });

  it('compare models, at first by fitting them and then by taking what is there', async () => {
    const words = ['compare', path('galaxies'), '--models', 'pca,vae', '--latents', '2,3', '--out', path('compared')];
    const settings = ['--set', 'vae.hidden=24,12', 'vae.maxEpochs=3'];
    const first = await lightfoldJson(...words, ...settings);
    assert.ok(Array.isArray(first.runs) && first.runs.length === 4);
    assert.deepEqual([first.trained, first.reused, first.split], [4, 0, 'test']);
    assert.deepEqual(first.settings, { pca: { method: 'classical' }, vae: { hidden: '24,12', maxEpochs: '3' } });
    const again = await lightfoldJson(...words, ...settings, '--split', 'valid');
    assert.deepEqual([again.trained, again.reused, again.split], [0, 4, 'valid']);
    assert.ok(existsSync(path('compared/comparison.csv')) && existsSync(path('compared/index.html')));
  });

  it('follow a track through latent space and place other spectra in it', async () => {
    const track = await lightfoldJson(
      ...['tracks', path('vae'), path('galaxies'), '--along', '1-0.5*2', '--bins', '3', '--name', 'S'],
      ...['--out', path('track.npz')],
    );
    assert.ok(Array.isArray(track.points) && track.points.length > 0 && track.points[0].name === 'S1');
    assert.equal(track.figure, path('track.svg'));
    assert.ok(readNpz(readFileSync(path('track.npz')), 'track.npz').has('flux_sd'));
    const projected = await lightfoldJson(
      ...['project', path('vae'), path('galaxies'), '--of', path('galaxies'), '--out', path('projected.csv')],
    );
    assert.equal(projected.objects, 160);
    const refused = await lightfold(
      'tracks',
      path('vae'),
      path('galaxies'),
      '--class',
      'LINER',
      '--out',
      path('no.npz'),
    );
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /LINER/);
    assert.ok(!existsSync(path('no.npz')));
  });

  it('predict labels from spectra and score them', async () => {
    const settings = ['--set', 'labels=true', 'hidden=24,12', 'maxEpochs=3'];
    await lightfoldJson('train', 'vae', path('galaxies'), '--latents', '3', '--out', path('labelled'), ...settings);
    const table = path('predicted.csv');
    const predicted = await lightfoldJson(
      'predict',
      path('labelled'),
      path('galaxies'),
      '--to',
      'labels',
      '--out',
      table,
    );
    assert.ok(Array.isArray(predicted.labels) && predicted.labels.includes('metallicity'));
    assert.match(readFileSync(table, 'utf8'), /^id,.*metallicity,metallicity_sd/);
    const { runs } = await lightfoldJson('evaluate', path('labelled'), path('galaxies'));
    const { metallicity } = (runs as { labels: Record<string, Record<string, number>> }[])[0].labels;
    for (const field of ['rmse', 'mae', 'nlpd', 'coverage68', 'coverage95', 'n']) {
      assert.ok(Number.isFinite(metallicity[field]), field);
    }
    const refused = await lightfold('predict', path('vae'), path('galaxies'), '--out', path('none.csv'));
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /predicts no labels/);
  });

  it('write latents as a table in every format', async () => {
    for (const extension of ['csv', 'parquet', 'arrow', 'npz', 'fits']) {
      const out = path(`latents.${extension}`);
      const written = await lightfoldJson('encode', path('vae'), path('galaxies'), '--out', out);
      assert.deepEqual(written.columns, ['id', 'z1', 'z2', 'z3', 'sd1', 'sd2', 'sd3']);
      assert.ok(existsSync(out));
    }
    const lines = readFileSync(path('latents.csv'), 'utf8').trim().split('\n');
    assert.equal(lines.length, 161);
    assert.ok(
      lines[1]
        .split(',')
        .slice(1)
        .every((cell) => Number.isFinite(Number(cell))),
    );
  });

  it('measure how latents answer to noise, as a table and a figure', async () => {
    const asked = ['--count', '2', '--snr', '5:50:3', '--realisations', '10', '--out', path('noise.csv')];
    const { objects, snr, latents, figure } = await lightfoldJson('noise', path('vae'), path('galaxies'), ...asked);
    assert.deepEqual([objects, snr], [2, [5, 15.8114, 50]]);
    assert.ok(Array.isArray(latents) && latents.length === 3 && latents[0].varianceRatio.length === 3);
    assert.equal(figure, path('noise.svg'));
    assert.ok(readFileSync(path('noise.svg'), 'utf8').startsWith('<svg'));
    assert.equal(readFileSync(path('noise.csv'), 'utf8').trim().split('\n').length, 1 + 2 * 3 * 3);
  });

  it('write reconstructions with their standard deviations', async () => {
    await lightfoldJson('reconstruct', path('vae'), path('galaxies'), '--out', path('rebuilt.npz'));
    const arrays = readNpz(readFileSync(path('rebuilt.npz')), 'rebuilt.npz');
    assert.deepEqual(arrays.get('flux')?.shape, [160, 120]);
    assert.deepEqual(arrays.get('flux_sd')?.shape, [160, 120]);
    assert.deepEqual(arrays.get('wave')?.shape, [120]);
  });

  it('measure redshifts of survey files', async () => {
    const files = readdirSync(path('files')).slice(0, 12);
    const { redshifts, skipped } = await lightfoldJson(
      ...['redshift', path('pca'), ...files.map((name) => join(path('files'), name)), '--zmax', '0.4'],
      ...['--out', path('redshifts.csv'), '--figures', path('redshifts')],
    );
    assert.ok(Array.isArray(redshifts));
    assert.deepEqual(skipped, []);
    const right = redshifts.filter(
      ({ z, surveyRedshift }) => Math.abs(z - surveyRedshift) < 0.003 * (1 + surveyRedshift),
    );
    assert.ok(right.length >= 10, `${right.length} of 12`);
    assert.equal(readFileSync(path('redshifts.csv'), 'utf8').trim().split('\n').length, 13);
    assert.equal(readdirSync(path('redshifts')).length, 12);
  });

  it('draw every figure', async () => {
    for (const format of ['svg', 'png', 'pdf']) {
      const out = path(`figures-${format}`);
      const { figures } = await lightfoldJson(
        ...['figures', path('vae'), path('pca'), path('galaxies'), '--out', out, '--format', format],
      );
      assert.ok(Array.isArray(figures) && figures.length >= 6);
      assert.equal(readdirSync(out).length, figures.length);
    }
  });

  it('export ONNX files with an example beside them', async () => {
    const { files } = await lightfoldJson('export', path('vae'), '--onnx', path('onnx'));
    assert.deepEqual(files, ['encoder.onnx', 'decoder.onnx', 'wavelength.npy', 'example.py']);
    await lightfoldJson('export', path('pca'), '--onnx', path('onnx'), '--overwrite');
    const { code, stderr } = await lightfold('export', path('pca'), '--onnx', path('vae'), '--overwrite');
    assert.equal(code, 2);
    assert.match(stderr, /it holds something that is not an export/);
    assert.ok(existsSync(join(path('vae'), 'run.json')), 'a run is not an export to be overwritten');
  });

  it('describe datasets, runs and files', async () => {
    const dataset = await lightfoldJson('info', path('galaxies'));
    const run = await lightfoldJson('info', path('vae'));
    assert.deepEqual([dataset.kind, run.kind], ['dataset', 'run']);
    assert.equal(Object(run.dataset).checksum, dataset.checksum, 'a run names its dataset as info does');
    const [file] = readdirSync(path('files'));
    const described = await lightfoldJson('info', join(path('files'), file));
    assert.equal(described.kind, 'fits');
    assert.equal(described.spectra, 1);
  });

  it('resume after a kill to the same weights', async () => {
    const words = ['train', 'vae', path('galaxies'), '--latents', '2', ...SMALL, '--seed', '9', '--threads', '1'];
    await lightfoldJson(...words, '--out', path('whole'));
    const { kill, finished } = started([...words, '--out', path('killed')]);
    const killWhenBegun = setInterval(() => {
      if (existsSync(path('killed')) && readdirSync(path('killed')).length > 0) kill('SIGKILL');
    }, 5);
    await finished;
    clearInterval(killWhenBegun);
    await lightfoldJson(...words, '--out', path('killed'), '--resume');
    for (const name of ['encoder.onnx', 'decoder.onnx']) {
      const bytes = (run: string): Buffer => readFileSync(join(path(run), name));
      assert.ok(bytes('whole').equals(bytes('killed')), `${name} differs`);
    }
  });
});

describe('mistakes end in one sentence and exit code 2', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown command', ['tarin'], /tarin/],
    ['an unknown model', ['train', 'pcaa', path('galaxies'), '--out', path('x')], /pca, /],
    ['an unknown setting', ['train', 'vae', path('galaxies'), '--out', path('x'), '--set', 'lamda=3'], /lambda/],
    ['a dataset that is not there', ['train', 'pca', path('nowhere'), '--out', path('x')], /nowhere/],
    ['too many latents', ['train', 'pca', path('galaxies'), '--latents', '5000', '--out', path('x')], /latents/],
    ['a run that is already there', ['train', 'pca', path('galaxies'), '--out', path('pca')], /--resume|--overwrite/],
    ['a dataset in the place of a run', ['evaluate', path('galaxies'), path('galaxies')], /galaxies/],
    ['no dataset at the end', ['evaluate', path('pca'), path('vae')], /dataset/],
    [
      'an unknown figure format',
      ['figures', path('pca'), path('galaxies'), '--out', path('f'), '--format', 'gif'],
      /svg/,
    ],
    ['a table of an unknown kind', ['encode', path('pca'), path('galaxies'), '--out', path('z.xyz')], /\.csv/],
    ['a redshift that is none', ['redshift', path('pca'), path('files'), '--zmax', 'far'], /--zmax/],
    ['a redshift of no file', ['redshift', path('pca'), path('nowhere.fits')], /nowhere\.fits/],
    [
      'the redshifts of a dataset',
      ['redshift', path('pca'), path('galaxies')],
      /galaxies is a dataset.*at rest already: give the survey files/,
    ],
    ['a grid that is no grid', ['import', path('files'), '--grid', '1:2', '--out', path('x')], /LO:HI:N/],
    ['nothing to import', ['import', path('empty'), '--out', path('x')], /empty/],
    ['a number that is none', ['simulate', 'galaxies', '--n', 'ten', '--out', path('x')], /--n takes .* not ten/],
    [
      'an option that is none',
      ['train', 'pca', path('galaxies'), '--ou', path('x')],
      /^lightfold: .*lightfold train --help\n$/,
    ],
    ['a name that is empty', ['train', 'pca', path('galaxies'), '--out', ''], /--out takes the name of a folder/],
    ['a file where a run is to be', ['train', 'pca', path('galaxies'), '--out', path('broken.fits')], /it is a file/],
    [
      'a folder where a table is to be',
      ['encode', path('pca'), path('galaxies'), '--out', path('empty')],
      /is a folder/,
    ],
    ['a dataset that is already there', ['import', path('files'), '--out', path('galaxies')], /--overwrite/],
    [
      'settings that are no JSON',
      ['train', 'vae', path('galaxies'), '--config', path('broken.fits'), '--out', path('x')],
      /JSON/,
    ],
    ['a kind that is not simulated', ['simulate', 'stars', '--out', path('x')], /galaxies or quasars/],
    ['a seed that is none', ['simulate', 'galaxies', '--seed', 'x', '--out', path('x')], /--seed/],
  ];
  for (const [what, words, expected] of cases) {
    it(what, async () => {
      mkdirSync(path('empty'), { recursive: true });
      writeFileSync(path('broken.fits'), 'SIMPLE  = no');
      const { code, stdout, stderr } = await lightfold(...words);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.ok(!existsSync(path('x')), 'nothing may be written');
    });
  }
});
