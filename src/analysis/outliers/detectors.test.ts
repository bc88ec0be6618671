import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendSurvey } from '../../../tests/fixtures/analysis/pretend.ts';
import { Random, row } from '../../base/index.ts';
import { demud } from './demud.ts';
import { discontinuityFinder } from './discontinuity.ts';
import { stellarFinder } from './looks-stellar.ts';
import { misfitFinder } from './misfit.ts';
import { missingChunkFinder } from './missing-chunk.ts';
import type { SeenObject } from './seen-object.ts';
import { type StellarKind, stellarAbsorption } from './stellar-absorption.ts';
import { strengths } from './survey-scale.ts';

const PIXELS = 800;
const SNR = 10;
const wavelength = Float64Array.from({ length: PIXELS }, (_, p) => 3500 * (8000 / 3500) ** (p / (PIXELS - 1)));

/** A spectrum of S/N 10 about `shape(observed wavelength)`, before a model that is flat; redshift 0.1. */
function seen(shape: (observed: number) => number, seed: number): SeenObject {
  const random = new Random(seed);
  const flux = Float32Array.from(wavelength, (rest) => shape(1.1 * rest) + random.normal() / SNR);
  const model = new Float32Array(PIXELS).fill(1);
  const weight = new Float64Array(PIXELS).fill(SNR ** 2);
  const ivar = new Float32Array(PIXELS).fill(SNR ** 2);
  return { flux, ivar, model, ordinary: model, weight, continuumWeight: weight, shift: Math.log(1.1) };
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

describe('a discontinuity at the join of detectors', () => {
  const find = discontinuityFinder(wavelength, [6000]);

  it('is measured without bias, with the error it states', () => {
    const found = seeds.map((seed) => find(seen((at) => (at > 6000 ? 1.2 : 1), seed)));
    const sizes = found.map((jump) => jump?.size ?? Number.NaN);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const error = Math.abs(found[0]?.size ?? 0) / (found[0]?.significance ?? 1);
    assert.ok(Math.abs(mean - 0.2) < (4 * error) / Math.sqrt(sizes.length), `${mean} ± ${error}`);
    const scatter = Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / (sizes.length - 1));
    assert.ok(scatter / error > 0.65 && scatter / error < 1.4, `${scatter} / ${error}`);
    assert.ok(found.every((jump) => (jump?.prominence ?? 0) > 1));
  });

  it('is not seen in a slope, nor in noise', () => {
    for (const shape of [(at: number) => 1 + 0.3 * Math.log(at / 6000), () => 1]) {
      const found = seeds.map((seed) => find(seen(shape, seed))?.significance ?? Number.NaN);
      assert.ok(found.filter((significance) => significance < 2).length > 30);
      assert.ok(found.every((significance) => significance < 4.5));
    }
  });

  it('is told from a larger one elsewhere, and not looked for beyond the spectrum', () => {
    const jump = find(seen((at) => (at > 6000 ? 1.1 : 1) * (at > 7200 ? 1.4 : 1), 1));
    assert.ok(jump !== null && jump.significance > 3 && jump.prominence < 1);
    assert.equal(discontinuityFinder(wavelength, [9500])(seen(() => 1, 1)), null);
  });
});

describe('a star taken for a galaxy', () => {
  const find = stellarFinder(wavelength);
  const star =
    (kind: StellarKind, velocity = 0) =>
    (at: number) =>
      1 + stellarAbsorption(kind, Math.log(at) + velocity);

  for (const kind of ['hot', 'solar', 'cool'] as const) {
    it(`is known by its absorption at rest: ${kind}`, () => {
      const found = find(seen(star(kind), 2));
      assert.ok(found !== null && found.kind === kind && found.significance > 6 && found.prominence > 1.3);
    });
  }

  it('is not seen in noise, nor in absorption at the galaxy’s own redshift', () => {
    const quiet = seeds.map((seed) => find(seen(() => 1, seed))?.significance ?? Number.NaN);
    assert.ok(quiet.every((significance) => significance < 4.5));
    for (const kind of ['hot', 'solar', 'cool'] as const) {
      const found = find(seen(star(kind, -Math.log(1.1)), 3));
      assert.ok(found !== null && !(found.significance > 6 && found.prominence > 1.3), kind);
    }
  });

  it('cannot be told where the redshift is nearly 0', () => {
    assert.equal(find({ ...seen(star('hot'), 2), shift: 0.001 }), null);
  });
});

describe('a missing chunk', () => {
  it('is what others observed, and no gap that all share', () => {
    const survey = pretendSurvey(100);
    const own = row(survey.ivar, 7);
    own.fill(0, 40, 60);
    const find = missingChunkFinder(survey);
    const shift = Math.log1p(survey.catalogue.redshift[7] ?? 0);
    const object = { ...seen(() => 1, 1), ivar: own, shift };
    const { pixels, first, last, share } = find(object);
    assert.deepEqual([pixels, first, last], [20, 40, 59]);
    assert.ok(share > 0.2 && share < 0.35);
    assert.ok(find({ ...object, ivar: row(survey.ivar, 6), shift: Math.log(1.1) }).pixels <= 4);
  });
});

describe('the misfit of a model', () => {
  it('is 1 for noise, and points to where it is worst', () => {
    const find = misfitFinder(PIXELS);
    const { chi2 } = find(seen(() => 1, 5));
    assert.ok(Math.abs(chi2 - 1) < 0.2);
    const bright = find(seen((at) => (at > 5500 && at < 5600 ? 2 : 1), 5));
    assert.ok(bright.chi2 > 1.5 && bright.excess > 0);
    assert.ok(wavelength[bright.first] * 1.1 > 5450 && wavelength[bright.last] * 1.1 < 5650);
  });
});

describe('strengths', () => {
  it('count how rare a value is: −log₁₀ of the share as large, beyond the data too', () => {
    const random = new Random(1);
    const values = Float64Array.from({ length: 20_000 }, () => -Math.log(random.uniform()));
    values[0] = 12;
    const strength = strengths(values);
    // Of an exponential distribution exp(−x) lie beyond x.
    for (const at of [0, 1, 2, 3, 4, 5]) {
      assert.ok(Math.abs(strength[at] - values[at] / Math.LN10) < 0.08 * (1 + values[at] / Math.LN10));
    }
  });

  it('are not moved by a few odd values, nor by those not measured', () => {
    const plain = Float64Array.from({ length: 1000 }, (_, i) => Math.log(1000 / (i + 0.5)));
    const odd = Float64Array.from([...plain, ...Array<number>(10).fill(100), Number.NaN]);
    const [before, after] = [strengths(plain), strengths(odd)];
    assert.ok(Math.abs(before[1] / after[1] - 1) < 0.15);
    assert.ok(after[1005] > 20);
    assert.equal(after[1010], 0);
  });

  it('are counted where nearly all values are the same', () => {
    const strength = strengths(Float64Array.from({ length: 1000 }, (_, i) => (i === 3 ? 5 : 0)));
    assert.equal(strength[0], 0);
    assert.ok(Math.abs(strength[3] - 3) < 1e-9);
  });
});

describe('DEMUD', () => {
  it('shows each kind of novelty once before it shows one again', () => {
    const random = new Random(4);
    const data = new Float32Array(60 * 50);
    random.fillNormal(data);
    const residuals = { rows: 60, columns: 50, data };
    // Three oddities of one kind, the strongest of all, and one of another.
    for (const [object, from, height] of [
      [5, 10, 30],
      [6, 10, 28],
      [7, 10, 26],
      [30, 30, 15],
    ]) {
      for (let p = from; p < from + 5; p++) row(residuals, object)[p] += height;
    }
    const picks = demud(residuals, 4);
    assert.deepEqual(
      picks.slice(0, 2).map((pick) => pick.row),
      [5, 30],
    );
    assert.ok(picks[1].novel[32] > 8 && Math.abs(picks[1].novel[12]) < 5);
    assert.ok(picks.every((pick, i) => i === 0 || pick.novelty <= picks[i - 1].novelty));
  });
});
