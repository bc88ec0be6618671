import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileError } from '../../base/index.ts';
import { type ColumnToWrite, type HduToWrite, writeFits } from '../../io/index.ts';
import { recogniseAndRead } from './recognise.ts';
import { applyRedshifts, redshiftFileNames } from './redshifts.ts';

const linear = (first: number, step: number, length: number) =>
  Float64Array.from({ length }, (_, i) => first + step * i);

/** Images of one camera for spectra of constant flux and ivar, a pair for each. */
function camera(
  name: string,
  wavelength: Float64Array<ArrayBuffer>,
  levels: [number, number][],
  mask?: Int32Array<ArrayBuffer>,
): HduToWrite[] {
  const shape = [levels.length, wavelength.length];
  const spread = (index: 0 | 1) =>
    Float32Array.from(levels.flatMap((level) => Array(wavelength.length).fill(level[index])));
  const hdus: HduToWrite[] = [
    { kind: 'image', name: `${name}_WAVELENGTH`, shape: [wavelength.length], data: wavelength },
    { kind: 'image', name: `${name}_FLUX`, shape, data: spread(0) },
    { kind: 'image', name: `${name}_IVAR`, shape, data: spread(1) },
  ];
  if (mask !== undefined) hdus.push({ kind: 'image', name: `${name}_MASK`, shape, data: mask });
  return hdus;
}

function fibermap(ids: bigint[], types?: string[]): HduToWrite {
  const columns: ColumnToWrite[] = [{ name: 'TARGETID', values: BigInt64Array.from(ids) }];
  if (types !== undefined) columns.push({ name: 'OBJTYPE', values: types });
  return { kind: 'table', name: 'FIBERMAP', columns };
}

const redrock = (ids: bigint[], z: number[], warnings: bigint[], types: string[]): HduToWrite => ({
  kind: 'table',
  name: 'REDSHIFTS',
  columns: [
    { name: 'TARGETID', values: BigInt64Array.from(ids) },
    { name: 'Z', values: Float64Array.from(z) },
    { name: 'ZERR', values: Float64Array.from(z, () => 1e-4) },
    { name: 'ZWARN', values: BigInt64Array.from(warnings) },
    { name: 'SPECTYPE', values: types },
  ],
});

/** Beyond 2⁵³, as real TARGETIDs are. */
const ID = 39633345008634465n;
const blue = linear(3600, 0.8, 20);
const red = linear(3600 + 0.8 * 16, 0.8, 10);

describe('a DESI file', () => {
  it('joins cameras on their own pixels, weighting by inverse variance where they overlap', () => {
    const bytes = writeFits([
      { kind: 'empty' },
      fibermap([ID]),
      ...camera('B', blue, [[2, 1]]),
      ...camera('R', red, [[6, 3]]),
    ]);
    const { spectra, notes } = recogniseAndRead(bytes, 'coadd.fits');
    const [spectrum] = spectra;
    assert.equal(spectrum.id, '39633345008634465');
    assert.equal(spectrum.wavelength.length, 26);
    assert.ok(Math.abs(spectrum.wavelength[25] - (3600 + 0.8 * 25)) < 1e-9);
    assert.deepEqual(
      [15, 16, 19, 20].map((i) => [spectrum.flux[i], spectrum.ivar[i]]),
      [
        [2, 1],
        [5, 4],
        [5, 4],
        [6, 3],
      ],
    );
    assert.match(notes.join(), /only the cameras B and R/);
  });

  it('combines the exposures of a target and keeps the order of targets', () => {
    const mask = new Int32Array(60);
    mask[20 + 5] = 2;
    mask[40 + 5] = 1;
    const bytes = writeFits([
      { kind: 'empty' },
      fibermap([7n, ID, 7n]),
      ...camera(
        'BRZ',
        blue,
        [
          [1, 1],
          [9, 9],
          [4, 2],
        ],
        mask,
      ),
    ]);
    const { spectra, notes } = recogniseAndRead(bytes, 'spectra.fits');
    assert.deepEqual(
      spectra.map(({ id }) => id),
      ['7', String(ID)],
    );
    assert.deepEqual([spectra[0].flux[4], spectra[0].ivar[4]], [3, 3]);
    assert.deepEqual([spectra[0].flux[5], spectra[0].ivar[5]], [1, 1]);
    assert.deepEqual([spectra[1].flux[5], spectra[1].ivar[5]], [0, 0]);
    assert.equal(spectra[0].source.place, 'HDU 1 (FIBERMAP), row 0 and 2 (TARGETID 7)');
    assert.deepEqual(notes, []);
  });

  it('resamples a camera whose pixels do not coincide with the others', () => {
    const shifted = linear(3600 + 0.8 * 16 + 0.3, 0.9, 10);
    const bytes = writeFits([
      { kind: 'empty' },
      fibermap([1n]),
      ...camera('B', blue, [[2, 1]]),
      ...camera('R', shifted, [[2, 1]]),
    ]);
    const [spectrum] = recogniseAndRead(bytes, 'f').spectra;
    for (const [i, weight] of spectrum.ivar.entries()) {
      if (weight > 0) assert.ok(Math.abs(spectrum.flux[i] - 2) < 1e-6, `${i}`);
    }
    assert.ok(spectrum.ivar[18] > 1.5);
  });

  it('rejects sky fibres and unobserved targets, and reads the rest', () => {
    const bytes = writeFits([
      { kind: 'empty' },
      fibermap([1n, 2n, 3n], ['SKY', 'TGT', 'TGT']),
      ...camera('BRZ', blue, [
        [1, 1],
        [1, 0],
        [1, 1],
      ]),
    ]);
    const { spectra, rejected } = recogniseAndRead(bytes, 'f');
    assert.deepEqual(
      spectra.map(({ id }) => id),
      ['3'],
    );
    assert.match(rejected[0].reason, /blank sky/);
    assert.deepEqual(
      [rejected[1].place, /none of its pixels/.test(rejected[1].reason)],
      ['HDU 1 (FIBERMAP), row 1 (TARGETID 2)', true],
    );
  });

  it('is refused when its parts do not fit or it is cut short', () => {
    const whole = writeFits([
      { kind: 'empty' },
      fibermap([1n]),
      ...camera('B', blue, [[1, 1]]),
      ...camera('R', red, [[1, 1]]),
    ]);
    assert.throws(() => recogniseAndRead(whole.subarray(0, whole.length - 2 * 2880), 'cut.fits'), FileError);
    const inHeader = new Uint8Array([...whole, ...new TextEncoder().encode('XTENSION= ')]);
    assert.throws(() => recogniseAndRead(inHeader, 'cut.fits'), /cameras may be lost/);
    const few = writeFits([{ kind: 'empty' }, fibermap([1n, 2n]), ...camera('B', blue, [[1, 1]])]);
    assert.throws(
      () => recogniseAndRead(few, 'few.fits'),
      /few\.fits, HDU 1 \(FIBERMAP\): it has 2 rows for 1 spectra/,
    );
    const uneven = writeFits([
      { kind: 'empty' },
      fibermap([1n]),
      ...camera('B', blue, [[1, 1]]),
      ...camera('R', red, [
        [1, 1],
        [1, 1],
      ]),
    ]);
    assert.throws(() => recogniseAndRead(uneven, 'f'), /HDU 6 \(R_FLUX\): it has 2 spectra and B_FLUX has 1/);
    const backward = writeFits([{ kind: 'empty' }, fibermap([1n]), ...camera('B', blue.toReversed(), [[1, 1]])]);
    assert.throws(() => recogniseAndRead(backward, 'f'), /B_WAVELENGTH\), pixel 1: its wavelength/);
  });
});

describe('DESI redshifts', () => {
  it('are read from a redrock file and joined to spectra by TARGETID', () => {
    const spectra = recogniseAndRead(
      writeFits([
        { kind: 'empty' },
        fibermap([ID, 5n]),
        ...camera('BRZ', blue, [
          [1, 1],
          [1, 1],
        ]),
      ]),
      'coadd.fits',
    ).spectra;
    const table = recogniseAndRead(
      writeFits([redrock([5n, ID, ID], [0.1, 2.5, 2.6], [0n, 4n, 0n], ['STAR', 'QSO', 'QSO'])]),
      'redrock.fits',
    );
    assert.equal(table.format, 'DESI redshifts');
    assert.equal(table.spectra.length, 0);
    const joined = applyRedshifts(spectra, table.redshifts);
    assert.deepEqual(
      joined.map(({ redshift, redshiftWarning, objectClass, subclass }) => [
        redshift,
        redshiftWarning,
        objectClass,
        subclass,
      ]),
      [
        [2.6, 0, 'QSO', null],
        [0.1, 0, 'STAR', null],
      ],
    );
    assert.equal(applyRedshifts(joined, [{ ...table.redshifts[0], redshift: 9 }])[1].redshift, 0.1);
  });

  it('are taken from the file of spectra itself when it holds them', () => {
    const bytes = writeFits([
      { kind: 'empty' },
      fibermap([5n]),
      ...camera('BRZ', blue, [[1, 1]]),
      redrock([5n], [0.4], [0n], ['GALAXY']),
    ]);
    assert.equal(recogniseAndRead(bytes, 'f').spectra[0].redshift, 0.4);
  });

  it('that are impossible are rejected with their row', () => {
    const { rejected, redshifts } = recogniseAndRead(
      writeFits([redrock([5n, 6n], [-3, 1], [0n, 0n], ['QSO', 'QSO'])]),
      'f',
    );
    assert.deepEqual(
      redshifts.map(({ id }) => id),
      ['6'],
    );
    assert.match(`${rejected[0].place} ${rejected[0].reason}`, /row 0 \(TARGETID 5\) its redshift, -3/);
  });

  it('lie beside the spectra under known names', () => {
    assert.deepEqual(redshiftFileNames('/data/coadd-4-80613-thru20210324.fits'), [
      'redrock-4-80613-thru20210324.fits',
      'zbest-4-80613-thru20210324.fits',
    ]);
    assert.deepEqual(redshiftFileNames('spectra-16-0.fits'), ['redrock-16-0.fits', 'zbest-16-0.fits']);
    assert.deepEqual(redshiftFileNames('spec-1-2-3.fits'), []);
  });
});
