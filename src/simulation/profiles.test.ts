import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BROAD_PROFILE } from './emission.ts';
import { addGaussian, blurAndShift } from './profiles.ts';

describe('line profiles', () => {
  it('are Gaussians by recurrence as by exponential', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -30, max: 330, noNaN: true }),
        fc.double({ min: 0.5, max: 80, noNaN: true }),
        (centre, sigma) => {
          const into = new Float64Array(300);
          addGaussian(into, centre, sigma, 2);
          into.forEach((value, i) => {
            const x = (i - centre) / sigma;
            const expected = Math.abs(x) <= 5 ? 2 * Math.exp(-0.5 * x * x) : 0;
            assert.ok(Math.abs(value - expected) < 1e-5 * 2, `${value} is not ${expected}`);
          });
        },
      ),
    );
  });

  it('have the full width at half maximum that broad lines are asked for', () => {
    const at = (x: number) =>
      BROAD_PROFILE.reduce((sum, { share, sigma }) => sum + (share / sigma) * Math.exp(-0.5 * (x / sigma) ** 2), 0);
    assert.ok(Math.abs(at(0.5) / at(0) - 0.5) < 1e-4);
  });

  it('blur and shift without loss: sum, mean and variance of a line are what was asked', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 6, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (sigma, fraction) => {
          const from = new Float64Array(200);
          addGaussian(from, 100, 2, 1);
          const into = new Float64Array(200);
          blurAndShift(from, 0, fraction, sigma, into);
          const [sum, mean, variance] = moments(into);
          assert.ok(Math.abs(sum / moments(from)[0] - 1) < 1e-9);
          assert.ok(Math.abs(mean - (100 + fraction)) < 1e-3);
          assert.ok(Math.abs(variance / (sigma * sigma + 4) - 1) < 5e-3);
        },
      ),
    );
  });
});

function moments(values: Float64Array): [number, number, number] {
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = values.reduce((total, value, i) => total + value * i, 0) / sum;
  return [sum, mean, values.reduce((total, value, i) => total + value * (i - mean) ** 2, 0) / sum];
}
