import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../base/index.ts';
import { midpointEdges, pixelEdges } from './edges.ts';
import { logGrid } from './grid.ts';
import { MINIMUM_COVERAGE, resample, resampleInto } from './resample.ts';

interface Resampled {
  flux: Float64Array;
  ivar: Float64Array;
}

/** Every output pixel against every input pixel, straight from the definition. */
function naive(inputEdges: Float64Array, flux: Float64Array, ivar: Float64Array, outputEdges: Float64Array): Resampled {
  const outputs = outputEdges.length - 1;
  const result = { flux: new Float64Array(outputs), ivar: new Float64Array(outputs) };
  for (let j = 0; j < outputs; j++) {
    const overlaps = Array.from(flux, (_, i) =>
      ivar[i] > 0
        ? Math.max(0, Math.min(inputEdges[i + 1], outputEdges[j + 1]) - Math.max(inputEdges[i], outputEdges[j]))
        : 0,
    );
    const covered = overlaps.reduce((sum, overlap) => sum + overlap, 0);
    if (covered < MINIMUM_COVERAGE * (outputEdges[j + 1] - outputEdges[j])) continue;
    result.flux[j] = overlaps.reduce((sum, overlap, i) => sum + overlap * flux[i], 0) / covered;
    const variance = overlaps.reduce((sum, overlap, i) => sum + (overlap === 0 ? 0 : overlap ** 2 / ivar[i]), 0);
    result.ivar[j] = covered ** 2 / variance;
  }
  return result;
}

function run(inputEdges: Float64Array, flux: Float64Array, ivar: Float64Array, outputEdges: Float64Array): Resampled {
  const outputs = outputEdges.length - 1;
  // Old contents must not shine through.
  const result = { flux: new Float64Array(outputs).fill(99), ivar: new Float64Array(outputs).fill(99) };
  resampleInto(inputEdges, flux, ivar, outputEdges, result.flux, result.ivar);
  return result;
}

/** Random boundaries from `low` up: pixels of very unequal widths. */
function randomEdges(random: Random, pixels: number, low: number, high: number): Float64Array {
  const steps = Float64Array.from({ length: pixels }, () => random.uniform(0.02, 1));
  const total = steps.reduce((sum, step) => sum + step, 0);
  const edges = new Float64Array(pixels + 1);
  edges[0] = low;
  for (let i = 0; i < pixels; i++) edges[i + 1] = edges[i] + ((high - low) * steps[i]) / total;
  return edges;
}

function randomSpectrum(random: Random, pixels: number, maskedShare: number): Resampled {
  return {
    flux: Float64Array.from({ length: pixels }, () => random.normal(1, 2)),
    ivar: Float64Array.from({ length: pixels }, () => (random.uniform() < maskedShare ? 0 : random.uniform(0.1, 40))),
  };
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
const close = (actual: number, expected: number, tolerance: number, what = '') =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what} ${actual} is not ${expected}`,
  );
const cases = fc.record({
  seed: fc.integer(),
  inputs: fc.integer({ min: 1, max: 80 }),
  outputs: fc.integer({ min: 1, max: 80 }),
});

describe('flux-conserving resampling', () => {
  it('equals spectres in flux and ivar and specutils in flux to 1e-6', () => {
    const fixtures: {
      name: string;
      wavelength: number[];
      flux: number[];
      ivar: number[];
      grid: number[];
      spectresFlux: number[];
      spectresIvar: number[];
      specutilsFlux: number[];
    }[] = JSON.parse(readFileSync('tests/fixtures/spectra/resampling.json', 'utf8'));
    assert.equal(fixtures.length, 4);
    for (const fixture of fixtures) {
      const inputEdges = midpointEdges(Float64Array.from(fixture.wavelength));
      const outputEdges = midpointEdges(Float64Array.from(fixture.grid));
      const result = run(inputEdges, Float64Array.from(fixture.flux), Float64Array.from(fixture.ivar), outputEdges);
      for (let j = 0; j < fixture.grid.length; j++) {
        close(result.flux[j], fixture.spectresFlux[j], 1e-6, fixture.name);
        close(result.flux[j], fixture.specutilsFlux[j], 1e-6, fixture.name);
        close(result.ivar[j], fixture.spectresIvar[j], 1e-6, fixture.name);
      }
    }
  });

  it('equals the definition pixel by pixel, with masks and partial cover', () => {
    fc.assert(
      fc.property(cases, ({ seed, inputs, outputs }) => {
        const random = new Random(seed);
        const inputEdges = randomEdges(random, inputs, 1000 + random.uniform(-300, 300), 2000);
        const outputEdges = randomEdges(
          random,
          outputs,
          1000 + random.uniform(-300, 300),
          2000 + random.uniform(-300, 300),
        );
        const { flux, ivar } = randomSpectrum(random, inputs, 0.3);
        const result = run(inputEdges, flux, ivar, outputEdges);
        const expected = naive(inputEdges, flux, ivar, outputEdges);
        for (let j = 0; j < outputs; j++) {
          close(result.flux[j], expected.flux[j], 1e-9);
          close(result.ivar[j], expected.ivar[j], 1e-9);
        }
      }),
    );
  });

  it('conserves the total flux when the output covers all of the input', () => {
    fc.assert(
      fc.property(cases, ({ seed, inputs, outputs }) => {
        const random = new Random(seed);
        const inputEdges = randomEdges(random, inputs, 1000, 2000);
        const outputEdges = randomEdges(random, outputs, 1000, 2000);
        const { flux, ivar } = randomSpectrum(random, inputs, 0);
        const result = run(inputEdges, flux, ivar, outputEdges);
        const total = (values: Float64Array, edges: Float64Array) =>
          sum(values.map((value, i) => value * (edges[i + 1] - edges[i])));
        const scale = total(flux.map(Math.abs), inputEdges);
        close(total(result.flux, outputEdges) / scale, total(flux, inputEdges) / scale, 1e-12);
      }),
    );
  });

  it('keeps a flat spectrum flat, whatever is masked', () => {
    fc.assert(
      fc.property(cases, ({ seed, inputs, outputs }) => {
        const random = new Random(seed);
        const inputEdges = randomEdges(random, inputs, 1000, 2000);
        const { ivar } = randomSpectrum(random, inputs, 0.4);
        const flux = new Float64Array(inputs).fill(2.5);
        const result = run(inputEdges, flux, ivar, randomEdges(random, outputs, 900, 2100));
        result.flux.forEach((value, j) => {
          close(value, result.ivar[j] > 0 ? 2.5 : 0, 1e-12);
        });
      }),
    );
  });

  /**
   * When every output pixel is a union of input pixels whose ivar is proportional to their width (equal exposure),
   * the resampled flux is the sufficient statistic for any model that is constant across output pixels: χ² then
   * splits into χ² of the resampled spectrum and a remainder in which the model does not occur.
   */
  it('conserves χ² between any two models when bins nest', () => {
    fc.assert(
      fc.property(fc.record({ seed: fc.integer(), outputs: fc.integer({ min: 1, max: 30 }) }), ({ seed, outputs }) => {
        const random = new Random(seed);
        const outputEdges = randomEdges(random, outputs, 1000, 2000);
        const inputEdges: number[] = [1000];
        const owner: number[] = [];
        for (let j = 0; j < outputs; j++) {
          const within = randomEdges(random, 1 + random.integer(6), outputEdges[j], outputEdges[j + 1]);
          for (let i = 1; i < within.length; i++) owner.push(j);
          inputEdges.push(...within.subarray(1, -1), outputEdges[j + 1]);
        }
        const depth = Float64Array.from({ length: outputs }, () => random.uniform(0.1, 5));
        const flux = Float64Array.from(owner, () => random.normal(1, 3));
        const ivar = Float64Array.from(owner, (j, i) => depth[j] * (inputEdges[i + 1] - inputEdges[i]));
        const result = run(Float64Array.from(inputEdges), flux, ivar, outputEdges);
        const first = Float64Array.from({ length: outputs }, () => random.normal());
        const second = Float64Array.from({ length: outputs }, () => random.normal());
        const before = (model: Float64Array) => sum(flux.map((value, i) => ivar[i] * (value - model[owner[i]]) ** 2));
        const after = (model: Float64Array) =>
          sum(result.flux.map((value, j) => result.ivar[j] * (value - model[j]) ** 2));
        close((after(first) - after(second)) / before(first), (before(first) - before(second)) / before(first), 1e-10);
        close(sum(result.ivar), sum(ivar), 1e-10);
      }),
    );
  });

  it('gives pure noise an expected χ² per pixel of 1, nested or not, coarser or finer', () => {
    const random = new Random(42);
    const grid = logGrid(3800, 9200, 400);
    for (const outputs of [logGrid(3850, 9100, 90), logGrid(3850, 9100, 1300)]) {
      let chi2 = 0;
      const draws = 400;
      for (let draw = 0; draw < draws; draw++) {
        const ivar = Float64Array.from(grid, () => random.uniform(0.2, 9));
        const flux = ivar.map((weight) => random.normal() / Math.sqrt(weight));
        const result = resample({ wavelength: grid, flux, ivar }, outputs);
        chi2 += sum(result.flux.map((value, j) => value ** 2 * result.ivar[j]));
      }
      // 400 draws of at least 90 nearly independent pixels: one standard deviation is about 0.7%.
      close(chi2 / (draws * outputs.length), 1, 0.03);
    }
  });

  it('gives every observed pixel a positive finite ivar and every other one zero flux', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: -300, max: 300 }), ({ seed, inputs, outputs }, exponent) => {
        const random = new Random(seed);
        const { flux, ivar } = randomSpectrum(random, inputs, 0.3);
        for (let i = 0; i < inputs; i++) ivar[i] *= 10 ** exponent;
        const result = run(
          randomEdges(random, inputs, 1000, 2000),
          flux,
          ivar,
          randomEdges(random, outputs, 800, 2200),
        );
        result.ivar.forEach((weight, j) => {
          assert.ok(weight >= 0 && Number.isFinite(weight) && Number.isFinite(result.flux[j]));
          if (weight === 0) assert.equal(result.flux[j], 0);
        });
      }),
    );
  });

  it('never observes more pixels when more input is masked', () => {
    fc.assert(
      fc.property(cases, ({ seed, inputs, outputs }) => {
        const random = new Random(seed);
        const inputEdges = randomEdges(random, inputs, 1000, 2000);
        const outputEdges = randomEdges(random, outputs, 1000, 2000);
        const { flux, ivar } = randomSpectrum(random, inputs, 0.2);
        const fewer = ivar.map((weight) => (random.uniform() < 0.3 ? 0 : weight));
        const all = run(inputEdges, flux, ivar, outputEdges);
        const some = run(inputEdges, flux, fewer, outputEdges);
        some.ivar.forEach((weight, j) => {
          assert.ok(weight === 0 || all.ivar[j] > 0);
        });
      }),
    );
  });

  it('copies the input pixel that an output pixel lies within', () => {
    const result = run(
      Float64Array.of(0, 10, 20),
      Float64Array.of(3, 7),
      Float64Array.of(4, 0),
      Float64Array.of(1, 2, 9, 15),
    );
    assert.deepEqual(Array.from(result.flux), [3, 3, 0]);
    assert.deepEqual(Array.from(result.ivar), [4, 4, 0]);
  });

  it('observes a pixel from half its width on', () => {
    const edges = Float64Array.of(0, 1, 2, 3, 4);
    const flux = Float64Array.of(1, 2, 3, 4);
    const half = run(edges, flux, Float64Array.of(1, 1, 0, 0), Float64Array.of(0, 4));
    assert.deepEqual([half.flux[0], half.ivar[0]], [1.5, 2]);
    const less = run(edges, flux, Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 4));
    assert.deepEqual([less.flux[0], less.ivar[0]], [0, 0]);
  });

  it('leaves pixels that the input does not reach unobserved', () => {
    const result = resample(
      { wavelength: Float64Array.of(5000, 5001, 5002), flux: Float64Array.of(1, 1, 1), ivar: Float64Array.of(1, 1, 1) },
      logGrid(4000, 6000, 4000),
    );
    const observed = Array.from(pixelEdges(logGrid(4000, 6000, 4000))).filter((edge) => edge > 4999.5 && edge < 5002.5);
    assert.ok(Math.abs(result.ivar.filter((weight) => weight > 0).length - observed.length) <= 1);
  });

  it('refuses arrays that do not belong together', () => {
    const two = new Float64Array(2);
    assert.throws(
      () => resampleInto(two, two, two, Float64Array.of(0, 1, 2), two, two),
      /one boundary more, not 2, 2 and 2/,
    );
  });
});
