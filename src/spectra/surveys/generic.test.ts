import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CardToWrite, type ColumnToWrite, writeFits } from '../../io/index.ts';
import { airToVacuum } from '../index.ts';
import { recogniseAndRead } from './recognise.ts';

const angstroms = Float64Array.of(4000, 4001, 4002);
const flux: ColumnToWrite = { name: 'flux', unit: 'erg/s/cm2/AA', values: Float32Array.of(1, 2, 3) };
const ivar: ColumnToWrite = { name: 'ivar', values: Float32Array.of(4, 0, 9) };
const wave: ColumnToWrite = { name: 'wavelength', unit: 'Angstrom', values: angstroms };

const read = (columns: ColumnToWrite[], cards: CardToWrite[] = []) =>
  recogniseAndRead(writeFits([{ kind: 'table', name: 'SPECTRUM', columns, cards }]), 'dir/mine.fits');

describe('a plain FITS table', () => {
  it('with a pixel in each row is one spectrum, described by its header', () => {
    const { spectra, notes, format } = read(
      [wave, flux, ivar],
      [
        { keyword: 'Z', value: 0.5 },
        { keyword: 'CLASS', value: 'galaxy' },
        { keyword: 'AIRORVAC', value: 'vac' },
      ],
    );
    assert.equal(format, 'FITS table');
    assert.deepEqual(notes, []);
    const [spectrum] = spectra;
    assert.deepEqual([spectrum.id, spectrum.redshift, spectrum.objectClass], ['mine', 0.5, 'GALAXY']);
    assert.deepEqual(
      [spectrum.wavelength, spectrum.flux, spectrum.ivar],
      [angstroms, Float64Array.of(1, 0, 3), Float64Array.of(4, 0, 9)],
    );
    assert.equal(spectrum.fluxUnit, 'erg/s/cm2/AA');
    assert.equal(spectrum.source.place, 'HDU 1 (SPECTRUM)');
  });

  it('gives the same wavelengths in any unit', () => {
    const logs = angstroms.map(Math.log10);
    for (const [name, unit, values] of [
      ['WAVE', 'nm', angstroms.map((x) => x / 10)],
      ['lambda', 'um', angstroms.map((x) => x / 1e4)],
      ['wave', 'micron', angstroms.map((x) => x / 1e4)],
      ['wavelength', 'm', angstroms.map((x) => x / 1e10)],
      ['loglam', undefined, logs],
      ['loglam', 'log10(Angstrom)', logs],
      ['wave_vac', 'AA', angstroms],
      ['wave', undefined, angstroms],
    ] as const) {
      const column = unit === undefined ? { name, values } : { name, unit, values };
      const [spectrum] = read([column, flux, ivar]).spectra;
      spectrum.wavelength.forEach((value, i) => {
        assert.ok(Math.abs(value / angstroms[i] - 1) < 1e-12, `${name} ${unit}`);
      });
    }
  });

  it('is brought from air to vacuum when it says air, and notes what it assumes', () => {
    const inAir = read([wave, flux, ivar], [{ keyword: 'AIRORVAC', value: 'air' }]);
    assert.deepEqual(inAir.spectra[0].wavelength, angstroms.map(airToVacuum));
    assert.deepEqual(
      read([{ ...wave, name: 'wave_air' }, flux, ivar]).spectra[0].wavelength,
      angstroms.map(airToVacuum),
    );
    const { notes } = read([{ name: 'wave', values: angstroms }, flux, ivar]);
    assert.match(notes.join('; '), /no unit; ångström is assumed; nothing says whether .* vacuum is assumed/);
  });

  it('takes errors, and any mask that is not 0', () => {
    const error: ColumnToWrite = { name: 'ERR', values: Float32Array.of(0.5, 0, 0.25) };
    assert.deepEqual(read([wave, flux, error]).spectra[0].ivar, Float64Array.of(4, 0, 16));
    const mask: ColumnToWrite = { name: 'mask', values: Uint8Array.of(1, 0, 0), logical: true };
    assert.deepEqual(read([wave, flux, error, mask]).spectra[0].ivar, Float64Array.of(0, 0, 16));
    assert.deepEqual(
      read([wave, flux, error, { name: 'MASK', values: Int32Array.of(0, 0, 8) }]).spectra[0].ivar,
      Float64Array.of(4, 0, 0),
    );
  });

  it('with arrays in its rows is a spectrum for each row, bad rows rejected', () => {
    const twice = (values: ArrayLike<number>) => Float64Array.from([...Array.from(values), ...Array.from(values)]);
    const result = read([
      { name: 'id', values: ['a', 'b'] },
      { name: 'z', values: Float64Array.of(0.1, 0.2) },
      { name: 'class', values: ['QSO', ''] },
      { name: 'wave', unit: 'nm', values: twice(angstroms.map((x) => x / 10)), width: 3 },
      { name: 'flux', values: twice([1, 2, 3]), width: 3 },
      { name: 'ivar', values: Float64Array.of(1, 1, 1, 0, 0, 0), width: 3 },
    ]);
    assert.equal(result.spectra.length, 1);
    const [spectrum] = result.spectra;
    assert.deepEqual([spectrum.id, spectrum.redshift, spectrum.objectClass], ['a', 0.1, 'QSO']);
    assert.deepEqual(
      result.rejected.map(({ place }) => place),
      ['HDU 1 (SPECTRUM), row 1'],
    );
  });

  it('names spectra after the file where the file does not', () => {
    const columns = [wave, flux, ivar].map((column) => ({ ...column, width: 3 }));
    const idsOf = (extra: ColumnToWrite[]) => read([...extra, ...columns]).spectra.map(({ id }) => id);
    assert.deepEqual(idsOf([]), ['mine-0']);
    assert.deepEqual(idsOf([{ name: 'ID', values: [' '] }]), ['mine-0']);
    assert.deepEqual(idsOf([{ name: 'TARGETID', values: BigInt64Array.of(39633345008634465n) }]), [
      '39633345008634465',
    ]);
  });

  it('is refused, with the mend, when it cannot be understood', () => {
    assert.throws(
      () => read([wave, flux]),
      /mine\.fits, HDU 1 \(SPECTRUM\): it has flux and no errors; it needs one of the columns ivar/,
    );
    assert.throws(() => read([{ ...wave, unit: 'furlong' }, flux, ivar]), /unit "furlong"/);
    assert.throws(() => read([wave, { ...flux, unit: 'mJy' }, ivar]), /per frequency/);
    assert.throws(
      () => read([{ name: 'wave', values: angstroms.map((x) => x / 10) }, flux, ivar]),
      /no unit and its values end at 400.*TUNIT/,
    );
    assert.throws(
      () => read([wave, { name: 'flux', values: ['a', 'b', 'c'] }, ivar]),
      /column "flux".*not hold numbers/,
    );
    const arrays: ColumnToWrite[] = [
      { ...wave, values: Float64Array.of(1, 2, 3, 4, 5, 6), width: 2 },
      { ...flux, values: Float64Array.of(1, 2, 3, 4, 5, 6), width: 2 },
    ];
    assert.throws(() => read([...arrays, ivar]), /column "ivar": it holds one value a row, unlike the flux column/);
  });
});

describe('images of spectra side by side', () => {
  it('are read with the redshifts of their table', () => {
    const image = (name: string, shape: number[], values: number[]) => ({
      kind: 'image' as const,
      name,
      shape,
      data: Float64Array.from(values),
    });
    const bytes = writeFits([
      { kind: 'empty' },
      image('FLUX', [2, 3], [1, 2, 3, 4, 5, 6]),
      image('IVAR', [2, 3], [1, 1, 1, 0, 1, 1]),
      {
        ...image('WAVE', [3], Array.from(angstroms)),
        cards: [
          { keyword: 'BUNIT', value: 'Angstrom' },
          { keyword: 'AIRORVAC', value: 'vac' },
        ],
      },
      {
        kind: 'table',
        name: 'STACKINFO',
        columns: [
          { name: 'STACKID', values: Int32Array.of(3, 4) },
          { name: 'Z', values: Float64Array.of(0, 0.4) },
        ],
      },
    ]);
    const { spectra, notes } = recogniseAndRead(bytes, 'x/stack.fits');
    assert.deepEqual(
      spectra.map(({ id, redshift }) => [id, redshift]),
      [
        ['stack-3', 0],
        ['stack-4', 0.4],
      ],
    );
    assert.deepEqual(Array.from(spectra[1].flux), [0, 5, 6]);
    assert.deepEqual(notes, []);
  });
});
