import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { observedSpectrum, pretendLinesRun } from '../../tests/fixtures/inference/pretend-lines.ts';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import { Random, row } from '../base/index.ts';
import { type Dataset, exportNpz } from '../dataset/index.ts';
import { openRun } from '../inference/index.node.ts';
import type { OpenRun } from '../inference/index.ts';
import { writeFits } from '../io/index.ts';
import type { Spectrum } from '../spectra/index.ts';
import { fit } from '../training/index.node.ts';
import { placeFile } from './placing.ts';
import { placedFileSchema } from './protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-placing-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A run of the toy survey, which is normalised by its flux. */
const OBJECTS = 120;
const PIXELS = 40;
const survey: Dataset = {
  ...toySurvey(OBJECTS, PIXELS),
  manifest: { ...toySurvey(1, PIXELS).manifest, normalisation: 'flux' },
};
let run: OpenRun;
before(async () => {
  await fit('pca', survey, { out: join(folder, 'pca'), latents: 2, threads: 1 });
  run = await openRun(join(folder, 'pca'), { threads: 1 });
});

/** An object of the survey as a table of text, seen at a redshift and in another unit of flux. */
function asText(n: number, { z = 0, unit = 7, comment = '' } = {}): Uint8Array {
  const [flux, ivar] = [row(survey.flux, n), row(survey.ivar, n)];
  const lines = Array.from(survey.wavelength, (wavelength, p) => {
    const density = unit / (1 + z);
    return `${wavelength * (1 + z)},${density * flux[p]},${ivar[p] > 0 ? density / Math.sqrt(ivar[p]) : 0}`;
  });
  return new TextEncoder().encode(
    [comment, 'wavelength_vac,flux,error', ...lines].filter((line) => line !== '').join('\n'),
  );
}

/** Latent means of an object of the survey, normalised as the run wants it. */
async function latentsOf(n: number): Promise<number[]> {
  const { placed } = await placeFile(run, { fileName: 'rows.npz', bytes: exportNpz(survey) });
  return [...placed[n].latentMean];
}

function assertNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, k) => {
    assert.ok(Math.abs(value - expected[k]) < tolerance * (1 + Math.abs(expected[k])), `${value} for ${expected[k]}`);
  });
}

describe('placing a file', () => {
  it('finds an object of the survey where the survey has it, at any redshift and in any unit', async () => {
    const expected = await latentsOf(4);
    for (const [z, unit] of [
      [0, 1],
      [0.3, 1e-17],
      [2, 5e4],
    ]) {
      const file = await placeFile(run, { fileName: 'a.csv', bytes: asText(4, { z, unit, comment: `# z = ${z}` }) });
      const [placed] = file.placed;
      assert.deepEqual([placed.redshift, placed.redshiftFrom, placed.id], [z, 'file', 'a']);
      assertNear(placed.latentMean, expected, 0.02);
      assert.ok(Math.abs(placed.scale / (unit / (1 + z)) - 1) < 0.2);
      assert.deepEqual(placedFileSchema.parse(JSON.parse(JSON.stringify(file))), file);
      assert.deepEqual(
        [placed.flux, placed.ivar, placed.reconstruction, placed.reconstructionError].map((of) => of.length),
        [PIXELS, PIXELS, PIXELS, PIXELS],
      );
      assert.equal(placed.latentCovariance.length, 4);
      assert.ok(placed.reconstructionError.every((error) => error >= 0));
    }
  });

  it('takes the redshift that is asked for rather than that of the file', async () => {
    const bytes = asText(9, { z: 0.5, comment: '# z = 0.1' });
    const { placed } = await placeFile(run, { fileName: 'a.csv', bytes, redshift: 0.5 });
    assert.deepEqual([placed[0].redshift, placed[0].redshiftFrom], [0.5, 'asked']);
    assertNear(placed[0].latentMean, await latentsOf(9), 0.02);
    await assert.rejects(placeFile(run, { fileName: 'a.csv', bytes, redshift: -2 }), { name: 'UserError' });
  });

  it('fits the redshift of a spectrum that states none, as well as the run can', async () => {
    const pretend = pretendLinesRun();
    const spectrum = observedSpectrum({ z: 0.21, latent: [0.3, 0.5, 0], snr: 10 }, new Random(4));
    const { placed } = await placeFile(pretend, { fileName: 'mine.fits', bytes: asFits(spectrum) });
    assert.equal(placed[0].redshiftFrom, 'fitted');
    assert.ok(Math.abs(placed[0].redshift - 0.21) < 0.002, `${placed[0].redshift}`);
    assert.ok(placed[0].redshiftError !== null && placed[0].redshiftError < 0.002);
    assert.equal(placed[0].source, 'mine.fits, HDU 1');
  });

  it('places at most fifty spectra and says how many are left', async () => {
    const { placed, skipped } = await placeFile(run, { fileName: 'rows.npz', bytes: exportNpz(survey) });
    assert.equal(placed.length, 50);
    assert.deepEqual(
      placed.map(({ id }) => id),
      survey.catalogue.id.slice(0, 50),
    );
    assert.equal(skipped.length, 1);
    assert.match(skipped[0].reason, new RegExp(`and ${OBJECTS - 51} more are left out`));
  });

  it('names the spectra that cannot be placed, beside those that can', async () => {
    const ivar = { ...survey.ivar, data: survey.ivar.data.slice() };
    ivar.data.fill(0, 0, PIXELS - 2);
    const { placed, skipped } = await placeFile(run, { fileName: 'b.npz', bytes: exportNpz({ ...survey, ivar }) });
    assert.equal(placed[0].id, 'toy-1');
    assert.equal(skipped[0].place, 'row 0');
    assert.match(skipped[0].reason, /of the grid .* is observed/);
  });

  it('gives back nothing of the folders of the machine that sent the file', async () => {
    const bytes = asText(2, { comment: '# z = 0' });
    for (const fileName of ['C:\\Users\\me\\secret\\a.csv', '/home/me/secret/a.csv']) {
      const file = await placeFile(run, { fileName, bytes });
      assert.equal(file.file, 'a.csv');
      assert.ok(!JSON.stringify(file).includes('secret'));
    }
  });

  it('refuses in a sentence what holds no spectrum that it can place', async () => {
    const refused = (bytes: Uint8Array, message: RegExp) =>
      assert.rejects(placeFile(run, { fileName: 'x.fits', bytes }), (error: Error) => {
        assert.ok(['UserError', 'FileError'].includes(error.name), `${error.stack}`);
        assert.match(error.message, message);
        return true;
      });
    await refused(new Uint8Array(0), /empty/);
    await refused(new Uint8Array(5000).fill(7), /FITS/);
    await refused(new TextEncoder().encode('<html><body>not found</body></html>'), /FITS/);
    await refused(asText(1).subarray(0, 60), /x\.fits/);
    await refused(exportNpz(survey).subarray(0, 900), /x\.fits/);
    await refused(asText(1, { z: 9, comment: '# z = 0' }), /Nothing in x\.fits can be placed.*observed/);
    await refused(asText(1, { z: 200 }), /states no redshift, and none could be fitted/);
    await refused(
      asFits(observedSpectrum({ z: 0.1, latent: [0, 0, 0], snr: 5 }, new Random(1))).subarray(0, 4000),
      /x\.fits/,
    );
  });
});

function asFits({ wavelength, flux, ivar }: Spectrum): Uint8Array {
  const unit = 'Angstrom';
  return writeFits([
    {
      kind: 'table',
      columns: [
        { name: 'wave_vac', unit, values: Float64Array.from(wavelength) },
        { name: 'flux', values: Float64Array.from(flux) },
        { name: 'ivar', values: Float64Array.from(ivar) },
      ],
    },
  ]);
}
