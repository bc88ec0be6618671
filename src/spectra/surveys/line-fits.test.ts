import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ColumnToWrite, type HduToWrite, writeFits } from '../../io/index.ts';
import { recogniseAndRead } from './recognise.ts';

const PIXELS = 40;
const Z = 0.25;

const coadd: HduToWrite = {
  kind: 'table',
  name: 'COADD',
  columns: [
    { name: 'flux', values: new Float32Array(PIXELS).fill(2) },
    { name: 'loglam', values: Float32Array.from({ length: PIXELS }, (_, i) => 3.58 + 1e-4 * i) },
    { name: 'ivar', values: new Float32Array(PIXELS).fill(3) },
    { name: 'and_mask', values: new Int32Array(PIXELS) },
  ],
};
const object: HduToWrite = { kind: 'table', name: 'SPECOBJ', columns: [{ name: 'Z', values: Float32Array.of(Z) }] };

type Columns = Readonly<Record<string, readonly number[]>>;

/** Hβ not fitted, Hα fitted well, [N II] with a width that was held, a line nobody asks for. */
const SPZLINE: Columns = {
  LINEWAVE: [4862.68, 6564.61, 6585.3, 6718.29],
  LINEZ: [Z, Z, Z, Z],
  LINEAREA: [0, 120, -3, 40],
  LINEAREA_ERR: [-2, 3, 2, 1],
  LINEEW: [0, 15, -0.4, 5],
  LINEEW_ERR: [-2, 0.3, 0.2, 0.1],
  LINESIGMA: [76, 76, 80, 80],
  LINESIGMA_ERR: [2, 2, 0, 1],
};

const columnsOf = (columns: Columns): ColumnToWrite[] =>
  Object.entries(columns).map(([name, values]) => ({ name, values: Float64Array.from(values) }));

function readSpec(columns: readonly ColumnToWrite[], damage: (bytes: Uint8Array) => void = () => undefined) {
  const bytes = writeFits([{ kind: 'empty' }, coadd, object, { kind: 'table', name: 'SPZLINE', columns }]);
  damage(bytes);
  const { spectra, rejected, notes } = recogniseAndRead(bytes, 'spec-1-2-3.fits');
  assert.deepEqual(rejected, []);
  assert.equal(spectra.length, 1);
  return { spectrum: spectra[0], notes };
}

describe('line fits of an SDSS spec file', () => {
  it('are read where they were made, widths brought to the rest frame', () => {
    const { spectrum, notes } = readSpec(columnsOf(SPZLINE));
    assert.deepEqual(spectrum.lineFits, [
      { line: 'HALPHA', flux: 120, fluxError: 3, width: 15 / (1 + Z), sigma: 76 },
      { line: 'NII_6584', flux: -3, fluxError: 2, width: -0.4 / (1 + Z), sigma: null },
    ]);
    assert.deepEqual(notes, []);
  });

  it('are absent when columns lack or hold other than a number a row, or none was made', () => {
    for (const name of Object.keys(SPZLINE)) {
      const { [name]: _, ...others } = SPZLINE;
      assert.equal(readSpec(columnsOf(others)).spectrum.lineFits, undefined, name);
    }
    const pairs = [...columnsOf({ ...SPZLINE, LINEAREA: [] }).filter((column) => column.name !== 'LINEAREA')];
    const wide: ColumnToWrite = { name: 'LINEAREA', values: new Float64Array(8).fill(1), width: 2 };
    assert.equal(readSpec([...pairs, wide]).spectrum.lineFits, undefined);
    assert.equal(readSpec(columnsOf({ ...SPZLINE, LINEAREA_ERR: [0, -1, -2, 0] })).spectrum.lineFits, undefined);
    assert.equal(readSpec(columnsOf({ ...SPZLINE, LINEWAVE: [1, 2, 3, 4] })).spectrum.lineFits, undefined);
  });

  it('leave the spectrum when they are damaged, and say so', () => {
    const text: ColumnToWrite = { name: 'LINEAREA', values: ['a', 'b', 'c', 'd'], characters: 4 };
    const columns = [...columnsOf(SPZLINE).filter(({ name }) => name !== 'LINEAREA'), text];
    const { spectrum, notes } = readSpec(columns);
    assert.equal(spectrum.lineFits, undefined);
    assert.match(notes.join(), /emission lines is damaged and left out: its values \(format 4A\) are not numbers/);
  });
});

describe('line fits of an SDSS spSpec file', () => {
  const LINES: Columns = {
    restWave: [4862.68, 6564.61, 6585.27],
    wave: [-9999, 6564.61 * 1.1, 6585.27 * 1.1],
    sigma: [-9999, 3, 3],
    sigmaErr: [-9999, 0.2, 0.3],
    height: [-9999, 20, 5],
    heightErr: [-9999, 1, 0.5],
    ew: [-9999, 16.5, 4],
    ewErr: [-9999, 1, -9999],
  };
  const read = (cards: Readonly<Record<string, number>> = {}) => {
    const values = { COEFF0: 3.58, COEFF1: 1e-4, Z: 0.1, Z_ERR: 1e-3, Z_STATUS: 4, SPEC_CLN: 2, ...cards };
    const lines = (name: string): HduToWrite => ({ kind: 'table', name, columns: columnsOf(LINES) });
    const { spectra } = recogniseAndRead(
      writeFits([
        {
          kind: 'image',
          shape: [5, PIXELS],
          data: Float32Array.from({ length: 5 * PIXELS }, (_, i) => Number(i < 3 * PIXELS)),
          cards: Object.entries(values).map(([keyword, value]) => ({ keyword, value })),
        },
        lines('FOUND'),
        lines('MEASURED'),
      ]),
      'spSpec-1-2-3.fit',
    );
    return spectra[0].lineFits;
  };

  it('are integrals of the Gaussians, with the error that a fitted Gaussian has', () => {
    const fits = read() ?? [];
    assert.deepEqual(
      fits.map(({ line }) => line),
      ['HALPHA', 'NII_6584'],
    );
    const [{ flux, fluxError, width, sigma }, nitrogen] = fits;
    assert.ok(Math.abs(flux / (20 * 3 * Math.sqrt(2 * Math.PI)) - 1) < 1e-9);
    // Relative errors 1/20 and 1/15, correlated by −1/√3.
    const expected = Math.sqrt(1 / 400 + 1 / 225 - 2 / Math.sqrt(3) / 300);
    assert.ok(Math.abs(fluxError / flux / expected - 1) < 1e-9);
    assert.ok(width !== null && Math.abs(width - 15) < 1e-4);
    assert.ok(sigma !== null && Math.abs(sigma - (299792.458 * 3) / (6564.61 * 1.1)) < 1e-3);
    assert.equal(nitrogen.width, null);
  });

  it('are left out when the redshift failed', () => {
    assert.equal(read({ Z_STATUS: 1 }), undefined);
  });
});
