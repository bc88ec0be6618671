import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../tests/fixtures/analysis/pretend.ts';
import { evaluateRuns } from './evaluate.ts';
import { figureData } from './figure-data.ts';
import { reportData } from './report-data.ts';
import { chooseRepresentatives } from './representatives.ts';
import { SPECTRAL_LINES } from './spectral-lines.ts';
import { chooseWindows } from './windows.ts';

const survey = pretendSurvey(120);
const runs = [pretendRun(survey, 0.02, 'PCA'), pretendRun(survey, 0)];

describe('data for the figures', () => {
  it('hold every run, with the same arrays for all pixels', async () => {
    const data = await figureData(runs, survey, await evaluateRuns(runs, survey));
    assert.deepEqual(data.classes, ['quiescent', 'emission-line', 'broad-line AGN']);
    for (const object of data.reconstructions) {
      assert.deepEqual(
        object.models.map(({ model }) => model),
        ['PCA', 'VAE'],
      );
      for (const array of [object.flux, object.ivar, object.truth, ...object.models.map(({ flux }) => flux)]) {
        assert.equal(array?.length, survey.wavelength.length);
      }
    }
    assert.equal(data.latents[1].position.rows, 120);
    assert.deepEqual(
      data.latents[1].axes.map(({ label }) => label),
      ['VAE 1', 'VAE 2'],
    );
    assert.ok(data.latents[1].axes[0].varianceShare >= data.latents[1].axes[1].varianceShare);
    assert.equal(data.errors.filter(({ objectClass }) => objectClass === null).length, 2);
    assert.equal(data.histories[0].epochs[7].learningRate, 1e-4);
    assert.equal(data.traversals[0].axes[0].spectra.length, 4);
  });

  it('step through the shares of the objects where the latents are the axes, never beyond what was observed', async () => {
    const run = runs[1];
    const description = { ...run.run.description, latentAxes: 'own' as const };
    const decoded: number[][] = [];
    const own: typeof run = {
      ...run,
      run: { ...run.run, description },
      decode: (latents) => {
        decoded.push([...latents.data]);
        return run.decode(latents);
      },
    };
    const evaluation = await evaluateRuns([own], survey);
    decoded.length = 0;
    const { traversals, latents } = await figureData([own], survey, evaluation);
    assert.deepEqual(
      latents[0].axes.map(({ label }) => label),
      ['VAE 1 = z2', 'VAE 2 = z1'],
    );
    assert.deepEqual(
      traversals[0].axes[0].spectra.map(({ quantile }) => quantile),
      [0.02, 0.16, 0.84, 0.98],
    );
    const { mean } = await run.encode(survey.flux, survey.ivar);
    const strengths = mean.data.filter((_, index) => index % 2 === 1);
    const [least, most] = [Math.min(...strengths), Math.max(...strengths)];
    for (const points of decoded) {
      for (const strength of points.filter((_, index) => index % 2 === 1))
        assert.ok(strength >= least && strength <= most);
    }
    assert.ok(decoded.length >= 3);
  });

  it('tell runs of one model and size apart by their folders', async () => {
    const twins = [pretendRun(survey, 0, 'VAE', 'out/wide'), pretendRun(survey, 0.1, 'VAE', 'out/narrow/')];
    const evaluation = await evaluateRuns(twins, survey);
    const data = await figureData(twins, survey, evaluation, { objects: 1 });
    assert.deepEqual(
      data.reconstructions[0].models.map(({ model }) => model),
      ['VAE (wide)', 'VAE (narrow)'],
    );
  });

  it('become a report that names the best run and how far it leads', async () => {
    const evaluation = await evaluateRuns(runs, survey);
    const figures = await figureData(runs, survey, evaluation);
    const report = reportData(runs, survey, evaluation, figures, { title: 'Trial', datasetPath: 'out/trial' });
    assert.match(report.summary[0], /^VAE with 2 latents rebuilds them best: .* below that of PCA/);
    assert.equal(report.scores.length, 2);
    assert.match(
      report.facts.find(({ name }) => name === 'Objects')?.value ?? '',
      /^120 \(48 train, 24 valid, 48 test\)$/,
    );
  });
});

describe('objects for the panels', () => {
  const rows = survey.catalogue.id.map((_, index) => index);

  it('stand for every class, and for high and low S/N of the commonest', () => {
    const chosen = chooseRepresentatives(survey, rows);
    const titles = chosen.map(({ title }) => title);
    assert.deepEqual(titles.slice(0, 3), ['quiescent, high S/N', 'quiescent, low S/N', 'emission-line, strong lines']);
    const [high, low] = chosen.map((object) => survey.catalogue.snr[object.row]);
    assert.ok(high > 2 * low);
    for (const { row: index, title } of chosen) {
      assert.ok(title.toLowerCase().startsWith((survey.catalogue.objectClass[index] ?? 'good').toLowerCase()), title);
    }
  });

  it('are the same each time, and never more than asked for', () => {
    assert.deepEqual(chooseRepresentatives(survey, rows), chooseRepresentatives(survey, rows));
    assert.equal(chooseRepresentatives(survey, rows, 2).length, 2);
    assert.deepEqual(chooseRepresentatives(survey, []), []);
  });
});

describe('windows and lines', () => {
  it('lie on the grid, in order, and where the object was observed', () => {
    const grid = Float64Array.from({ length: 1000 }, (_, p) => 3388 * (8318 / 3388) ** (p / 999));
    const ivar = new Float32Array(1000).fill(1);
    const names = (objectClass: string | null) => chooseWindows(objectClass, grid, ivar, 3).map(({ name }) => name);
    assert.deepEqual(names('quiescent'), ['Ca H, K and the 4000 Å break', 'Na D', 'Hα, [N II] and [S II]']);
    assert.deepEqual(names('emission-line'), ['[O II]', 'Hβ and [O III]', 'Hα, [N II] and [S II]']);
    assert.deepEqual(names('broad-line AGN'), ['[O II]', 'Hβ and [O III]', 'Hα, [N II] and [S II]']);
    ivar.fill(0, 0, 600);
    assert.deepEqual(names('quiescent'), ['Na D', 'Hα, [N II] and [S II]']);
    const quasarGrid = Float64Array.from({ length: 594 }, (_, p) => 1220 * (5000 / 1220) ** (p / 593));
    const seen = new Float32Array(594).fill(1);
    assert.deepEqual(
      chooseWindows('QSO', quasarGrid, seen, 3).map(({ name }) => name),
      ['C IV', 'C III]', 'Mg II'],
    );
    assert.deepEqual(chooseWindows('QSO', Float64Array.of(4000, 5000, 6000), new Float32Array(3).fill(1), 3), []);
  });

  it('rise in wavelength', () => {
    SPECTRAL_LINES.slice(1).forEach((line, index) => {
      assert.ok(line.wavelength > SPECTRAL_LINES[index].wavelength, line.name);
    });
  });
});
