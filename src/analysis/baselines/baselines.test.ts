import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulatedLabels, sklearnAnswers } from '../../../tests/fixtures/analysis/labelled.ts';
import { Random, row } from '../../base/index.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { GaussianProcessEvidence, GaussianProcessPosterior } from './gaussian-process-regression.ts';
import { scatterBeyondNoise } from './held-out-scatter.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { partialLeastSquares, plsCoefficients } from './partial-least-squares.ts';
import { ridge, WeightedMoments } from './ridge.ts';

const sklearn = sklearnAnswers();

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i])),
      `${i}: ${actual[i]} against ${expected[i]}`,
    );
  }
}

describe('scikit-learn’s numbers are found', () => {
  it('by ridge regression with weights, on all scores and on the first few', () => {
    const { train, weight } = sklearn;
    const moments = new WeightedMoments(train.features.scores, train.value, Float64Array.from(weight));
    assert.equal(sklearn.ridge.length, 3);
    for (const { components, penalty, coefficients } of sklearn.ridge) {
      assertClose(moments.ridge(components, penalty), coefficients, 1e-10);
    }
  });

  it('by PLS of every number of components', () => {
    const { train, other, pls } = sklearn;
    const fits = plsCoefficients(train.features.filled, train.value, pls.length);
    assert.equal(fits.length, pls.length + 1);
    for (const { components, predicted } of pls) {
      const { slope, intercept } = fits[components];
      const found = Array.from({ length: sklearn.others }, (_, n) =>
        row(other.features.filled, n).reduce((sum, flux, p) => sum + flux * slope[p], intercept),
      );
      // scikit-learn scales float64 pixels by their float64 moments as we do; the rest is rounding in the deflation.
      assertClose(found, predicted, 1e-7);
    }
  });

  it('by the nearest neighbours, as many as are chosen', () => {
    const { train, other } = sklearn;
    const predictor = nearestNeighbours.fit(train, other, { random: new Random(1) });
    const { components, neighbours } = predictor.chosen;
    const expected = sklearn.neighbours.find(
      (stored) => stored.components === components && stored.neighbours === neighbours,
    );
    assert.ok(expected !== undefined, `${components} components, ${neighbours} neighbours`);
    assertClose(predictor.predict(other.features).mean, expected.predicted, 1e-12);
  });

  it('by the marginal likelihood of a Gaussian process, its gradient and its posterior', () => {
    const { train, other, process } = sklearn;
    const data = { scores: train.features.scores, value: train.value, noise: train.noise };
    const parameters = Float64Array.from(process.parameters);
    const gradient = new Float64Array(parameters.length);
    const cost = new GaussianProcessEvidence(data).evaluate(parameters, gradient);
    assertClose([-cost], [process.evidence], 1e-6);
    assertClose(
      gradient.map((slope) => -slope),
      process.gradient,
      1e-6,
    );
    const { mean, variance } = new GaussianProcessPosterior(data, parameters).predict(other.features.scores);
    assertClose(mean, process.mean, 1e-6);
    assertClose(variance, process.variance, 1e-6);
  });
});

const linear = (scores: Float64Array) => scores[0] - 0.6 * scores[2];
const bent = (scores: Float64Array) => Math.sin(1.5 * scores[0]) + scores[1] ** 2 / 2;
const ALL = [ridge, gaussianProcess, partialLeastSquares, nearestNeighbours];

describe('a baseline', () => {
  for (const baseline of ALL) {
    it(`(${baseline.title}) finds a linear relation, and its intervals cover the true labels`, () => {
      const [train, valid, test] = [400, 600, 1500].map((count, seed) => simulatedLabels(count, seed, linear));
      const { mean, variance } = baseline.fit(train, valid, { random: new Random(1) }).predict(test.features);
      const error = mean.map((value, n) => value - test.truth[n]);
      const rms = Math.sqrt(error.reduce((sum, value) => sum + value ** 2, 0) / error.length);
      // The label scatters by 0.2 about what the scores tell; neighbours in five dimensions also see a slope.
      assert.ok(rms < (baseline === nearestNeighbours ? 0.5 : 0.215), `rms ${rms}`);
      const within = (widths: number) =>
        error.filter((value, n) => Math.abs(value) < widths * Math.sqrt(variance[n])).length / error.length;
      assert.ok(Math.abs(within(1) - 0.683) < 0.05, `68% interval covers ${within(1)}`);
      assert.ok(Math.abs(within(1.96) - 0.95) < 0.025, `95% interval covers ${within(1.96)}`);
    });
  }

  it('that can bend follows a curved relation further than one that cannot', () => {
    const [train, valid, test] = [500, 300, 800].map((count, seed) => simulatedLabels(count, seed + 10, bent));
    const rms = ALL.map((baseline) => {
      const { mean } = baseline.fit(train, valid, { random: new Random(1) }).predict(test.features);
      return Math.sqrt(mean.reduce((sum, value, n) => sum + (value - test.truth[n]) ** 2, 0) / mean.length);
    });
    const [straight, process, partial, near] = rms;
    assert.ok(process < 0.3 && near < 0.7 && straight > 0.75 && partial > 0.75, rms.join(' '));
  });

  it('fits a label that is the same everywhere', () => {
    const [train, valid] = [30, 20].map((count) => {
      const labelled = simulatedLabels(count, 5, () => 0);
      return { ...labelled, value: new Float64Array(count) };
    });
    for (const baseline of ALL) {
      const { mean, variance } = baseline.fit(train, valid, { random: new Random(1) }).predict(valid.features);
      assert.ok(mean.every((value) => Math.abs(value) < 1e-6) && variance.every((value) => value > 0 && value < 0.1));
    }
  });
});

describe('the scatter beyond noise', () => {
  it('is never less than its own standard error', () => {
    // ln L of n residuals of variance σ² + c has the curvature n / 2σ⁴ at c = 0.
    const found = scatterBeyondNoise(new Float64Array(50), new Float64Array(50).fill(0.3));
    assert.ok(Math.abs(found / (0.3 * Math.sqrt(2 / 50)) - 1) < 1e-6);
  });

  it('is what was put in, by itself and as a factor on given shapes', () => {
    const random = new Random(3);
    const [noise, shape] = [new Float64Array(20_000), new Float64Array(20_000)];
    const [plain, shaped] = [new Float64Array(20_000), new Float64Array(20_000)];
    for (let n = 0; n < noise.length; n++) {
      noise[n] = random.uniform(0.1, 0.5);
      shape[n] = random.uniform(0.2, 3);
      plain[n] = random.normal(0, Math.sqrt(noise[n] + 0.4));
      shaped[n] = random.normal(0, Math.sqrt(noise[n] + 0.4 * shape[n]));
    }
    assert.ok(Math.abs(scatterBeyondNoise(plain, noise) / 0.4 - 1) < 0.04);
    assert.ok(Math.abs(scatterBeyondNoise(shaped, noise, shape) / 0.4 - 1) < 0.04);
  });
});
