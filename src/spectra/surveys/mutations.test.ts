/** Damaged survey files give sound spectra, rejections, or a FileError that names the file; nothing else. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { MUTATIONS, surviveMutations } from '../../../tests/contracts/mutations.ts';
import { SURVEY_FILES } from '../../../tests/references/survey-files.ts';
import { createPreparation, logGrid, type Spectrum } from '../index.ts';
import { recogniseAndRead } from './recognise.ts';

const GRID = logGrid(3500, 8000, 300);
const prepare = createPreparation(GRID, { kind: 'flux' });
const flux = new Float32Array(GRID.length);
const ivar = new Float32Array(GRID.length);

function readSoundly(bytes: Uint8Array, file: string): void {
  const { spectra, rejected, redshifts } = recogniseAndRead(bytes, file);
  for (const spectrum of spectra) {
    assertSound(spectrum);
    const outcome = prepare(spectrum, flux, ivar);
    assert.ok(outcome.ok ? outcome.scale > 0 && outcome.scale < Infinity : outcome.reason !== '');
    assert.ok(flux.every(Number.isFinite) && ivar.every((weight) => weight >= 0 && weight < Infinity));
  }
  for (const { place, reason } of rejected) assert.ok(place !== '' && reason !== '');
  for (const { redshift } of redshifts) assert.ok(redshift > -1 && redshift < Infinity);
}

function assertSound(spectrum: Spectrum): void {
  const { wavelength, redshift, redshiftError, labels } = spectrum;
  assert.ok(
    wavelength.length >= 2 && wavelength.length === spectrum.flux.length && wavelength.length === spectrum.ivar.length,
  );
  let observed = 0;
  for (let i = 0; i < wavelength.length; i++) {
    const weight = spectrum.ivar[i];
    assert.ok(wavelength[i] > (i === 0 ? 0 : wavelength[i - 1]) && wavelength[i] < Infinity, `wavelength ${i}`);
    assert.ok(Number.isFinite(spectrum.flux[i]) && weight >= 0 && weight < Infinity, `pixel ${i}`);
    if (weight > 0) observed++;
  }
  assert.ok(observed > 0);
  assert.ok(redshift === null || (redshift > -1 && redshift < Infinity));
  assert.ok(redshiftError === null || (redshiftError > 0 && redshiftError < Infinity));
  for (const label of Object.values(labels))
    assert.ok(Number.isFinite(label.value) && label.ivar > 0 && label.ivar < Infinity);
  for (const { flux: lineFlux, fluxError, width, sigma } of spectrum.lineFits ?? []) {
    assert.ok(Number.isFinite(lineFlux) && fluxError > 0 && fluxError < Infinity);
    assert.ok(Number.isFinite(width ?? 0) && (sigma ?? 1) > 0 && (sigma ?? 1) < Infinity);
  }
  assert.ok(spectrum.id !== '');
}

describe('survey files', () => {
  for (const [file, bytes] of Object.entries(SURVEY_FILES)) {
    it(`survive damage to ${file}`, async () => {
      const { spectra, rejected, redshifts } = recogniseAndRead(bytes, file);
      assert.ok(spectra.length + redshifts.length > 0 && rejected.length === 0, 'the file is sound to begin with');
      for (const spectrum of spectra) {
        const outcome = prepare(spectrum, flux, ivar);
        assert.ok(outcome.ok, JSON.stringify(outcome));
      }
      const outcome = await surviveMutations(bytes, file, readSoundly);
      assert.ok(outcome.decoded > 0 && outcome.refused > 0);
    });
  }
});

/** The file with its DATASUM cards renamed, for the same reason. */
function withoutSums(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(
    Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('DATASUM =', 'OLDSUM  ='), 'latin1'),
  );
}

const ROOT = '../shared/data/formats';
const REAL = [
  'sdss-spec-lite/spec-0266-51630-0168.fits',
  'sdss-dr7-spspec/spSpec-52017-0516-139.fit.gz',
  'boss-and-desi/spectra-16-0.fits',
  'boss-and-desi/zcat.fits',
  'desi-coadd/stack-LRG.fits',
];

describe('survey files of ../shared/data', existsSync(ROOT) ? {} : { skip: 'no ../shared/data' }, () => {
  for (const file of REAL) {
    it(`survive damage to ${file}`, async () => {
      const stored = readFileSync(`${ROOT}/${file}`);
      // Behind a checksum no damage would get through to the reader.
      const bytes = new Uint8Array(file.endsWith('.gz') ? gunzipSync(stored) : stored);
      await surviveMutations(withoutSums(bytes), file, readSoundly, Math.ceil(MUTATIONS / 2));
    });
  }
});
