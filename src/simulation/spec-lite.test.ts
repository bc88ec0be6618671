import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { importSpectra } from '../dataset/index.node.ts';
import { readFits } from '../io/index.ts';
import { recogniseAndRead } from '../spectra/surveys/index.ts';
import { simulateGalaxies } from './galaxies/simulate-galaxies.ts';
import { simulateQuasars } from './quasars/simulate-quasars.ts';
import { specLiteFile } from './spec-lite.ts';

const SURVEYS = [
  { preset: 'galaxies', survey: simulateGalaxies({ objects: 12, seed: 6 }) },
  { preset: 'quasars', survey: simulateQuasars({ objects: 12, seed: 6 }) },
] as const;

for (const { preset, survey } of SURVEYS) {
  describe(`spec-lite files of simulated ${preset}`, () => {
    it('are read back by the SDSS reader as the same spectra', () => {
      for (const object of survey.observed()) {
        const { name, bytes } = specLiteFile(object);
        const { spectra, rejected } = recogniseAndRead(bytes, name);
        assert.deepEqual(rejected, []);
        const [read] = spectra;
        const { spectrum } = object;
        for (const key of ['id', 'fluxUnit', 'redshift', 'redshiftWarning', 'objectClass', 'subclass'] as const) {
          assert.equal(read[key], spectrum[key], key);
        }
        const start = spectrum.wavelength.indexOf(read.wavelength[0]);
        read.wavelength.forEach((wavelength, i) => {
          assert.equal(wavelength, spectrum.wavelength[start + i]);
          assert.equal(read.ivar[i], spectrum.ivar[start + i]);
          if (read.ivar[i] > 0) assert.equal(read.flux[i], spectrum.flux[start + i]);
        });
        const observed = (ivar: Float64Array) => ivar.filter((weight) => weight > 0).length;
        assert.equal(observed(read.ivar), observed(spectrum.ivar));
      }
    });

    it('have the columns and header cards of the survey', () => {
      const [object] = survey.observed();
      const { name, bytes } = specLiteFile(object);
      assert.match(name, /^spec-\d{4,5}-\d{5}-\d{4}\.fits$/);
      const fits = readFits(bytes, name);
      const coadd = fits.table(1);
      for (const column of ['flux', 'loglam', 'ivar', 'and_mask', 'or_mask', 'wdisp', 'sky', 'model']) {
        assert.equal(coadd.numbers(column).length, object.spectrum.flux.length, column);
      }
      assert.equal(fits.hdus[0].header.get('PLATEID'), object.plate);
      assert.equal(fits.hdus[0].header.get('COEFF1'), 1e-4);
      const row = fits.table(2);
      assert.equal(row.numbers('FIBERID')[0], object.fiber);
      assert.equal(row.numbers('ZWARNING')[0], 0);
    });

    it('give the same dataset when imported', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lightfold-simulation-'));
      try {
        for (const object of survey.observed()) {
          const { name, bytes } = specLiteFile(object);
          writeFileSync(join(folder, name), bytes);
        }
        const { dataset, skipped } = await importSpectra([folder], { preset });
        assert.deepEqual(skipped, []);
        const { flux, ivar, catalogue } = survey.dataset;
        assert.deepEqual(dataset.catalogue.id, catalogue.id);
        assert.deepEqual(dataset.catalogue.redshift, catalogue.redshift);
        assert.deepEqual(dataset.catalogue.objectClass, catalogue.objectClass);
        assert.deepEqual(dataset.flux.data, flux.data);
        assert.deepEqual(dataset.ivar.data, ivar.data);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
