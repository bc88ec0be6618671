import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random, zeros } from '../../base/index.ts';
import { coveringWidening, halfHidden, type Predictions } from './calibration.ts';

/** Errors that scatter by `factor` times the spread stated, beside other noise that is stated right. */
function predictions(factor: number, count: number, seed: number): Predictions {
  const random = new Random(seed);
  const made: Predictions = { squaredError: [], spread: [], other: [], weight: [] };
  for (let i = 0; i < count; i++) {
    const [spread, other] = [Math.exp(random.normal()), 0.5 * random.uniform()];
    made.spread.push(spread);
    made.other.push(other);
    made.squaredError.push((factor * spread + other) * random.normal() ** 2);
    made.weight.push(1);
  }
  return made;
}

/**
 * Standard deviation of ln γ: of the weighted count, whose terms vary by p (1 − p), over how fast it grows with ln γ, by
 * half the spread's share times the Gaussian's density at one standard deviation, both sides.
 */
function errorOfLog(factor: number, { spread, other }: Predictions): number {
  const [p, density] = [0.6827, Math.exp(-0.5) / Math.sqrt(2 * Math.PI)];
  const squares = spread.reduce((sum, s, i) => sum + ((factor * s) / (factor * s + other[i])) ** 2, 0);
  return Math.sqrt(p * (1 - p) * squares) / (density * squares);
}

describe('the widening that covers', () => {
  for (const [seed, factor] of [0.5, 1, 2, 7].entries()) {
    it(`recovers a factor of ${factor} within its error`, () => {
      const made = predictions(factor, 2000, seed + 1);
      const miss = Math.log(coveringWidening(made) / factor);
      assert.ok(Math.abs(miss) < 3 * errorOfLog(factor, made), `${miss} against ${errorOfLog(factor, made)}`);
    });
  }

  it('counts predictions by their weight', () => {
    const [narrow, wide] = [predictions(0.5, 2000, 1), predictions(4, 2000, 2)];
    const together = (ofWide: number): Predictions => ({
      squaredError: [...narrow.squaredError, ...wide.squaredError],
      spread: [...narrow.spread, ...wide.spread],
      other: [...narrow.other, ...wide.other],
      weight: [...narrow.weight, ...wide.weight.map(() => ofWide)],
    });
    assert.ok(Math.abs(coveringWidening(together(0)) / coveringWidening(narrow) - 1) < 1e-6);
    assert.ok(coveringWidening(together(1)) > 1.5 * coveringWidening(narrow));
  });

  it('hardly heeds a few enormous errors', () => {
    const made = predictions(2, 2000, 5);
    const faulty = { ...made, squaredError: made.squaredError.map((error, i) => (i % 100 === 0 ? 1e8 : error)) };
    assert.ok(Math.abs(Math.log(coveringWidening(faulty) / coveringWidening(made))) < 0.05);
  });

  it('is 1 without data, and stays within bounds when errors are none or enormous', () => {
    assert.equal(coveringWidening({ squaredError: [], spread: [], other: [], weight: [] }), 1);
    const made = predictions(1, 50, 3);
    const scaled = (by: number) => coveringWidening({ ...made, squaredError: made.squaredError.map((e) => e * by) });
    assert.ok(Math.abs(scaled(0) - 0.25) < 1e-3 && Math.abs(scaled(1e6) - 16) < 0.02);
  });
});

describe('hiding half of the pixels', () => {
  it('hides the first half of the observed ones of every other object, of the rest the second', () => {
    const ivar = zeros(3, 6);
    ivar.data.set([1, 2, 0, 3, 4, 0, 0, 5, 6, 7, 0, 8, 0, 0, 0, 0, 0, 9]);
    const shown = halfHidden(ivar);
    assert.deepEqual([...shown.data], [0, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    assert.equal(ivar.data[0], 1);
  });
});
