import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkPixels } from './pixels.ts';

const of = (...values: number[]) => Float64Array.of(...values);
const ones = (length: number) => new Float64Array(length).fill(1);

describe("a survey's pixels", () => {
  it('pass unchanged when nothing is wrong', () => {
    const wavelength = of(4000, 4001, 4002);
    const result = checkPixels(wavelength, of(1, -2, 3), of(4, 5, 6));
    assert.ok(result.ok);
    assert.deepEqual([result.wavelength, result.flux, result.ivar], [wavelength, of(1, -2, 3), of(4, 5, 6)]);
  });

  it('are unobserved, with flux 0, wherever flux or ivar is no number or ivar is not positive', () => {
    const flux = of(1, Number.NaN, Infinity, 4, 5, 6, 7);
    const ivar = of(1, 1, 1, Number.NaN, -1, Infinity, 0);
    const result = checkPixels(
      of(1, 2, 3, 4, 5, 6, 7).map((x) => 4000 + x),
      flux,
      ivar,
    );
    assert.ok(result.ok);
    assert.deepEqual(Array.from(result.flux), [1, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(Array.from(result.ivar), [1, 0, 0, 0, 0, 0, 0]);
  });

  it('are turned round when written from red to blue', () => {
    const result = checkPixels(of(4002, 4001, 4000), of(1, 2, 3), of(4, 5, 6));
    assert.ok(result.ok);
    assert.deepEqual([result.wavelength, result.flux, result.ivar], [of(4000, 4001, 4002), of(3, 2, 1), of(6, 5, 4)]);
  });

  it('lose unobserved padding at the ends', () => {
    const result = checkPixels(of(Number.NaN, 4000, 4001, 0, 0), of(9, 1, 2, 0, 0), of(0, 1, 1, 0, 0));
    assert.ok(result.ok);
    assert.deepEqual([result.wavelength, result.flux, result.ivar], [of(4000, 4001), of(1, 2), of(1, 1)]);
  });

  it('get unobserved pixels in a hole, so that none is wide', () => {
    const result = checkPixels(of(4000, 4001, 4002, 4500, 4501, 4502), ones(6), ones(6));
    assert.ok(result.ok);
    assert.deepEqual(Array.from(result.wavelength), [4000, 4001, 4002, 4003, 4499, 4500, 4501, 4502]);
    assert.deepEqual(Array.from(result.ivar), [1, 1, 1, 0, 0, 1, 1, 1]);
  });

  it('keep a grid whose steps change smoothly', () => {
    const wavelength = Float64Array.from({ length: 50 }, (_, i) => 1000 * 1.1 ** i);
    const result = checkPixels(wavelength, ones(50), ones(50));
    assert.ok(result.ok);
    assert.equal(result.wavelength, wavelength);
  });

  it('are refused with a reason that says where', () => {
    const cases: [Float64Array, Float64Array, Float64Array, RegExp][] = [
      [of(4000, 4001), ones(2), of(0, 0), /none of its pixels is observed/],
      [of(4000, 4000), ones(2), ones(2), /4000 Å, then 4000 Å at pixel 1\); sort/],
      [of(4000, 4002, 4001, 4003), ones(4), ones(4), /at pixel 2/],
      [of(4000, Number.NaN, 4002), ones(3), ones(3), /pixel 1 has a wavelength of NaN/],
      [of(0.4, 0.5, 0.6), ones(3), ones(3), /pixel 0 has a wavelength of 0.4 Å.*unit/],
      [of(4000), ones(1), ones(1), /only 1 pixel /],
      [of(4000, 4001), ones(3), ones(2), /do not belong together/],
      [of(4000, 4001, 4002), of(1, 1e30, 1), ones(3), /pixel 1 holds flux 1e\+30/],
    ];
    for (const [wavelength, flux, ivar, reason] of cases) {
      const result = checkPixels(wavelength, flux, ivar);
      assert.ok(!result.ok);
      assert.match(result.reason, reason);
    }
  });

  it('may be without noise', () => {
    assert.ok(checkPixels(of(4000, 4001, 4002), ones(3), of(1e20, 2e20, 1e20)).ok);
  });

  it('keep their promises whatever numbers come in', () => {
    const number = fc.oneof(fc.double(), fc.double({ min: 3000, max: 9000 }), fc.constantFrom(0, -1, 4000));
    const pixels = fc.array(fc.tuple(number, number, number), { maxLength: 30 });
    fc.assert(
      fc.property(pixels, fc.boolean(), (rows, sorted) => {
        if (sorted) rows.sort((a, b) => a[0] - b[0]);
        const [wavelength, flux, ivar] = [0, 1, 2].map((column) => Float64Array.from(rows, (row) => row[column]));
        const result = checkPixels(wavelength, flux, ivar);
        if (!result.ok) return;
        result.wavelength.forEach((value, i) => {
          assert.ok(value > (i === 0 ? 0 : result.wavelength[i - 1]) && value < Infinity);
          assert.ok(Number.isFinite(result.flux[i]) && result.ivar[i] >= 0 && result.ivar[i] < Infinity);
          if (result.ivar[i] === 0) assert.equal(result.flux[i], 0);
        });
      }),
      { numRuns: 500 },
    );
  });
});
