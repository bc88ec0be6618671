/** The survey files of ../shared/data, against what astropy says of them (tests/fixtures/spectra/survey-numbers.py). */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createPreparation, PRESETS, presetGrid, type Spectrum } from '../index.ts';
import { recogniseAndRead } from './recognise.ts';
import { applyRedshifts } from './redshifts.ts';

const ROOT = '../shared/data';
const options = existsSync(ROOT) ? {} : { skip: 'no ../shared/data' };

const read = (file: string) => recogniseAndRead(new Uint8Array(readFileSync(`${ROOT}/${file}`)), file);
const observed = (spectrum: Spectrum) => spectrum.ivar.filter((weight) => weight > 0).length;
const about = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual / expected - 1) < 1e-6, `${actual} is not ${expected}`);

interface Numbers {
  file: string;
  format: string;
  id: string;
  redshift: number | null;
  objectClass: string | null;
  pixels: number;
  observed: number;
  first: number;
  last: number;
  fluxSum: number;
  ivarSum: number;
}

const ASTROPY: Numbers[] = JSON.parse(readFileSync('tests/fixtures/spectra/survey-numbers.json', 'utf8'));

describe('the survey files of ../shared/data', options, () => {
  for (const expected of ASTROPY) {
    it(`${expected.file} reads as astropy reads it`, () => {
      const result = read(expected.file);
      assert.deepEqual([result.format, result.rejected, result.spectra.length], [expected.format, [], 1]);
      const [spectrum] = result.spectra;
      assert.deepEqual(
        [spectrum.id, spectrum.redshift, spectrum.objectClass],
        [expected.id, expected.redshift, expected.objectClass],
      );
      assert.deepEqual([spectrum.wavelength.length, observed(spectrum)], [expected.pixels, expected.observed]);
      about(spectrum.wavelength[0], expected.first);
      about(spectrum.wavelength[expected.pixels - 1], expected.last);
      about(
        spectrum.flux.reduce((sum, value) => sum + value),
        expected.fluxSum,
      );
      about(
        spectrum.ivar.reduce((sum, value) => sum + value),
        expected.ivarSum,
      );
    });
  }

  it('give DESI spectra the redshifts of their redrock files', () => {
    for (const [spectra, redshifts, expected] of [
      [
        'formats/desi-coadd/coadd-4-80613-thru20210324.fits',
        'formats/desi-coadd/redrock-4-80613-thru20210324.fits',
        0.36874355,
      ],
      [
        'formats/desi-coadd/coadd-special-dark-27247.fits',
        'formats/desi-coadd/redrock-special-dark-27247.fits',
        0.00726967,
      ],
      ['formats/boss-and-desi/spectra-16-0.fits', 'formats/boss-and-desi/zcat.fits', 3.46121716],
    ] as const) {
      const [spectrum] = applyRedshifts(read(spectra).spectra, read(redshifts).redshifts);
      assert.ok(spectrum.redshift !== null && Math.abs(spectrum.redshift - expected) < 1e-7);
    }
  });

  it('agree with their index on class, redshift, pixels and range', () => {
    const [header, ...lines] = readFileSync(`${ROOT}/sdss/index.csv`, 'utf8').trim().split(/\r?\n/);
    const names = header.split(',');
    assert.equal(lines.length, 91);
    for (const line of lines) {
      const row = Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell]));
      const [spectrum] = read(`sdss/${row.file}`).spectra;
      assert.equal(spectrum.objectClass, row.cls, row.file);
      assert.equal(spectrum.subclass, row.sub, row.file);
      assert.equal(spectrum.redshiftWarning, Number(row.zwarn), row.file);
      assert.ok(spectrum.redshift !== null && Math.abs(spectrum.redshift - Number(row.z)) < 1e-7, row.file);
      assert.equal(spectrum.wavelength.length, Number(row.npix), row.file);
      about(spectrum.wavelength[0], Number(row.wmin));
      about(spectrum.wavelength[spectrum.wavelength.length - 1], Number(row.wmax));
      const [plate, mjd, fiber] = spectrum.id.split('-').map(Number);
      assert.deepEqual([plate, mjd, fiber], [Number(row.plate), Number(row.mjd), Number(row.fiber)], row.file);
    }
  });

  it('have Hα at its vacuum rest wavelength once resampled', () => {
    const grid = presetGrid('galaxies');
    const flux = new Float32Array(grid.length);
    const [spectrum] = read('formats/sdss-spec-lite/spec-0266-51630-0168.fits').spectra;
    assert.ok(createPreparation(grid, { kind: 'flux' })(spectrum, flux, new Float32Array(grid.length)).ok);
    const nearby = grid.map((wavelength, i) => (Math.abs(wavelength - 6560) < 60 ? flux[i] : 0));
    const peak = grid[nearby.indexOf(Math.max(...nearby))];
    // Pixels are 6 Å wide there.
    assert.ok(Math.abs(peak - 6564.61) < 6, `${peak}`);
  });

  it('come onto the grid of the galaxies with flux near 1', () => {
    const prepare = createPreparation(presetGrid('galaxies'), PRESETS.galaxies.normalisation);
    const flux = new Float32Array(1000);
    const ivar = new Float32Array(1000);
    for (const name of readdirSync(`${ROOT}/formats/sdss-spec-lite`)) {
      const [spectrum] = read(`formats/sdss-spec-lite/${name}`).spectra;
      const outcome = prepare(spectrum, flux, ivar);
      assert.ok(outcome.ok);
      assert.ok(outcome.observed > 0.8 && outcome.snr > 3, `${name}: ${JSON.stringify(outcome)}`);
      const values = flux.filter((_, i) => ivar[i] > 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      assert.ok(Math.abs(mean - 1) < 0.3, `${name}: ${mean}`);
    }
  });
});
