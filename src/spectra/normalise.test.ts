import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random, UserError } from '../base/index.ts';
import { logGrid } from './grid.ts';
import { medianInPlace, medianSnr } from './median.ts';
import { formatNormalisation, type Normalisation, parseNormalisation } from './normalisation.ts';
import { normalise } from './normalise.ts';

const grid = logGrid(2000, 4000, 200);
const kinds: Normalisation[] = [
  { kind: 'flux' },
  { kind: 'median', low: 2900, high: 3100 },
  { kind: 'at', wavelength: 2500 },
  { kind: 'none' },
];

function noisySpectrum(random: Random, level: number, snr: number): { flux: Float64Array; ivar: Float64Array } {
  // Gaps are one pixel wide, so that no window is mostly unobserved.
  const ivar = Float64Array.from(grid, (_, i) =>
    i % 3 === 0 && random.uniform() < 0.3 ? 0 : ((snr / level) * random.uniform(0.8, 1.2)) ** 2,
  );
  const flux = ivar.map((weight) => (weight > 0 ? level + random.normal() / Math.sqrt(weight) : 0));
  return { flux, ivar };
}

describe('normalisation', () => {
  it('brings a flat spectrum of any brightness to 1 and keeps every S/N', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: -18, max: 5, noNaN: true }),
        fc.constantFrom(...kinds.slice(0, 3)),
        (seed, exponent, how) => {
          const { flux, ivar } = noisySpectrum(new Random(seed), 10 ** exponent, 50);
          const before = { flux: flux.slice(), snr: flux.map((value, i) => value * Math.sqrt(ivar[i])) };
          const outcome = normalise(flux, ivar, grid, how);
          assert.ok(outcome.ok);
          assert.ok(Math.abs(outcome.scale / 10 ** exponent - 1) < 0.1);
          assert.ok(outcome.snr > 50);
          flux.forEach((value, i) => {
            assert.ok(Math.abs(value * outcome.scale - before.flux[i]) <= 1e-12 * Math.abs(before.flux[i]));
            assert.ok(Math.abs(value * Math.sqrt(ivar[i]) - before.snr[i]) <= 1e-9 * Math.abs(before.snr[i]));
          });
        },
      ),
    );
  });

  it('makes the mean flux density over observed ångströms 1', () => {
    const flux = Float64Array.of(2, 4, 1000);
    const outcome = normalise(flux, Float64Array.of(100, 100, 0), Float64Array.of(1000, 1100, 1200), { kind: 'flux' });
    assert.ok(outcome.ok);
    assert.equal(outcome.scale, 3);
    assert.deepEqual(Array.from(flux.subarray(0, 2)), [2 / 3, 4 / 3]);
  });

  it('looks only into its window', () => {
    const flux = Float64Array.from(grid, (wavelength) => (wavelength > 2900 && wavelength < 3100 ? 5 : 800));
    const outcome = normalise(flux, new Float64Array(grid.length).fill(1e4), grid, kinds[1]);
    assert.ok(outcome.ok);
    assert.equal(outcome.scale, 5);
  });

  it('tells how uncertain its scale is', () => {
    const random = new Random(3);
    for (const how of kinds.slice(0, 3)) {
      let pull = 0;
      let draws = 0;
      while (draws < 400) {
        const { flux, ivar } = noisySpectrum(random, 1, 5);
        const outcome = normalise(flux, ivar, grid, how);
        // Now and then half of a narrow window is masked.
        if (!outcome.ok) continue;
        draws++;
        pull += ((outcome.scale - 1) / (outcome.scale / outcome.snr)) ** 2;
      }
      assert.ok(Math.abs(pull / draws - 1) < 0.25, `${how.kind}: ${pull / draws}`);
    }
  });

  it('refuses spectra that are unobserved, negative or all noise there, and leaves them as they were', () => {
    const cases: { level: number; weight: number; reason: RegExp }[] = [
      { level: 1, weight: 0, reason: /observed/ },
      { level: -1, weight: 100, reason: /not positive/ },
      { level: 1, weight: 1e-6, reason: /S\/N .* below 3/ },
    ];
    for (const how of kinds.slice(0, 3)) {
      for (const { level, weight, reason } of cases) {
        const flux = new Float64Array(grid.length).fill(level);
        const ivar = new Float64Array(grid.length).fill(weight);
        const outcome = normalise(flux, ivar, grid, how);
        assert.ok(!outcome.ok);
        assert.match(outcome.reason, reason);
        assert.ok(flux.every((value) => value === level) && ivar.every((value) => value === weight));
      }
    }
  });

  it('changes nothing when it is none', () => {
    const flux = Float64Array.from(grid, () => -3);
    assert.deepEqual(normalise(flux, new Float64Array(grid.length), grid, { kind: 'none' }), {
      ok: true,
      scale: 1,
      snr: Infinity,
    });
    assert.equal(flux[0], -3);
  });

  it('refuses a window outside the grid before any spectrum is read', () => {
    const flux = new Float64Array(grid.length);
    assert.throws(() => normalise(flux, flux, grid, { kind: 'at', wavelength: 9000 }), /at@9000 .* no pixel/);
  });

  it('is written and read as text', () => {
    for (const how of kinds) assert.deepEqual(parseNormalisation(formatNormalisation(how)), how);
    assert.deepEqual(parseNormalisation('median@4000:4500'), { kind: 'median', low: 4000, high: 4500 });
    for (const text of [
      '',
      'mean',
      'at',
      'at@',
      'at@x',
      'at@-5',
      'at@1:2',
      'median@5',
      'median@5:4',
      'flux@3',
      'at@2500@1',
    ]) {
      assert.throws(() => parseNormalisation(text), UserError, text);
    }
  });
});

describe('medians', () => {
  it('are those of the sorted numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const sorted = values.toSorted((a, b) => a - b);
          const n = sorted.length;
          const expected = n % 2 === 1 ? sorted[(n - 1) / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
          assert.ok(Math.abs(medianInPlace(Float64Array.from(values)) - expected) === 0);
        },
      ),
    );
  });

  it('of S/N count observed pixels only', () => {
    assert.equal(medianSnr([1, 2, 3, 100], [4, 4, 4, 0]), 4);
    assert.equal(medianSnr([1], [0]), 0);
  });
});
