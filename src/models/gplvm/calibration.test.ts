import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random, zeros } from '../../base/index.ts';
import { bestWidening, halfHidden, type Predictions } from './calibration.ts';

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

/** Standard deviation of ln γ by Fisher's information of variances. */
function errorOfLog(factor: number, { spread, other }: Predictions): number {
  const information = spread.reduce((sum, s, i) => sum + 0.5 * ((factor * s) / (factor * s + other[i])) ** 2, 0);
  return 1 / Math.sqrt(information);
}

describe('the best widening', () => {
  for (const [seed, factor] of [0.5, 1, 2, 7].entries()) {
    it(`recovers a factor of ${factor} within its error`, () => {
      const made = predictions(factor, 2000, seed + 1);
      const miss = Math.log(bestWidening(made) / factor);
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
    assert.ok(Math.abs(bestWidening(together(0)) / bestWidening(narrow) - 1) < 1e-6);
    assert.ok(bestWidening(together(1)) > 1.5 * bestWidening(narrow));
  });

  it('is 1 without data, and stays within bounds when errors are none or enormous', () => {
    assert.equal(bestWidening({ squaredError: [], spread: [], other: [], weight: [] }), 1);
    const made = predictions(1, 50, 3);
    const scaled = (by: number) => bestWidening({ ...made, squaredError: made.squaredError.map((e) => e * by) });
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
