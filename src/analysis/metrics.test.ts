import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Matrix, Random, zeros } from '../base/index.ts';
import { metricsOf, reconstructionMetrics } from './metrics.ts';
import { addSpectra, noPixels } from './pixel-sums.ts';

function matrix(rows: number, columns: number, value: (index: number) => number): Matrix {
  const result = zeros(rows, columns);
  for (let i = 0; i < result.data.length; i++) result.data[i] = value(i);
  return result;
}

/** N × P spectra with gaps, and a reconstruction whose stated variance is `honesty` times its true one. */
function survey(seed: number, rows: number, columns: number, honesty = 1) {
  const random = new Random(seed);
  const truth = matrix(rows, columns, () => random.normal(1, 0.3));
  const ivar = matrix(rows, columns, () => (random.uniform() < 0.2 ? 0 : random.uniform(20, 900)));
  const flux = matrix(rows, columns, (i) =>
    ivar.data[i] > 0 ? truth.data[i] + random.normal() / Math.sqrt(ivar.data[i]) : 0,
  );
  const mean = matrix(rows, columns, (i) => truth.data[i] + 0.05 * random.normal());
  const variance = matrix(rows, columns, () => honesty * 0.05 ** 2);
  return { observed: { flux, ivar, truth }, rebuilt: { mean, variance } };
}

describe('scores of a reconstruction', () => {
  it('are those of three pixels worked out by hand', () => {
    // Two observed pixels, one not. S/N of the first is 2·√400 = 40; its floor is (2/50)² = 0.0016 → w = 1/(0.0025+0.0016).
    const flux = { rows: 1, columns: 3, data: Float32Array.of(2, 1, 99) };
    const ivar = { rows: 1, columns: 3, data: Float32Array.of(400, 4, 0) };
    const mean = { rows: 1, columns: 3, data: Float32Array.of(2.1, 0, 0) };
    const variance = { rows: 1, columns: 3, data: Float32Array.of(0, 1, 0) };
    const scores = reconstructionMetrics({ flux, ivar, truth: null }, { mean, variance });
    const [w1, w2] = [1 / (1 / 400 + 0.0016), 1 / (1 / 4 + 1 / 2500)];
    const close = (actual: number, expected: number) => assert.ok(Math.abs(actual / expected - 1) < 1e-5);
    close(scores.mse, (w1 * 0.01 + w2 * 1) / (w1 + w2));
    close(scores.chi2PerPixel, (400 * 0.01 + 4 * 1) / 2);
    close(scores.maeFlux, (0.1 + 1) / 2);
    assert.equal(scores.coverage68, 0.5); // 0.1 is two sigma of 0.05; 1 is 0.89 sigma of √1.25
    assert.equal(scores.coverage95, 0.5); // 2 > 1.96
    assert.equal(scores.pixels, 2);
    assert.equal(scores.coverageTruth68, undefined);
  });

  it('cover 68% and 95% of observed and of true fluxes when the stated variance is the true one', () => {
    const { observed, rebuilt } = survey(1, 200, 300);
    const scores = reconstructionMetrics(observed, rebuilt);
    const near = (actual: number | undefined, expected: number) =>
      assert.ok(actual !== undefined && Math.abs(actual - expected) < 0.006, `${actual} is not near ${expected}`);
    near(scores.coverage68, 0.68);
    near(scores.coverage95, 0.95);
    near(scores.coverageTruth68, 0.68);
    near(scores.coverageTruth95, 0.95);
  });

  it('tell coverage of the truth in observed pixels from that in the others, where there are any', () => {
    const { observed, rebuilt } = survey(6, 100, 200);
    const sure = matrix(100, 200, (i) => (observed.ivar.data[i] > 0 ? 1 : 0.25) * rebuilt.variance.data[i]);
    const scores = reconstructionMetrics(observed, { mean: rebuilt.mean, variance: sure });
    const near = (actual: number | undefined, expected: number) =>
      assert.ok(actual !== undefined && Math.abs(actual - expected) < 0.02, `${actual} is not near ${expected}`);
    near(scores.coverageTruthObserved68, 0.68);
    near(scores.coverageTruthObserved95, 0.95);
    near(scores.coverageTruthUnobserved68, 0.381);
    near(scores.coverageTruthUnobserved95, 0.673);
    assert.equal(scores.coverageTruth68, scores.coverageTruthObserved68);
    const everywhere = matrix(100, 200, () => 100);
    const { coverageTruthUnobserved68 } = reconstructionMetrics({ ...observed, ivar: everywhere }, rebuilt);
    assert.equal(coverageTruthUnobserved68, undefined);
  });

  it('show overconfidence as too small a coverage of the truth', () => {
    const { observed, rebuilt } = survey(2, 50, 200, 0.25);
    const { coverageTruth68, coverageTruth95 } = reconstructionMetrics(observed, rebuilt);
    assert.ok(coverageTruth68 !== undefined && Math.abs(coverageTruth68 - 0.381) < 0.02);
    assert.ok(coverageTruth95 !== undefined && Math.abs(coverageTruth95 - 0.673) < 0.02);
  });

  it('keep chi2 and coverage, and scale the error, when flux is given in other units', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (seed, unit) => {
        const { observed, rebuilt } = survey(seed, 4, 40);
        const scaled = (m: Matrix, by: number) => matrix(m.rows, m.columns, (i) => m.data[i] * by);
        const before = reconstructionMetrics(observed, rebuilt);
        const after = reconstructionMetrics(
          { flux: scaled(observed.flux, unit), ivar: scaled(observed.ivar, unit ** -2), truth: null },
          { mean: scaled(rebuilt.mean, unit), variance: scaled(rebuilt.variance, unit ** 2) },
        );
        const same = (a: number, b: number) => assert.ok(Math.abs(a - b) <= 1e-3 * Math.abs(b), `${a} is not ${b}`);
        same(after.mse, before.mse * unit ** 2);
        same(after.maeFlux, before.maeFlux * unit);
        same(after.chi2PerPixel, before.chi2PerPixel);
        assert.ok(Math.abs(after.coverage68 - before.coverage68) <= 0.03);
      }),
      { numRuns: 30 },
    );
  });

  it('do not depend on the flux of pixels that were not observed', () => {
    const { observed, rebuilt } = survey(3, 10, 50);
    const junk = matrix(10, 50, (i) => (observed.ivar.data[i] > 0 ? observed.flux.data[i] : 1e6));
    assert.deepEqual(
      reconstructionMetrics({ ...observed, flux: junk }, rebuilt),
      reconstructionMetrics(observed, rebuilt),
    );
  });

  it('come out the same chunk by chunk', () => {
    const { observed, rebuilt } = survey(4, 9, 30);
    const chunk = (m: Matrix, from: number, to: number): Matrix => ({
      rows: to - from,
      columns: m.columns,
      data: m.data.subarray(from * m.columns, to * m.columns),
    });
    const sums = noPixels();
    for (const [from, to] of [
      [0, 4],
      [4, 5],
      [5, 9],
    ]) {
      const part = (m: Matrix) => chunk(m, from, to);
      const { flux, ivar, truth } = observed;
      const mean = part(rebuilt.mean);
      const variance = part(rebuilt.variance);
      addSpectra({ flux: part(flux), ivar: part(ivar), truth: part(truth) }, { mean, variance }, () => [sums]);
    }
    const whole = reconstructionMetrics(observed, rebuilt);
    const parts = metricsOf(sums);
    for (const key of Object.keys(whole) as (keyof typeof whole)[]) {
      assert.ok(Math.abs((parts[key] ?? 0) - (whole[key] ?? 0)) < 1e-9);
    }
  });
});
