import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { PageColumn } from '../data/exhibit-data.ts';
import { combinedSelection } from '../map/selecting.ts';
import { shownNumber } from './object-words.ts';
import { inBoth, orderBy, ordered } from './order.ts';
import { sdssPage } from './sdss-page.ts';
import { classCounts, histogramOf, statisticsOf } from './statistics.ts';

const description = { name: 'x', title: 'x', kind: 'number', role: 'other' } as const;
const numbers = (...values: number[]): PageColumn => ({
  kind: 'number',
  description,
  values: Float64Array.from(values),
});
const rowSet = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 40 }).map((rows) => Uint32Array.from(rows).sort());

describe('rows in the order of a column', () => {
  it('turn around, with those without a value last either way', () => {
    const column = numbers(3, Number.NaN, 1, 2);
    assert.deepEqual([...orderBy(column, 4, false)], [2, 3, 0, 1]);
    assert.deepEqual([...orderBy(column, 4, true)], [0, 3, 2, 1]);
  });

  it('follow texts, not the order in which texts were met', () => {
    const column: PageColumn = {
      kind: 'category',
      description,
      codes: Int32Array.of(0, 1, -1, 2),
      categories: ['b', 'c', 'a'],
    };
    assert.deepEqual([...orderBy(column, 4, false)], [3, 0, 1, 2]);
  });

  it('are cut to those that are kept', () => {
    assert.deepEqual([...ordered(Uint32Array.of(2, 0, 1), Uint32Array.of(0, 2), 3)], [2, 0]);
    assert.deepEqual([...ordered(null, null, 3)], [0, 1, 2]);
  });
});

describe('selections', () => {
  it('are joined, cut and replaced as sets are', () => {
    fc.assert(
      fc.property(rowSet, rowSet, (a, b) => {
        const keys = (shift: boolean, alt: boolean) => [...combinedSelection(a, b, { shift, alt })];
        assert.deepEqual(keys(false, false), [...b]);
        assert.deepEqual(
          keys(true, false),
          [...new Set([...a, ...b])].sort((x, y) => x - y),
        );
        assert.deepEqual(
          keys(false, true),
          [...a].filter((row) => !b.includes(row)),
        );
        assert.deepEqual(
          [...(inBoth(a, b) ?? [])],
          [...a].filter((row) => b.includes(row)),
        );
      }),
    );
    assert.equal(combinedSelection(null, Uint32Array.of(1), { shift: false, alt: true }).length, 0);
  });
});

describe('statistics', () => {
  it('are the median and half of the middle 68%, of known values', () => {
    const values = Float64Array.from({ length: 1001 }, (_, i) => 1000 - i);
    const { known, median, scatter } = statisticsOf(values, null);
    assert.equal(known, 1001);
    assert.equal(median, 500);
    assert.ok(Math.abs(scatter - 341.34) < 0.01);
    assert.deepEqual(statisticsOf(Float64Array.of(5, Number.NaN, 9), Uint32Array.of(1, 2)), {
      known: 1,
      median: 9,
      scatter: 0,
    });
    assert.ok(Number.isNaN(statisticsOf(values, new Uint32Array()).median));
  });

  it('count classes with the unknown among them', () => {
    const column = { codes: Int32Array.of(1, -1, 1, 0), categories: ['a', 'b', 'c'] };
    assert.deepEqual(classCounts(column, null), [
      { category: 'b', count: 2 },
      { category: null, count: 1 },
      { category: 'a', count: 1 },
    ]);
    assert.deepEqual(classCounts(column, Uint32Array.of(3)), [{ category: 'a', count: 1 }]);
  });

  it('put every known value into a histogram', () => {
    const values = Float64Array.from({ length: 500 }, (_, i) => (i % 5 === 0 ? Number.NaN : i ** 2));
    const histogram = histogramOf(values, Uint32Array.of(1, 2, 5), 20);
    const total = (counts: Uint32Array | null | undefined) => counts?.reduce((sum, count) => sum + count, 0);
    assert.equal(total(histogram?.all), 400);
    assert.equal(total(histogram?.chosen), 2);
    assert.equal(histogramOf(Float64Array.of(Number.NaN), null, 5), null);
    assert.equal(total(histogramOf(Float64Array.of(3, 3), null, 5)?.all), 2);
  });
});

describe('words', () => {
  it('numbers keep the digits that say something', () => {
    const cases: readonly (readonly [number, string])[] = [
      [0.123456, '0.123'],
      [-12.3456, '−12.346'],
      [1234.5678, '1234.6'],
      [3, '3'],
      [1.5e-7, '1.50e−7'],
      [2.5e9, '2.50e+9'],
      [Number.NaN, '–'],
    ];
    for (const [value, text] of cases) assert.equal(shownNumber(value), text);
  });

  it('plate, MJD and fibre lead to the page at SDSS; other names lead nowhere', () => {
    assert.equal(
      sdssPage('0266-51630-0168'),
      'https://skyserver.sdss.org/dr18/VisualTools/explore/summary?plate=266&mjd=51630&fiber=168',
    );
    assert.match(sdssPage('spec-10000-57346-0007') ?? '', /plate=10000&mjd=57346&fiber=7$/);
    assert.equal(sdssPage('39627658462857232'), null);
    assert.equal(sdssPage('galaxy-12'), null);
  });
});
