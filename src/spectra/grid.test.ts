import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../base/index.ts';
import { geometricEdges, isLogSpaced, midpointEdges, pixelEdges } from './edges.ts';
import { logGrid, parseGrid } from './grid.ts';
import { PRESETS, presetGrid } from './presets.ts';

const wavelengths = fc.record({
  low: fc.double({ min: 500, max: 5000, noNaN: true }),
  span: fc.double({ min: 1.05, max: 10, noNaN: true }),
  pixels: fc.integer({ min: 2, max: 2000 }),
});

describe('a log-spaced grid', () => {
  it('runs from the first to the last wavelength in equal ratios', () => {
    fc.assert(
      fc.property(wavelengths, ({ low, span, pixels }) => {
        const grid = logGrid(low, low * span, pixels);
        assert.equal(grid.length, pixels);
        assert.equal(grid[0], low);
        assert.equal(grid[pixels - 1], low * span);
        const ratio = span ** (1 / (pixels - 1));
        for (let i = 1; i < pixels; i++) assert.ok(Math.abs(grid[i] / grid[i - 1] / ratio - 1) < 1e-12);
      }),
    );
  });

  it('is read from LO:HI:N', () => {
    assert.deepEqual(parseGrid('1220:5000:594'), logGrid(1220, 5000, 594));
    assert.deepEqual(parseGrid(' 3.4e3 : 8300.5 : 10'), logGrid(3400, 8300.5, 10));
  });

  it('refuses what is not a grid and names it', () => {
    for (const text of [
      '',
      '1:2',
      '1:2:3:4',
      'a:2:3',
      '::',
      '5000:1220:594',
      '0:10:5',
      '1:2:1.5',
      '1:2:1',
      '-5:2:9',
      '1:2:1e9',
      '1:Infinity:4',
    ]) {
      assert.throws(
        () => parseGrid(text),
        (error: Error) => error instanceof UserError && error.message.includes(`"${text}"`),
        text,
      );
    }
  });
});

describe('presets', () => {
  it("are the papers' grids", () => {
    const galaxies = presetGrid('galaxies');
    assert.deepEqual([galaxies.length, galaxies[0], galaxies[999]], [1000, 3388, 8318]);
    const quasars = presetGrid('quasars');
    assert.deepEqual([quasars.length, quasars[0], quasars[593]], [594, 1220, 5000]);
    assert.deepEqual(PRESETS.quasars.normalisation, { kind: 'at', wavelength: 2500 });
  });
});

describe('pixel boundaries', () => {
  it('are geometric means on a log grid, also when log λ was stored in float32', () => {
    fc.assert(
      fc.property(wavelengths, ({ low, span, pixels }) => {
        const grid = logGrid(low, low * span, pixels);
        assert.ok(isLogSpaced(grid));
        assert.deepEqual(pixelEdges(grid), geometricEdges(grid));
        const ratio = Math.sqrt(grid[1] / grid[0]);
        assert.ok(Math.abs(pixelEdges(grid)[0] / (grid[0] / ratio) - 1) < 1e-12);
      }),
    );
    const sdss = Float64Array.from({ length: 3800 }, (_, i) => 10 ** Math.fround(3.58 + 1e-4 * i));
    assert.ok(isLogSpaced(sdss));
  });

  it('are midpoints on any other grid', () => {
    const linear = Float64Array.from({ length: 500 }, (_, i) => 3600 + 0.8 * i);
    assert.ok(!isLogSpaced(linear));
    assert.deepEqual(pixelEdges(linear), midpointEdges(linear));
    assert.ok(Math.abs(pixelEdges(linear)[0] - 3599.6) < 1e-9);
    assert.ok(Math.abs(pixelEdges(linear)[500] - 3999.6) < 1e-9);
  });

  it('lie between their pixels and increase', () => {
    const steps = fc.array(fc.double({ min: 0.01, max: 30, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, (increments) => {
        const wavelength = new Float64Array(increments.length + 1);
        wavelength[0] = 1000;
        increments.forEach((step, i) => {
          wavelength[i + 1] = wavelength[i] + step;
        });
        const edges = pixelEdges(wavelength);
        for (let i = 0; i < wavelength.length; i++) {
          assert.ok(edges[i] < wavelength[i] && wavelength[i] < edges[i + 1]);
        }
      }),
    );
  });

  it('refuse wavelengths that do not increase', () => {
    assert.throws(() => pixelEdges(Float64Array.of(1, 2, 2)), /pixel 2 is at 2 Å after 2 Å/);
    assert.throws(() => pixelEdges(Float64Array.of(1, Number.NaN, 2)), UserError);
    assert.throws(() => pixelEdges(Float64Array.of(5000)), /at least two/);
  });
});
