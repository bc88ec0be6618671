import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random, UserError } from '../base/index.ts';
import { logGrid } from './grid.ts';
import { medianSnr } from './median.ts';
import { normalise } from './normalise.ts';
import { createPreparation } from './prepare.ts';
import { resample } from './resample.ts';
import { toRestFrame } from './rest-frame.ts';
import type { Spectrum } from './spectrum.ts';

function observedSpectrum(redshift: number | null, changes: Partial<Spectrum> = {}): Spectrum {
  const random = new Random(5);
  const wavelength = logGrid(3800, 9200, 3800);
  const ivar = Float64Array.from(wavelength, () => (random.uniform() < 0.05 ? 0 : 1e36 * random.uniform(1, 9)));
  return {
    id: '0266-51630-0168',
    wavelength,
    frame: 'observed',
    flux: ivar.map((weight, i) => (weight > 0 ? 1e-17 * (2 + Math.sin(wavelength[i] / 300)) : 0)),
    ivar,
    fluxUnit: 'erg/s/cm^2/Angstrom',
    redshift,
    redshiftError: null,
    redshiftWarning: 0,
    objectClass: 'GALAXY',
    subclass: null,
    labels: {},
    source: { file: 'a.fits', place: '' },
    ...changes,
  };
}

const grid = logGrid(3388, 8318, 1000);

describe('the rest frame', () => {
  it('keeps the flux between two wavelengths and the S/N of every pixel', () => {
    const observed = observedSpectrum(0.5);
    const rest = toRestFrame(observed);
    assert.equal(rest.frame, 'rest');
    assert.equal(rest.redshift, 0.5);
    observed.wavelength.forEach((wavelength, i) => {
      assert.equal(rest.wavelength[i], wavelength / 1.5);
      assert.ok(Math.abs(rest.flux[i] / 1.5 - observed.flux[i]) <= 1e-30);
      const snr = observed.flux[i] * Math.sqrt(observed.ivar[i]);
      assert.ok(Math.abs(rest.flux[i] * Math.sqrt(rest.ivar[i]) - snr) <= 1e-12 * snr);
    });
    assert.equal(toRestFrame(rest), rest);
  });

  it("takes the caller's redshift before the survey's", () => {
    assert.equal(toRestFrame(observedSpectrum(0.5), 1).wavelength[0], 1900);
  });

  it('refuses a missing or impossible redshift and names the spectrum', () => {
    assert.throws(() => toRestFrame(observedSpectrum(null)), /0266-51630-0168 of a\.fits has no redshift/);
    assert.throws(() => toRestFrame(observedSpectrum(-1)), /must be above -1/);
    assert.throws(() => toRestFrame(observedSpectrum(Number.NaN)), UserError);
  });
});

describe('preparing a spectrum for a dataset', () => {
  for (const how of [{ kind: 'flux' }, { kind: 'at', wavelength: 5500 }, { kind: 'none' }] as const) {
    it(`gives what rest frame, resampling and normalisation (${how.kind}) give one after the other`, () => {
      const scaled = observedSpectrum(0.3, {
        flux: observedSpectrum(0.3).flux.map((f) => f * 1e17),
        ivar: observedSpectrum(0.3).ivar.map((w) => w * 1e-34),
      });
      const expected = resample(toRestFrame(scaled), grid);
      const normalised = normalise(expected.flux, expected.ivar, grid, how);
      assert.ok(normalised.ok);
      const flux = new Float64Array(grid.length);
      const ivar = new Float64Array(grid.length);
      const outcome = createPreparation(grid, how)(scaled, flux, ivar);
      assert.ok(outcome.ok);
      assert.ok(Math.abs((outcome.scale * 1.3) / normalised.scale - 1) < 1e-12);
      assert.ok(Math.abs(outcome.snr - medianSnr(expected.flux, expected.ivar)) < 1e-9);
      for (let i = 0; i < grid.length; i++) {
        assert.ok(Math.abs(flux[i] - expected.flux[i]) < 1e-9);
        assert.ok(Math.abs(ivar[i] - expected.ivar[i]) <= 1e-9 * expected.ivar[i]);
      }
    });
  }

  it('takes fluxes in cgs units without overflowing float32', () => {
    const flux = new Float32Array(grid.length);
    const ivar = new Float32Array(grid.length);
    const outcome = createPreparation(grid, { kind: 'flux' })(observedSpectrum(0.3), flux, ivar);
    assert.ok(outcome.ok);
    assert.ok(Math.abs(outcome.scale / 2e-17 - 1) < 0.3);
    assert.ok(ivar.every(Number.isFinite) && ivar.some((weight) => weight > 0));
    const unscaled = createPreparation(grid, { kind: 'none' })(
      observedSpectrum(0.3, { ivar: new Float64Array(3800).fill(1e40) }),
      flux,
      ivar,
    );
    assert.ok(!unscaled.ok);
    assert.match(unscaled.reason, /float32/);
  });

  it('says why it leaves a spectrum out, and leaves zeros', () => {
    const prepare = createPreparation(grid, { kind: 'flux' });
    for (const [spectrum, reason] of [
      [observedSpectrum(null), /no redshift/],
      [observedSpectrum(-2), /not above -1/],
      [observedSpectrum(7), /of the grid .*is observed/],
      [
        observedSpectrum(0.3, { ivar: new Float64Array(3800) }),
        /none of the grid \(.* Å\) is observed and 10% must be: it has no observed pixel at all/,
      ],
      [observedSpectrum(0.3, { flux: new Float64Array(3800) }), /not positive/],
    ] as const) {
      const flux = new Float64Array(grid.length).fill(7);
      const ivar = new Float64Array(grid.length).fill(7);
      const outcome = prepare(spectrum, flux, ivar);
      assert.ok(!outcome.ok);
      assert.match(outcome.reason, reason);
      assert.ok(flux.every((value) => value === 0) && ivar.every((value) => value === 0));
    }
  });

  it('refuses arrays of another length', () => {
    const few = new Float32Array(3);
    assert.throws(
      () => createPreparation(grid, { kind: 'flux' })(observedSpectrum(0), few, few),
      /1000 pixels.* 3 and 3/,
    );
  });
});
