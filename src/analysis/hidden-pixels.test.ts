import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Matrix, Random, zeros } from '../base/index.ts';
import { scoreHiddenPixels } from './hidden-pixels.ts';

const filled = (rows: number, columns: number, value: number): Matrix => {
  const matrix = zeros(rows, columns);
  matrix.data.fill(value);
  return matrix;
};

describe('the score of hidden pixels', () => {
  it('is that of honest predictions where they are honest, and looks at no pixel that was shown', () => {
    const random = new Random(2);
    const [rows, columns] = [400, 50];
    const [truth, flux, shown] = [zeros(rows, columns), zeros(rows, columns), zeros(rows, columns)];
    for (let at = 0; at < truth.data.length; at++) {
      const isShown = at % 5 === 0;
      truth.data[at] = 3 + 0.5 * random.normal() + (isShown ? 100 : 0);
      flux.data[at] = truth.data[at] + 0.2 * random.normal();
      shown.data[at] = isShown ? 25 : 0;
    }
    const predicted = { mean: filled(rows, columns, 3), variance: filled(rows, columns, 0.25) };
    const score = scoreHiddenPixels({ flux, ivar: filled(rows, columns, 25), truth }, shown, predicted);
    assert.ok(score !== null);
    assert.equal(score.pixels, 16_000);
    assert.ok(Math.abs(score.predictiveChi2PerPixel - 1) < 0.05);
    const { coverage68, coverage95, coverageTruth68 = 0, coverageTruth95 = 0 } = score;
    for (const share of [coverage68, coverageTruth68]) assert.ok(Math.abs(share - 0.68) < 0.015, `${share}`);
    for (const share of [coverage95, coverageTruth95]) assert.ok(Math.abs(share - 0.95) < 0.008, `${share}`);
  });

  it('is none where nothing was hidden or nothing is known of what was', () => {
    const all = filled(2, 3, 1);
    const predicted = { mean: all, variance: all };
    assert.equal(scoreHiddenPixels({ flux: all, ivar: all, truth: all }, all, predicted), null);
    assert.equal(scoreHiddenPixels({ flux: all, ivar: zeros(2, 3), truth: null }, null, predicted), null);
  });
});
