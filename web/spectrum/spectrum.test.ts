import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { placeLabels } from './line-labels.ts';
import { fluxRange } from './robust-range.ts';
import { axisOver, bandPieces, clipMarks, gapsOf, linePieces, nearestIndex, type Trace } from './trace.ts';

function trace(y: readonly number[], error: readonly number[] | null = null): Trace {
  return {
    name: 'test',
    colour: '--blue',
    x: Float64Array.from(y, (_, p) => 4000 + p),
    y: Float32Array.from(y),
    error: error === null ? null : Float32Array.from(error),
    offset: 0,
    width: 1,
    opacity: 1,
    dash: [],
  };
}
const identity = { a: 0, b: 1 };
const everything = [0, 1e9] as const;
const GAP = Number.NaN;

describe('lines of a spectrum', () => {
  it('break at gaps, and show a pixel between two gaps as a stroke of its width', () => {
    const pieces = linePieces(trace([1, 2, GAP, 3, GAP, 4, 5]), identity, identity, everything);
    assert.deepEqual(pieces, [
      [4000, 1, 4001, 2],
      [4002.5, 3, 4003.5, 3],
      [4005, 4, 4006, 5],
    ]);
  });

  it('have gaps that reach from pixel edge to pixel edge, at the ends, too', () => {
    assert.deepEqual(gapsOf(trace([GAP, 1, GAP, GAP, 2, GAP])), [
      [3999.5, 4000.5],
      [4001.5, 4003.5],
      [4004.5, 4005.5],
    ]);
    assert.deepEqual(gapsOf(trace([1, 2])), []);
  });

  it('have bands that go along the top and back along the bottom', () => {
    const [band] = bandPieces(trace([1, 2], [0.5, 0.25]), identity, identity, everything);
    assert.deepEqual(band, [4000, 1.5, 4001, 2.25, 4001, 1.75, 4000, 0.5]);
  });

  it('are cut to what is shown and a pixel more', () => {
    const [piece] = linePieces(trace([0, 1, 2, 3, 4, 5]), identity, identity, [4002, 4003]);
    assert.deepEqual(piece, [4001, 1, 4002, 2, 4003, 3]);
  });

  it('are drawn where the axis says', () => {
    const { a, b } = axisOver([10, 20], 100, 300);
    assert.equal(a + b * 10, 100);
    assert.equal(a + b * 20, 300);
  });

  it('name the pixel under the pointer, and none beyond the ends', () => {
    const x = [10, 20, 40];
    assert.deepEqual(
      [4, 6, 14, 16, 29, 31, 49, 51].map((at) => nearestIndex(x, at)),
      [-1, 0, 0, 1, 1, 2, 2, -1],
    );
  });
});

describe('the range of flux', () => {
  const calm = Array.from({ length: 400 }, (_, p) => Math.sin(p));

  it('is not pressed flat by one wild pixel, which gets a mark', () => {
    const wild = trace(calm.map((value, p) => (p === 200 ? 1000 : value)));
    const range = fluxRange([wild], [], everything);
    assert.ok(range[1] < 5 && range[1] > 1, `${range}`);
    assert.deepEqual(clipMarks(wild, range, everything, 5), [{ x: 4200, above: true }]);
  });

  it('holds every line of a model', () => {
    const range = fluxRange([trace(calm)], [trace(calm.map((_, p) => (p === 200 ? 50 : 0)))], everything);
    assert.ok(range[1] > 50);
  });

  it('is a range even when nothing is there', () => {
    for (const y of [[], [GAP, GAP], [3], [0, 0]]) {
      const [low, high] = fluxRange([trace(y)], [], everything);
      assert.ok(low < high, `${y}: ${low}, ${high}`);
    }
  });
});

describe('labels of lines', () => {
  const mark = fc.record({
    name: fc.string({ minLength: 1, maxLength: 12 }),
    x: fc.double({ min: -50, max: 1050, noNaN: true }),
    weight: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const width = (name: string) => 7 * name.length;

  it('never lie over each other and never leave the picture', () => {
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 40 }), (marks) => {
        const placed = placeLabels(marks, width, [0, 1000], 3);
        for (const [at, one] of placed.entries()) {
          const half = width(one.name) / 2;
          assert.ok(one.textX - half >= -1e-9 && one.textX + half <= 1000 + 1e-9);
          for (const other of placed.slice(at + 1)) {
            if (other.row !== one.row) continue;
            assert.ok(Math.abs(other.textX - one.textX) >= half + width(other.name) / 2 - 1e-9);
          }
        }
      }),
    );
  });

  it('go to the weightier line where there is room for one', () => {
    const marks = [
      { name: 'weak', x: 100, weight: 0.1 },
      { name: 'strong', x: 101, weight: 0.9 },
    ];
    assert.deepEqual(
      placeLabels(marks, width, [0, 1000], 1).map(({ name }) => name),
      ['strong'],
    );
  });
});
