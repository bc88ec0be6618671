import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { logGrid, pixelEdges } from '../../spectra/index.ts';
import type { FitProblem } from './fit-problem.ts';
import { addLine } from './profile.ts';
import { LineFitter } from './variable-projection.ts';

const edges = pixelEdges(logGrid(6440, 6700, 46));
const pixels = edges.length - 1;
const wide = { mean: 0, deviation: 1e4 };
const TRUTH = { level: 2, slope: 0.1, flux: 30, second: 12, velocity: 60, sigma: 180 };

/** Two lines with one velocity and width on a slope, with noise of standard deviation `noise`. */
function problem(noise: number, random: Random): FitProblem {
  const flux = new Float64Array(pixels);
  const { velocity, sigma } = TRUTH;
  addLine(edges, { wavelength: 6564.6, velocity, sigma }, TRUTH.flux, flux);
  addLine(edges, { wavelength: 6585.3, velocity, sigma }, TRUTH.second, flux);
  const place = Float64Array.from(flux, (_, j) => (2 * j) / (pixels - 1) - 1);
  for (let j = 0; j < pixels; j++) flux[j] += TRUTH.level + TRUTH.slope * place[j] + noise * random.normal();
  return {
    pixels: { edges, flux, ivar: new Float64Array(pixels).fill(1 / noise ** 2) },
    continuum: [new Float64Array(pixels).fill(1), place],
    lines: [6564.6, 6585.3].map((wavelength) => ({
      group: 0,
      sigmaFactor: 1,
      parts: [{ wavelength, share: 1 }],
    })),
    groups: [{ velocity: wide, logSigma: { mean: Math.log(300), deviation: 10 }, range: [3, 8] }],
  };
}

const truth = [TRUTH.level, TRUTH.slope, TRUTH.flux, TRUTH.second, TRUTH.velocity, Math.log(TRUTH.sigma)];

describe('variable projection', () => {
  it('finds lines exactly where there is no noise, from a start that is far off', () => {
    const fit = new LineFitter().fit(problem(1e-6, new Random(1)));
    assert.ok(fit?.converged);
    const found = [...fit.linear, fit.velocity[0], fit.logSigma[0]];
    found.forEach((value, k) => {
      assert.ok(Math.abs(value - truth[k]) < 1e-4 * Math.abs(truth[k]) + 1e-4, `${k}: ${value}`);
    });
  });

  it('scatters over noise as its covariance says, and its χ² as its degrees of freedom', () => {
    const random = new Random(2);
    const fitter = new LineFitter();
    const trials = 500;
    const [squares, sums] = [new Float64Array(6), new Float64Array(6)];
    let chi2 = 0;
    for (let t = 0; t < trials; t++) {
      const fit = fitter.fit(problem(0.15, random));
      assert.ok(fit !== null);
      const found = [...fit.linear, fit.velocity[0], fit.logSigma[0]];
      found.forEach((value, k) => {
        const pull = (value - truth[k]) / Math.sqrt(fit.covariance[k * (fit.size + 1)]);
        squares[k] += pull * pull;
        sums[k] += pull;
      });
      chi2 += fit.chi2 / fit.degrees;
    }
    for (let k = 0; k < 6; k++) {
      // Three standard errors of the mean and of the variance of 500 standard normals.
      assert.ok(Math.abs(sums[k] / trials) < 0.14, `bias of ${k}: ${sums[k] / trials}`);
      assert.ok(Math.abs(squares[k] / trials - 1) < 0.19, `variance of ${k}: ${squares[k] / trials}`);
    }
    assert.ok(Math.abs(chi2 / trials - 1) < 0.03);
  });

  it('keeps to the prior where no line stands out', () => {
    const noisy = problem(30, new Random(3));
    const fit = new LineFitter().fit({ ...noisy, searchFrom: 4 });
    assert.equal(fit?.velocity[0], 0);
    assert.ok(Math.abs((fit?.logSigma[0] ?? 0) - Math.log(300)) < 1e-12);
  });

  it('carries the errors of the continuum to the lines', () => {
    const clean = problem(0.1, new Random(4));
    const bump = new Float64Array(pixels);
    addLine(edges, { wavelength: 6564.6, velocity: TRUTH.velocity, sigma: TRUTH.sigma }, 1, bump);
    // A continuum that may hold a line of 1 ± 5 flux units just there.
    const errors = { shapes: [bump], covariance: Float64Array.of(25) };
    const [without, with5] = [new LineFitter().fit(clean), new LineFitter().fit({ ...clean, errors })];
    assert.ok(without !== null && with5 !== null);
    const variance = (fit: typeof without) => fit.covariance[2 * (fit.size + 1)];
    assert.ok(Math.abs(variance(with5) - variance(without) - 25) < 0.5);
  });
});
