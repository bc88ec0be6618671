import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { airToVacuum } from '../index.ts';
import { recogniseAndRead } from './recognise.ts';

function read(text: string, file = 'folder/ngc1.csv') {
  return recogniseAndRead(new TextEncoder().encode(text), file);
}

const pixels = Array.from({ length: 40 }, (_, p) => ({ wave: 4000 + 10 * p, flux: 2 + (p % 3), error: 0.5 }));

describe('spectra in tables of text', () => {
  it('are read by the names of their columns, whatever separates them', () => {
    for (const [separator, names] of [
      [',', 'Wavelength,Flux,Error'],
      ['\t', 'wave\tflux\tsigma'],
      ['  ', 'lambda  flam  err'],
      [' ; ', 'wave ; flux ; noise'],
    ]) {
      const lines = pixels.map(({ wave, flux, error }) => [wave, flux, error].join(separator));
      const { spectra, notes } = read([names, ...lines].join('\r\n'));
      const [spectrum] = spectra;
      assert.equal(spectrum.id, 'ngc1');
      assert.equal(spectrum.redshift, null);
      assert.equal(spectrum.frame, 'observed');
      assert.deepEqual(
        [...spectrum.wavelength],
        pixels.map(({ wave }) => wave),
      );
      assert.deepEqual(
        [...spectrum.flux],
        pixels.map(({ flux }) => flux),
      );
      assert.ok(spectrum.ivar.every((weight) => weight === 4));
      assert.ok(notes.some((note) => note.includes('vacuum is assumed')));
    }
  });

  it('are read without names, as wavelength, flux and standard deviation, which is noted', () => {
    const lines = pixels.map(({ wave, flux, error }) => `${wave} ${flux} ${error}`);
    const { spectra, notes } = read(lines.join('\n'), 'a.txt');
    assert.equal(spectra[0].ivar[3], 4);
    assert.ok(notes.some((note) => note.includes('no names')));
  });

  it('take names and redshift from comments, and units from names', () => {
    const lines = pixels.map(({ wave, flux }) => `${wave / 10},${flux},${4}`);
    const { spectra, notes } = read(['# z = 0.25', '# wave_air (nm),flux,ivar', ...lines].join('\n'));
    assert.equal(spectra[0].redshift, 0.25);
    assert.ok(Math.abs(spectra[0].wavelength[0] - airToVacuum(4000)) < 1e-6);
    assert.ok(spectra[0].ivar.every((weight) => weight === 4));
    assert.deepEqual(notes, []);
  });

  it('know empty and NaN entries, and errors that are not above 0, as not observed', () => {
    const lines = pixels.map(({ wave, flux, error }, p) => `${wave},${p === 3 ? 'nan' : flux},${p === 5 ? 0 : error}`);
    const { ivar, flux } = read(['wavelength,flux,error', ...lines].join('\n')).spectra[0];
    assert.deepEqual([ivar[3], flux[3], ivar[5], flux[5], ivar[6]], [0, 0, 0, 0, 4]);
  });

  it('without errors get the noise that neighbouring pixels differ by', () => {
    const random = new Random(2);
    const lines = Array.from({ length: 2000 }, (_, p) => `${3800 + p},${100 + p / 100 + 5 * random.normal()}`);
    const { spectra, notes } = read(lines.join('\n'));
    assert.ok(Math.abs(1 / Math.sqrt(spectra[0].ivar[0]) - 5) < 0.4);
    assert.ok(notes.some((note) => note.includes('states no errors')));
  });

  it('are refused with the place of what is wrong', () => {
    const refused = (text: string, message: RegExp) => assert.throws(() => read(text), { name: 'FileError', message });
    refused('4000,1,1\n4001,1\n', /line 2: it has 2 entries/);
    refused('# header\n\nwave,brightness\n4000,1\n4001,2\n', /none of the columns flux.*it has wave, brightness/);
    refused('400,1\n401,1\n402,1\n', /too short for Å/);
    refused('wave,flux (Jy)\n4000,1\n4001,1\n', /per frequency/);
    refused('wave (furlong),flux\n4000,1\n4001,1\n', /unit "furlong"/);
    refused('4000,1,1\n3000,1,1\n5000,1,1\n', /sort its rows/);
    refused('wave,flux,error\n4000,nan,1\n4001,nan,1\n4002,1,0\n', /none of its pixels/);
  });

  it('are not seen in text that is no table of numbers, of which is said what it lacks', () => {
    const lacksNames =
      /neither a FITS, npz nor text spectrum: its first line has no columns named wavelength and flux;/;
    for (const text of ['no spectrum at all', '<html>1 2</html>', '# z = 1\nx,y\nUrsa,Ö\n']) {
      assert.throws(() => read(text), lacksNames);
    }
    assert.throws(() => read('id,wavelength,flux\nM31,4000,1\n'), /no line begins with two numbers/);
    assert.throws(() => read('SIMPLE  =                    T'), /FITS/);
    assert.throws(() => read('\u0007\u0007'), /it is not a FITS file/);
  });
});
