import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunEntry } from '../../src/explorer/index.ts';
import { moved, toScreen, toSquare, WHOLE, zoomedAt } from './camera.ts';
import { ellipseOf, fromSquare, inSquare, latentAt, placeOfLatent } from './plane.ts';
import { neighbourTowards, PointIndex } from './point-index.ts';
import { ticksBetween } from './ticks.ts';

const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
/** Two latents turned by 0.7 about (1, −2). */
const run = {
  latents: 2,
  axes: { titles: ['A', 'B'], varianceShare: [0.8, 0.2], origin: [1, -2], vectors: [c, s, -s, c] },
} as unknown as RunEntry;
const axes = { x: { title: 'A', low: -4, high: 4 }, y: { title: 'B', low: -1, high: 3 } };
const turned = { kind: 'turned', x: 0, y: 1 } as const;
const size = { width: 640, height: 400 };
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

describe('the plane', () => {
  it('leads from a place to the latents and back', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), (x, y) => {
        const latent = latentAt(run, turned, axes, [x, y], [0.3, 0.4]);
        const place = placeOfLatent(run, turned, axes, latent);
        assert.ok(place !== null);
        near(place[0], x);
        near(place[1], y);
      }),
    );
  });

  it('draws an ellipse whose every point lies as many standard deviations away as asked', () => {
    const covariance = [0.5, 0.2, 0.2, 0.3];
    const outline = ellipseOf(run, turned, axes, { mean: [1.2, -1], covariance, sigmas: 2 });
    assert.ok(outline !== null);
    for (const [x, y] of outline) {
      const t = [fromSquare(axes.x, x), fromSquare(axes.y, y)];
      const d = [c * t[0] - s * t[1] + 1 - 1.2, s * t[0] + c * t[1] - 2 + 1];
      const determinant = 0.5 * 0.3 - 0.04;
      near((0.3 * d[0] * d[0] - 0.4 * d[0] * d[1] + 0.5 * d[1] * d[1]) / determinant, 4);
    }
    assert.equal(ellipseOf(run, { kind: 'umap' }, axes, { mean: [0, 0], covariance, sigmas: 1 }), null);
  });

  it('has axes that lead from values to the square and back', () =>
    near(fromSquare(axes.y, inSquare(axes.y, 2.2)), 2.2));
});

describe('the view', () => {
  it('keeps the place under the pointer when it is magnified', () => {
    const start = zoomedAt(WHOLE, size, [200, 150], 4);
    const before = toSquare(start, size, [300, 210]);
    const after = toScreen(zoomedAt(start, size, [300, 210], 1.7), size, before);
    near(after[0], 300);
    near(after[1], 210);
  });

  it('follows the hand, and never shows what lies beyond the square', () => {
    const start = zoomedAt(WHOLE, size, [320, 200], 4);
    const place = toScreen(moved(start, size, [10, -20]), size, toSquare(start, size, [100, 100]));
    near(place[0], 110);
    near(place[1], 80);
    const still = moved(WHOLE, size, [50, 50]);
    near(still.x, 0);
    near(still.y, 0);
  });
});

describe('the index of points', () => {
  /** None on an edge of the box or the triangle below, where single precision decides. */
  const place = fc.tuple(fc.integer({ min: -100, max: 99 }), fc.integer({ min: -99, max: 99 }));
  const places = fc.array(
    place.map(([i, j]) => [(2 * i + 1) / 200, j / 100 + 0.0013] as const),
    { minLength: 1, maxLength: 400 },
  );

  it('finds the rows of a box and of an outline that a loop finds', () => {
    fc.assert(
      fc.property(places, (points) => {
        const positions = { x: Float32Array.from(points, ([x]) => x), y: Float32Array.from(points, ([, y]) => y) };
        const index = new PointIndex(positions);
        const rows = points.flatMap((_, row) => {
          const [x, y] = [positions.x[row], positions.y[row]];
          return x >= -0.5 && x <= 0.25 && y >= -0.75 && y <= 0.5 && row % 3 !== 0 ? [row] : [];
        });
        const admits = (row: number) => row % 3 !== 0;
        assert.deepEqual([...index.inBox([-0.5, 0.25], [-0.75, 0.5], admits)], rows);
        const triangle = [
          [-0.9, -0.9],
          [0.9, -0.9],
          [-0.9, 0.9],
        ] as const;
        const inside = points.flatMap((_, row) =>
          positions.x[row] > -0.9 && positions.y[row] > -0.9 && positions.x[row] + positions.y[row] < 0 ? [row] : [],
        );
        assert.deepEqual([...index.inOutline(triangle)], inside);
      }),
    );
  });

  it('finds the nearest point within reach, and none beyond', () => {
    const index = new PointIndex({ x: Float32Array.of(0, 0.5, Number.NaN), y: Float32Array.of(0, 0.5, 0) });
    assert.equal(index.nearest([0.45, 0.5], [0.1, 0.1]), 1);
    assert.equal(index.nearest([0.2, 0.2], [0.1, 0.1]), null);
    assert.equal(
      index.nearest([0.45, 0.5], [2, 2], (row) => row !== 1),
      0,
    );
  });

  it('walks to the neighbour in a direction, and stays at the edge', () => {
    const positions = { x: Float32Array.of(0, 0.2, 0.1, -0.5, 0), y: Float32Array.of(0, 0, 0.9, 0, 0.3) };
    assert.equal(neighbourTowards(positions, 0, 'right'), 1);
    assert.equal(neighbourTowards(positions, 0, 'up'), 4);
    assert.equal(neighbourTowards(positions, 0, 'left'), 3);
    assert.equal(neighbourTowards(positions, 0, 'down'), null);
    assert.equal(
      neighbourTowards(positions, 0, 'up', (row) => row !== 4),
      2,
    );
  });
});

describe('ticks', () => {
  it('are round, inside, and labelled with the digits they need', () => {
    assert.deepEqual(
      ticksBetween(-1.3, 1.2, 5).map(({ label }) => label),
      ['−1.0', '−0.5', '0.0', '0.5', '1.0'],
    );
    assert.deepEqual(
      ticksBetween(0, 1e7, 4).map(({ value }) => value),
      [0, 5e6, 1e7],
    );
    assert.deepEqual(ticksBetween(3, 3, 4), []);
  });

  it('are about as many as asked, on any range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (low, range) => {
          const ticks = ticksBetween(low, low + range, 6);
          assert.ok(ticks.length >= 2 && ticks.length <= 8, `${ticks.length}`);
          assert.equal(new Set(ticks.map(({ label }) => label)).size, ticks.length);
        },
      ),
    );
  });
});
