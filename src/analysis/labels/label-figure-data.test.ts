import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  LABELS,
  labelledSurvey,
  MEASURED_DEVIATION,
  PREDICTED_DEVIATION,
} from '../../../tests/fixtures/analysis/pretend-labels.ts';
import { type Matrix, Random, row, zeros } from '../../base/index.ts';
import { evaluateRuns } from '../evaluate.ts';
import { figureData } from '../figure-data.ts';
import { decoderRelevance } from './decoder-relevance.ts';
import { type DecodingRun, latentShares } from './latent-shares.ts';
import { partialSpectra } from './partial-spectra.ts';

const { survey, run } = await labelledSurvey();
const evaluation = await evaluateRuns([run], survey);
const data = await figureData([run], survey, evaluation);
const near = (a: number, b: number, tolerance: number) => assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);

describe('figures of a run that predicts labels', () => {
  const [labels] = data.labels;

  it('compare the objects that were measured, with both errors and the scores of the evaluation', () => {
    assert.deepEqual(
      labels.comparisons.map(({ name }) => name),
      LABELS,
    );
    const { catalogue } = survey;
    const test = catalogue.split.flatMap((split, index) => (split === 'test' ? [index] : []));
    const measured = test.filter((index) => catalogue.labels.ivar.data[2 * index] > 0);
    const [tilt] = labels.comparisons;
    assert.equal(tilt.scores.n, measured.length);
    assert.deepEqual(
      [...tilt.measured],
      measured.map((index) => catalogue.labels.value.data[2 * index]),
    );
    near(tilt.measuredDeviation[0], MEASURED_DEVIATION, 1e-6);
    near(tilt.predictedDeviation[0], PREDICTED_DEVIATION, 1e-6);
    const squares = tilt.measured.map((value, n) => (tilt.predicted[n] - value) ** 2);
    near(tilt.scores.rmse, Math.sqrt(squares.reduce((a, b) => a + b) / squares.length), 1e-6);
    assert.equal(tilt.scores.coverage68, evaluation.runs[0].labels.tilt.coverage68);
  });

  it('colour latent space by each label in the latents that carry most of it', () => {
    const [tilt, strength] = labels.spaces;
    assert.deepEqual([tilt.axes[0].latent, strength.axes[0].latent], [1, 2]);
    assert.equal(tilt.value.length, 60);
    assert.equal(strength.position.rows, 80);
    near(tilt.position.data[0], tilt.value[0] / 3, 0.2);
  });

  it('are absent for runs without labels', async () => {
    const bare = { ...run, run: { ...run.run, description: { ...run.run.description, labels: [] } } };
    const without = await figureData([bare], survey, await evaluateRuns([bare], survey));
    assert.deepEqual(without.labels, []);
  });
});

describe('the relevance of latents', () => {
  it('is the inverse lengthscale of each decoder, named by what it decodes', () => {
    const lengthscales = (...values: number[]) => ({
      shape: [values.length],
      data: Float32Array.from(values, Math.log),
    });
    const variance = (value: number) => ({ shape: [], data: Float32Array.of(Math.log(value)) });
    const decoders = decoderRelevance(
      {
        outputScale: lengthscales(1),
        'spectra.0.0.logLengthscale': lengthscales(2, 4),
        'spectra.0.0.logVariance': variance(3),
        'label2.0.0.logLengthscale': lengthscales(1, 10),
        'label2.0.0.logVariance': variance(1),
        'label2.1.0.logLengthscale': lengthscales(2, 10),
        'label2.1.0.logVariance': variance(3),
        'label2.1.1.logLengthscale': lengthscales(2, 10),
      },
      LABELS,
    );
    assert.deepEqual(
      decoders.map(({ name }) => name),
      ['spectra', 'strength'],
    );
    near(decoders[0].inverseLengthscale[1], 0.25, 1e-6);
    // (1·1/1 + 3·(1/4 + 1/4)) / (1 + 3)
    near(decoders[1].inverseLengthscale[0], Math.sqrt(2.5 / 4), 1e-6);
  });

  it('is none for models without lengthscales', () => {
    assert.deepEqual(decoderRelevance({ 'encoder.weight': { shape: [1], data: Float32Array.of(1) } }, LABELS), []);
  });
});

describe('the share of a label that hangs on a latent', () => {
  const latents = zeros(4000, 4);
  new Random(5).fillNormal(latents.data);
  for (let n = 0; n < latents.rows; n++) row(latents, n)[3] = 0.7;
  const decoded = (columns: number, at: (z: Float32Array) => readonly number[]) => async (points: Matrix) => {
    const mean = zeros(points.rows, columns);
    for (let n = 0; n < points.rows; n++) row(mean, n).set(at(row(points, n)));
    return { mean, variance: zeros(points.rows, columns) };
  };
  const pretended: DecodingRun = {
    run: { description: { labels: ['linear', 'bent', 'still', 'unused'] } },
    decodeLabels: decoded(4, ([a, b, c, d]) => [2 * a - b, Math.sin(2 * a) + c, 4, d + b]),
    decode: decoded(2, ([a, b]) => [10 * a, a + b]),
  };

  it('is that of the variance, for a linear decoder, and follows labels that bend', async () => {
    const shares = Object.fromEntries((await latentShares(pretended, latents)).map(({ name, share }) => [name, share]));
    near(shares.linear[0], 4 / 5, 0.04);
    near(shares.linear[1], 1 / 5, 0.04);
    assert.equal(shares.linear[2], 0);
    // Var sin 2z = (1 − e⁻⁸)/2 for standard normal z, where the mean squared slope is four times that.
    near(shares.bent[0], 1 / 3, 0.04);
    near(shares.spectrum[0], (1 + 1 / 2) / 2, 0.04);
  });

  it('is nothing where nothing moves it, and on latents that are the same for all', async () => {
    const shares = await latentShares(pretended, latents);
    assert.deepEqual([...(shares.find(({ name }) => name === 'still')?.share ?? [])], [0, 0, 0, 0]);
    assert.deepEqual([...(shares.find(({ name }) => name === 'unused')?.share ?? [])], [0, 1, 0, 0]);
  });
});

describe('partial spectra', () => {
  const objects = [
    { row: 3, title: 'one' },
    { row: 9, title: 'two' },
  ];

  it('show the run four windows of what was observed and nothing else', async () => {
    const given: Matrix[] = [];
    const partial = await partialSpectra(
      {
        reconstruct: (flux, ivar) => {
          given.push(ivar);
          return run.reconstruct(flux, ivar);
        },
      },
      survey,
      objects,
    );
    assert.deepEqual(
      partial.map(({ title }) => title),
      ['One', 'Two'],
    );
    for (const [n, { windows, wavelength, ivar, hidden }] of partial.entries()) {
      assert.equal(windows.length, 4);
      const shown = row(given[0], n);
      const inside = (pixel: number) =>
        windows.some(({ low, high }) => wavelength[pixel] >= low && wavelength[pixel] <= high);
      shown.forEach((value, pixel) => {
        assert.equal(value, inside(pixel) ? ivar[pixel] : 0);
      });
      const observed = ivar.filter((value) => value > 0).length;
      assert.equal(shown.filter((value) => value > 0).length, 4 * Math.round(0.05 * observed));
      assert.equal(hidden.pixels, observed - 4 * Math.round(0.05 * observed));
      const { flux, predicted, deviation } = partial[n];
      const covered = flux.filter((value, pixel) => {
        const size = 1.959964 * Math.sqrt(1 / ivar[pixel] + deviation[pixel] ** 2);
        return ivar[pixel] > 0 && !inside(pixel) && Math.abs(value - predicted[pixel]) <= size;
      });
      near(hidden.coverage95, covered.length / hidden.pixels, 1e-9);
    }
  });

  it('leave out objects of which hardly anything was observed', async () => {
    const dark = {
      ...survey,
      ivar: { ...survey.ivar, data: survey.ivar.data.map((value, at) => (at % 80 < 40 ? value : 0)) },
    };
    assert.deepEqual(await partialSpectra(run, dark, objects), []);
  });
});
