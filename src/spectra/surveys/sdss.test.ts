import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileError } from '../../base/index.ts';
import { type ColumnToWrite, type HduToWrite, writeFits } from '../../io/index.ts';
import { recogniseAndRead } from './recognise.ts';
import { BAD_SDSS_BITS, type SdssMaskBit, SPPIXMASK } from './sdss-mask.ts';

const PIXELS = 40;

interface Changes {
  flux?: Float32Array<ArrayBuffer>;
  ivar?: Float32Array<ArrayBuffer>;
  andMask?: Int32Array<ArrayBuffer>;
  orMask?: Int32Array<ArrayBuffer>;
  object?: ColumnToWrite[] | null;
}

const objectColumns = (changes: Record<string, number | string> = {}): ColumnToWrite[] => {
  const cells = {
    PLATE: 266,
    MJD: 51630,
    FIBERID: 5,
    Z: 0.07,
    Z_ERR: 1e-5,
    ZWARNING: 0,
    CLASS: 'GALAXY',
    SUBCLASS: 'STARFORMING',
    ...changes,
  };
  return Object.entries(cells).map(([name, value]) =>
    typeof value === 'string' ? { name, values: [value], characters: 12 } : { name, values: Float64Array.of(value) },
  );
};

function specFile({ flux, ivar, andMask, orMask, object = objectColumns() }: Changes = {}): Uint8Array {
  const hdus: HduToWrite[] = [
    { kind: 'empty' },
    {
      kind: 'table',
      name: 'COADD',
      columns: [
        { name: 'flux', values: flux ?? new Float32Array(PIXELS).fill(2) },
        { name: 'loglam', values: Float32Array.from({ length: PIXELS }, (_, i) => 3.58 + 1e-4 * i) },
        { name: 'ivar', values: ivar ?? new Float32Array(PIXELS).fill(3) },
        { name: 'and_mask', values: andMask ?? new Int32Array(PIXELS) },
        { name: 'or_mask', values: orMask ?? new Int32Array(PIXELS) },
      ],
    },
  ];
  if (object !== null) hdus.push({ kind: 'table', name: 'SPECOBJ', columns: object });
  return writeFits(hdus);
}

const only = (bytes: Uint8Array) => {
  const { spectra, rejected } = recogniseAndRead(bytes, 'night/spec-0266-51630-0005.fits');
  assert.deepEqual(rejected, []);
  assert.equal(spectra.length, 1);
  return spectra[0];
};

describe('an SDSS spec file', () => {
  it('gives vacuum wavelengths, flux, ivar and what the pipeline found', () => {
    const spectrum = only(specFile());
    assert.equal(spectrum.id, '0266-51630-0005');
    assert.equal(spectrum.frame, 'observed');
    assert.ok(Math.abs(spectrum.wavelength[0] / 10 ** Math.fround(3.58) - 1) < 1e-14);
    assert.deepEqual([spectrum.flux[3], spectrum.ivar[3]], [2, 3]);
    assert.equal(spectrum.fluxUnit, '1e-17 erg/s/cm^2/Angstrom');
    assert.deepEqual([spectrum.redshift, spectrum.redshiftError, spectrum.redshiftWarning], [0.07, 1e-5, 0]);
    assert.deepEqual([spectrum.objectClass, spectrum.subclass], ['GALAXY', 'STARFORMING']);
    assert.deepEqual(spectrum.source, { file: 'night/spec-0266-51630-0005.fits', place: 'HDU 1 (COADD)' });
  });

  it('loses the pixels whose AND mask has a bad bit, and only those', () => {
    for (const [name, bit] of Object.entries(SPPIXMASK)) {
      const andMask = new Int32Array(PIXELS);
      andMask[7] = 1 << bit;
      const orMask = new Int32Array(PIXELS).fill(-1);
      const spectrum = only(specFile({ andMask, orMask }));
      const bad = BAD_SDSS_BITS.includes(name as SdssMaskBit);
      assert.equal(spectrum.ivar[7], bad ? 0 : 3, name);
      assert.equal(spectrum.flux[7], bad ? 0 : 2, name);
      assert.equal(spectrum.ivar.filter((weight) => weight > 0).length, bad ? PIXELS - 1 : PIXELS, name);
    }
  });

  it('keeps an empty subclass apart from an unknown one', () => {
    assert.equal(only(specFile({ object: objectColumns({ SUBCLASS: '' }) })).subclass, '');
    assert.equal(only(specFile({ object: objectColumns().filter(({ name }) => name !== 'SUBCLASS') })).subclass, null);
  });

  it("measures a galaxy's velocity dispersion where the fit did not fail", () => {
    const labelsOf = (changes: Record<string, number | string>) =>
      only(specFile({ object: objectColumns(changes) })).labels;
    assert.deepEqual(labelsOf({ VDISP: 150, VDISP_ERR: 10 }), { vdisp: { value: 150, ivar: 0.01 } });
    assert.deepEqual(labelsOf({ VDISP: 850, VDISP_ERR: 10 }), {});
    assert.deepEqual(labelsOf({ VDISP: 150, VDISP_ERR: -3 }), {});
    assert.deepEqual(labelsOf({ VDISP: 150, VDISP_ERR: 10, CLASS: 'QSO' }), {});
  });

  it('has no redshift where the pipeline found none', () => {
    const spectrum = only(specFile({ object: objectColumns({ Z: Number.NaN, Z_ERR: -1, CLASS: '' }) }));
    assert.deepEqual([spectrum.redshift, spectrum.redshiftError, spectrum.objectClass], [null, null, null]);
  });

  it('is read without a table about the object, and says so', () => {
    const result = recogniseAndRead(specFile({ object: null }), 'a/spec-1-2-3.fits.gz');
    assert.deepEqual([result.spectra[0].id, result.spectra[0].redshift], ['1-2-3', null]);
    assert.match(result.notes.join(), /no table about the object/);
  });

  it('is rejected when it is of blank sky or nothing is observed', () => {
    const sky = recogniseAndRead(specFile({ object: objectColumns({ OBJTYPE: 'SKY' }) }), 'f');
    assert.deepEqual(sky.rejected, [{ place: 'HDU 1 (COADD)', reason: 'it is a sky fibre, not an object' }]);
    const dark = recogniseAndRead(specFile({ ivar: new Float32Array(PIXELS) }), 'f');
    assert.match(dark.rejected[0].reason, /none of its pixels is observed/);
    assert.equal(dark.spectra.length, 0);
  });
});

describe('an SDSS spSpec file', () => {
  const file = (cards: Record<string, number>, error = 0.5) => {
    const data = new Float32Array(5 * PIXELS);
    data.fill(2, 0, PIXELS);
    data.fill(error, 2 * PIXELS, 3 * PIXELS);
    data[2 * PIXELS + 4] = 0;
    data[3 * PIXELS + 6] = 2 ** SPPIXMASK.BRIGHTSKY;
    const values = {
      PLATEID: 516,
      MJD: 52017,
      FIBERID: 139,
      COEFF0: 3.5797,
      COEFF1: 1e-4,
      Z: 3.2,
      Z_ERR: 1e-3,
      Z_STATUS: 4,
      Z_WARNIN: 512,
      SPEC_CLN: 4,
      ...cards,
    };
    return writeFits([
      {
        kind: 'image',
        shape: [5, PIXELS],
        data,
        cards: Object.entries(values).map(([keyword, value]) => ({ keyword, value })),
      },
    ]);
  };

  it('gives the same as its header and rows say', () => {
    const spectrum = only(file({}));
    assert.equal(spectrum.id, '0516-52017-0139');
    assert.ok(Math.abs(spectrum.wavelength[39] / 10 ** (3.5797 + 39e-4) - 1) < 1e-14);
    assert.deepEqual([spectrum.ivar[3], spectrum.ivar[4], spectrum.ivar[6]], [4, 0, 0]);
    assert.deepEqual([spectrum.redshift, spectrum.redshiftWarning, spectrum.objectClass], [3.2, 512, 'QSO']);
  });

  it('has no redshift when its measurement failed', () => {
    assert.equal(only(file({ Z_STATUS: 1, Z: 0 })).redshift, null);
  });

  it('is rejected when it is of blank sky', () => {
    assert.match(recogniseAndRead(file({ SPEC_CLN: 5 }), 'f').rejected[0].reason, /sky fibre/);
  });
});

describe('files that are not spectra', () => {
  it('are refused by name, with what they hold and what is known', () => {
    const image = writeFits([{ kind: 'image', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]);
    assert.throws(
      () => recogniseAndRead(image, 'moon.fits'),
      (error: Error) =>
        error instanceof FileError && /moon\.fits: .*PRIMARY \(image\).*known are SDSS spec/.test(error.message),
    );
    assert.throws(() => recogniseAndRead(new TextEncoder().encode('hello'), 'a.fits'), FileError);
    assert.throws(() => recogniseAndRead(new Uint8Array(0), 'a.fits'), /a\.fits: the file is empty/);
  });
});
