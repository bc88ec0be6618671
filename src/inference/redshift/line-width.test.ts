import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { featureWidth } from './line-width.ts';

const PIXELS = 400;
const continuum = Float64Array.from({ length: PIXELS }, (_, i) => 2 + i / PIXELS);
const weight = new Float64Array(PIXELS).fill(3);

function width(model: Float64Array, weights = weight): number {
  const whole = { first: 0, step: 1, pixels: PIXELS, offset: 0, scale: 1 };
  const none = new Float64Array(PIXELS + 1);
  return featureWidth(
    {
      ...whole,
      flux: model,
      ivar: weights,
      weight: weights,
      continuum,
      outsideCost: none,
      energy: none,
      observed: none,
    },
    model,
  );
}

function lines(sigma: number): Float64Array {
  const line = (i: number, centre: number) => Math.exp(-0.5 * ((i - centre) / sigma) ** 2);
  return continuum.map((value, i) => value + 3 * line(i, 120) - line(i, 290));
}

describe('the width of the features that tell a redshift', () => {
  it('is √2 standard deviations of Gaussian lines', () => {
    for (const sigma of [5, 10, 15]) {
      const ratio = width(lines(sigma)) / (Math.SQRT2 * sigma);
      assert.ok(Math.abs(ratio - 1) < 0.02, `${ratio} for ${sigma}`);
    }
  });

  it('does not count what is out of reach or not observed', () => {
    const model = lines(8).map((value, i) => (i > 200 ? Number.NaN : value));
    const observed = weight.map((value, i) => (i < 40 ? 0 : value));
    assert.ok(Math.abs(width(model, observed) / (Math.SQRT2 * 8) - 1) < 0.02);
  });

  it('is 0 where there are none', () => {
    assert.equal(width(new Float64Array(PIXELS).fill(Number.NaN)), 0);
    assert.equal(width(lines(8), new Float64Array(PIXELS)), 0);
  });
});
