import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../base/index.ts';
import { dense } from '../../linalg/index.ts';
import { type WeightedPixels, weightedPixels } from './evidence.ts';
import { FourierTransform } from './fourier.ts';
import { cubicSlopes, cubicWeights, weighted } from './interpolation.ts';
import type { LinearBasis } from './linear-basis.ts';
import { deepestMinima } from './minima.ts';
import { RedshiftScanner } from './scan.ts';

const STEP = 0.002;
const PIXELS = 90;
const PRIOR = [0, 4, 9];

/** A positive spectrum with bumps and two components, all smooth on the scale of a pixel. */
function basisOf(random: Random): LinearBasis {
  const vectors = dense(3, PIXELS);
  for (let k = 0; k < 3; k++) {
    const bumps = Array.from({ length: 6 }, () => [random.uniform(0, PIXELS), random.uniform(-0.6, 0.6)]);
    for (let p = 0; p < PIXELS; p++) {
      vectors.data[k * PIXELS + p] = k === 0 ? 2 : 0;
      for (const [at, height] of bumps) vectors.data[k * PIXELS + p] += height * Math.exp(-0.5 * ((p - at) / 2) ** 2);
    }
  }
  const none = { rows: 0, columns: PIXELS, data: new Float32Array(0) };
  return {
    ...{ first: Math.log(4000), step: STEP, pixels: PIXELS, vectors, priorPrecision: Float64Array.from(PRIOR) },
    ...{ archetypes: none, latents: none, classes: [], scatter: 0 },
  };
}

function dataOf(basis: LinearBasis, random: Random, pixels: number, offset: number, shift: number): WeightedPixels {
  const coefficients = [1.5, random.normal(0, 0.4), random.normal(0, 0.3)];
  const flux = new Float64Array(pixels);
  const ivar = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const p = i + offset - shift;
    const model = p >= 0 && p < PIXELS;
    for (let k = 0; k < 3 && model; k++) flux[i] += coefficients[k] * basis.vectors.data[k * PIXELS + p];
    ivar[i] = random.uniform() < 0.1 ? 0 : random.uniform(50, 800);
    flux[i] = ivar[i] > 0 ? (model ? flux[i] : 3) + random.normal() / Math.sqrt(ivar[i]) : 0;
  }
  const grid = { first: basis.first + offset * STEP, step: STEP, pixels, offset };
  return weightedPixels({ ...grid, flux, ivar, scale: 1 }, 0.01);
}

/** Penalised weighted least squares at one shift by Gaussian elimination on equations summed pixel by pixel. */
function bruteForce(basis: LinearBasis, data: WeightedPixels, shift: number) {
  const weights = new Float64Array(4);
  const A = Array.from({ length: 3 }, () => [0, 0, 0, 0]);
  let cost = 0;
  let covered = 0;
  for (let i = 0; i < data.pixels; i++) {
    const position = i + data.offset - shift;
    if (position < -1e-9 || position > PIXELS - 1 + 1e-9) {
      cost += data.outsideCost[i + 1] - data.outsideCost[i];
      continue;
    }
    const whole = Math.floor(position + 1e-9);
    cubicWeights(Math.max(0, position - whole), weights);
    const values = [0, 1, 2].map((k) => weighted(basis.vectors.data, k * PIXELS, PIXELS, whole, weights));
    const w = data.weight[i];
    if (w > 0) covered++;
    cost += w * data.flux[i] ** 2;
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) A[a][b] += w * values[a] * values[b];
      A[a][3] += w * values[a] * data.flux[i];
    }
  }
  const right = A.map((equation) => equation[3]);
  const brightness = A[0][3] / A[0][0];
  for (let a = 0; a < 3; a++) A[a][a] += PRIOR[a] / brightness ** 2;
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      if (a === b) continue;
      const factor = A[b][a] / A[a][a];
      for (let c = 0; c < 4; c++) A[b][c] -= factor * A[a][c];
    }
  }
  const solution = A.map((equation, a) => equation[3] / equation[a]);
  return {
    cost: cost - right.reduce((sum, value, a) => sum + value * solution[a], 0),
    amplitude: solution[0],
    covered,
  };
}

describe('the scan', () => {
  it('equals weighted least squares done anew at every redshift', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: -20, max: 60 }),
        (seed, pixels, offset) => {
          const random = new Random(seed);
          const basis = basisOf(random);
          const data = dataOf(basis, random, pixels, offset, offset + 10);
          const scan = new RedshiftScanner(basis).scan(data, { zmin: -0.5, zmax: 0.5, minimumPixels: 20 });
          assert.ok(scan.z.length > 50);
          for (const [at, z] of scan.z.entries()) {
            const expected = bruteForce(basis, data, Math.log1p(z) / STEP);
            assert.equal(scan.covered[at], expected.covered);
            if (!(expected.amplitude > 0)) continue;
            assert.ok(Math.abs(scan.amplitude[at] - expected.amplitude) < 1e-8 * Math.abs(expected.amplitude));
            assert.ok(
              Math.abs(scan.cost[at] - expected.cost) < 1e-8 * (expected.cost + data.energy[pixels]),
              `at ${z}`,
            );
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('has its deepest minimum where the data were moved to', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 5, max: 60 }), (seed, shift) => {
        const random = new Random(seed);
        const basis = basisOf(random);
        const data = dataOf(basis, random, 120, 10, shift);
        const scan = new RedshiftScanner(basis).scan(data, { zmin: -0.05, zmax: 0.5, minimumPixels: 30 });
        const [deepest] = deepestMinima(scan, 3);
        assert.ok(Math.abs(Math.log1p(scan.z[deepest]) / STEP - shift) < 0.7);
      }),
      { numRuns: 15 },
    );
  });

  it('holds nothing where model and data do not overlap enough', () => {
    const random = new Random(1);
    const basis = basisOf(random);
    const scan = new RedshiftScanner(basis).scan(dataOf(basis, random, 60, 400, 410), {
      zmin: -0.01,
      zmax: 0.1,
      minimumPixels: 20,
    });
    assert.equal(scan.z.length, 0);
    assert.deepEqual(deepestMinima(scan, 3), []);
  });
});

describe('the Fourier transform', () => {
  it('equals the sum that defines it, and is undone by its reverse', () => {
    const random = new Random(2);
    const n = 32;
    const real = new Float64Array(n);
    const imaginary = new Float64Array(n);
    random.fillNormal(real);
    random.fillNormal(imaginary);
    const [re, im] = [real.slice(), imaginary.slice()];
    const transform = new FourierTransform(n);
    transform.forward(re, im);
    for (let f = 0; f < n; f++) {
      let [sumRe, sumIm] = [0, 0];
      for (let m = 0; m < n; m++) {
        const angle = (-2 * Math.PI * f * m) / n;
        sumRe += real[m] * Math.cos(angle) - imaginary[m] * Math.sin(angle);
        sumIm += real[m] * Math.sin(angle) + imaginary[m] * Math.cos(angle);
      }
      assert.ok(Math.hypot(re[f] - sumRe, im[f] - sumIm) < 1e-12);
    }
    transform.backward(re, im);
    for (let m = 0; m < n; m++) assert.ok(Math.hypot(re[m] / n - real[m], im[m] / n - imaginary[m]) < 1e-13);
  });

  it('is refused for lengths that are no power of two', () => {
    assert.throws(() => new FourierTransform(12), RangeError);
  });
});

describe('a spectrum between its pixels', () => {
  it('follows a quadratic exactly, and its slope', () => {
    const values = Float64Array.from({ length: 10 }, (_, p) => 3 - 2 * p + 0.5 * p * p);
    const weights = new Float64Array(4);
    for (const x of [1, 2.25, 4.5, 6.9]) {
      const whole = Math.floor(x);
      cubicWeights(x - whole, weights);
      assert.ok(Math.abs(weighted(values, 0, 10, whole, weights) - (3 - 2 * x + 0.5 * x * x)) < 1e-12);
      cubicSlopes(x - whole, weights);
      assert.ok(Math.abs(weighted(values, 0, 10, whole, weights) - (x - 2)) < 1e-12);
    }
  });
});
