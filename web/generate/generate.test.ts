import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sliderScales, sliderStep, turned, unturned } from './latent-axes.ts';
import { nearestObjects } from './nearest.ts';

const angle = fc.double({ min: -3, max: 3, noNaN: true });
const coordinate = fc.double({ min: -5, max: 5, noNaN: true });

describe('turned axes', () => {
  it('lead back to the latents they came from', () => {
    fc.assert(
      fc.property(angle, fc.tuple(coordinate, coordinate), fc.tuple(coordinate, coordinate), (turn, origin, latent) => {
        const vectors = [Math.cos(turn), Math.sin(turn), -Math.sin(turn), Math.cos(turn)];
        const axes = { titles: ['A', 'B'], varianceShare: [0.6, 0.4], origin, vectors };
        unturned(axes, turned(axes, latent)).forEach((value, q) => {
          assert.ok(Math.abs(value - latent[q]) < 1e-9);
        });
      }),
    );
  });
});

describe('the scale of a slider', () => {
  it('reaches a little beyond the objects and marks their percentiles', () => {
    const points = Float32Array.from({ length: 202 }, (_, at) => (at % 2 === 0 ? at / 2 : 7));
    const [first, second] = sliderScales(points, 2);
    assert.deepEqual([first.low, first.high], [-10, 110]);
    assert.deepEqual(
      first.ticks.map(({ value }) => value),
      [1, 16, 50, 84, 99],
    );
    assert.ok(second.low < 7 && second.high > 7);
    assert.equal(sliderStep(first), 0.1);
  });
});

describe('the nearest objects', () => {
  it('are those that a full sort finds', () => {
    const cloud = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(cloud, fc.tuple(coordinate, coordinate), (objects, point) => {
        const latents = Float32Array.from(objects.flat());
        const precision = [2, 0.5, 0.5, 1];
        const square = (row: number) => {
          const [a, b] = [latents[2 * row] - point[0], latents[2 * row + 1] - point[1]];
          return 2 * a * a + a * b + b * b;
        };
        const sorted = objects.map((_, row) => Math.sqrt(square(row))).sort((a, b) => a - b);
        const found = nearestObjects(latents, precision, point, 5);
        assert.equal(found.length, Math.min(5, objects.length));
        for (const [at, { row, distance }] of found.entries()) {
          assert.ok(Math.abs(distance - sorted[at]) < 1e-6);
          assert.ok(Math.abs(distance - Math.sqrt(square(row))) < 1e-6);
        }
      }),
    );
  });
});
