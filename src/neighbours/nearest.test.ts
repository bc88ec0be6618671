import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stored } from '../../tests/fixtures/neighbours/stored.ts';
import { InterruptedError } from '../base/index.ts';
import { buildKdTree, type Points } from './kd-tree.ts';
import { localOutlierFactor } from './local-outlier-factor.ts';
import { nearestNeighbours, nearestTo } from './nearest.ts';

/** By all distances; of equally near points the first in the input. */
function nearestByLooking(
  { rows, columns, data }: Points,
  k: number,
  point: number,
): { index: number; square: number }[] {
  return Array.from({ length: rows }, (_, index) => {
    let square = 0;
    for (let c = 0; c < columns; c++) square += (data[point * columns + c] - data[index * columns + c]) ** 2;
    return { index, square };
  })
    .filter(({ index }) => index !== point)
    .sort((a, b) => a.square - b.square || a.index - b.index)
    .slice(0, k);
}

/** Few distinct values, so that duplicates and equal distances are common. */
const crowds = fc
  .record({ columns: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 2, max: 120 }) })
  .chain(({ columns, rows }) =>
    fc
      .array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -3, max: 3, noNaN: true })), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      .map((values): Points => ({ rows, columns, data: Float64Array.from(values) })),
  );

describe('the k nearest neighbours', () => {
  it('are those found by looking at every distance, ties in the order of the input', () => {
    fc.assert(
      fc.property(crowds, fc.integer({ min: 1, max: 25 }), (points, wanted) => {
        const k = Math.min(wanted, points.rows - 1);
        const { index, distance } = nearestNeighbours(buildKdTree(points), k);
        for (let point = 0; point < points.rows; point++) {
          const expected = nearestByLooking(points, k, point);
          assert.deepEqual(
            Array.from(index.subarray(point * k, (point + 1) * k)),
            expected.map((other) => other.index),
          );
          expected.forEach(({ square }, slot) => {
            assert.ok(Math.abs(distance[point * k + slot] - Math.sqrt(square)) < 1e-12);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are found through several levels of the tree as scikit-learn finds them', () => {
    const reference = stored('outlier-factors.npz');
    const expected = reference.numbers('cloud_nearest');
    const { distance } = nearestNeighbours(buildKdTree(reference.points('cloud')), 7);
    assert.equal(distance.length, expected.length);
    for (let i = 0; i < distance.length; i++) assert.ok(Math.abs(distance[i] - expected[i]) < 1e-7);
  });

  it('of points beside the tree are found by looking at every distance, coinciding points included', () => {
    fc.assert(
      fc.property(crowds, fc.integer({ min: 1, max: 25 }), (points, wanted) => {
        // The first third are asked about; to look at every distance, the rest lie behind one of them.
        const asked = Math.floor(points.rows / 3);
        const { columns } = points;
        const part = (from: number, to: number): Points => ({
          rows: to - from,
          columns,
          data: points.data.slice(from * columns, to * columns),
        });
        const known = part(asked, points.rows);
        const k = Math.min(wanted, known.rows);
        const { index, distance } = nearestTo(buildKdTree(known), part(0, asked), k);
        for (let n = 0; n < asked; n++) {
          const both = [...part(n, n + 1).data, ...known.data];
          const expected = nearestByLooking({ rows: known.rows + 1, columns, data: Float64Array.from(both) }, k, 0);
          assert.deepEqual(
            Array.from(index.subarray(n * k, (n + 1) * k)),
            expected.map((other) => other.index - 1),
          );
          expected.forEach(({ square }, slot) => {
            assert.ok(Math.abs(distance[n * k + slot] - Math.sqrt(square)) < 1e-12);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are refused when there are too few points or one is not a number', () => {
    const pair: Points = { rows: 2, columns: 1, data: Float64Array.of(0, 1) };
    assert.throws(() => nearestNeighbours(buildKdTree(pair), 2), /2 neighbours among 2 points/);
    assert.throws(() => nearestTo(buildKdTree(pair), pair, 3), /3 of 2 points/);
    assert.throws(() => nearestTo(buildKdTree(pair), { rows: 1, columns: 2, data: new Float64Array(2) }, 1), /2 coord/);
    assert.throws(() => buildKdTree({ ...pair, data: Float64Array.of(0, Number.NaN) }), /point 1 is NaN/);
  });

  it('stop being searched for when told to', () => {
    const pair: Points = { rows: 2, columns: 1, data: Float64Array.of(0, 1) };
    assert.throws(() => nearestNeighbours(buildKdTree(pair), 1, { signal: AbortSignal.abort() }), InterruptedError);
  });
});

describe('the local outlier factor', () => {
  const reference = stored('outlier-factors.npz');

  for (const [name, what] of [
    ['cloud', 'of a cloud, a knot and strays'],
    ['copies', 'where points have more duplicates than neighbours'],
    ['lattice', 'on a lattice, where most distances are equal'],
    ['line', 'along a line'],
  ]) {
    it(`${what} is the reference’s to a millionth`, () => {
      const expected = reference.numbers(`${name}_lof`);
      const factor = localOutlierFactor(reference.points(name), 20);
      factor.forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]) <= 1e-6 * Math.abs(expected[i]), `${i}: ${value} ≠ ${expected[i]}`);
      });
    });
  }

  it('is 1 amid evenly spread points and large far from them', () => {
    const data = Float64Array.from({ length: 101 }, (_, i) => (i < 100 ? i : 400));
    const factor = localOutlierFactor({ rows: 101, columns: 1, data }, 4);
    assert.ok(Math.abs(factor[50] - 1) < 1e-9);
    assert.ok(factor[100] > 50);
  });
});
