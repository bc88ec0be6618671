/** A small sound file of each survey format, for tests that damage them. */
import { type HduToWrite, writeFits } from '../../src/io/index.ts';

const P = 120;
const TARGETID = 39633345008634465n;

const wave = (low: number, step: number, length = P) => Float64Array.from({ length }, (_, i) => low + step * i);
const flux = (length: number) => Float32Array.from({ length }, (_, i) => 2 + Math.sin(i / 9));
const ivar = (length: number) => Float32Array.from({ length }, (_, i) => (i % 17 === 0 ? 0 : 20 + (i % 5)));
const spec = (rows: number): HduToWrite => ({
  kind: 'table',
  name: 'COADD',
  columns: [
    { name: 'flux', values: flux(rows) },
    { name: 'loglam', values: Float32Array.from({ length: rows }, (_, i) => 3.58 + 3e-3 * i) },
    { name: 'ivar', values: ivar(rows) },
    { name: 'and_mask', values: Int32Array.from({ length: rows }, (_, i) => (i % 31 === 0 ? 1 << 23 : 0)) },
    { name: 'or_mask', values: new Int32Array(rows) },
  ],
});

const object: HduToWrite = {
  kind: 'table',
  name: 'SPECOBJ',
  columns: [
    { name: 'PLATE', values: Int32Array.of(266) },
    { name: 'MJD', values: Int32Array.of(51630) },
    { name: 'FIBERID', values: Int32Array.of(5) },
    { name: 'CLASS', values: ['GALAXY'] },
    { name: 'SUBCLASS', values: ['STARFORMING'] },
    { name: 'Z', values: Float32Array.of(0.07) },
    { name: 'Z_ERR', values: Float32Array.of(1e-5) },
    { name: 'ZWARNING', values: Int32Array.of(0) },
    { name: 'VDISP', values: Float32Array.of(150) },
    { name: 'VDISP_ERR', values: Float32Array.of(10) },
  ],
};

/** A quarter of the lines not fitted. */
const lines: HduToWrite = {
  kind: 'table',
  name: 'SPZLINE',
  columns: [
    { name: 'LINENAME', values: ['H_beta', '[O_III] 5007', 'H_alpha', '[N_II] 6583'] },
    { name: 'LINEWAVE', values: Float64Array.of(4862.68, 5008.24, 6564.61, 6585.27) },
    { name: 'LINEZ', values: new Float32Array(4).fill(0.07) },
    { name: 'LINESIGMA', values: new Float32Array(4).fill(80) },
    { name: 'LINESIGMA_ERR', values: Float32Array.of(2, 2, 2, -1) },
    { name: 'LINEAREA', values: Float32Array.of(30, 20, 100, 0) },
    { name: 'LINEAREA_ERR', values: Float32Array.of(2, 2, 3, -1) },
    { name: 'LINEEW', values: Float32Array.of(3, 2, 12, 0) },
    { name: 'LINEEW_ERR', values: Float32Array.of(0.2, 0.2, 0.3, -1) },
  ],
};

const image = (
  name: string,
  shape: number[],
  data: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
): HduToWrite => ({
  kind: 'image',
  name,
  shape,
  data,
});

const camera = (name: string, wavelength: Float64Array<ArrayBuffer>, rows: number): HduToWrite[] => [
  image(`${name}_WAVELENGTH`, [P], wavelength),
  image(`${name}_FLUX`, [rows, P], flux(rows * P)),
  image(`${name}_IVAR`, [rows, P], ivar(rows * P)),
  image(`${name}_MASK`, [rows, P], new Int32Array(rows * P)),
];

const redshifts: HduToWrite = {
  kind: 'table',
  name: 'REDSHIFTS',
  columns: [
    { name: 'TARGETID', values: BigInt64Array.of(TARGETID, 7n) },
    { name: 'Z', values: Float64Array.of(0.1, 0.2) },
    { name: 'ZERR', values: Float64Array.of(1e-4, 1e-4) },
    { name: 'ZWARN', values: BigInt64Array.of(0n, 4n) },
    { name: 'SPECTYPE', values: ['GALAXY', 'QSO'] },
  ],
};

/** A file's name, and its bytes. */
export const SURVEY_FILES: Readonly<Record<string, Uint8Array>> = {
  'spec.fits': writeFits([{ kind: 'empty' }, spec(P), object, lines]),
  'spSpec.fit': writeFits([
    {
      kind: 'image',
      shape: [5, P],
      data: Float32Array.from({ length: 5 * P }, (_, i) => (i < 3 * P ? 1 + (i % 7) / 10 : 0)),
      cards: Object.entries({
        PLATEID: 516,
        MJD: 52017,
        FIBERID: 139,
        COEFF0: 3.58,
        COEFF1: 3e-3,
        Z: 0.1,
        Z_ERR: 1e-3,
        SPEC_CLN: 2,
      }).map(([keyword, value]) => ({ keyword, value })),
    },
  ]),
  'coadd.fits': writeFits([
    { kind: 'empty' },
    {
      kind: 'table',
      name: 'FIBERMAP',
      columns: [
        { name: 'TARGETID', values: BigInt64Array.of(TARGETID, 7n, 7n) },
        { name: 'OBJTYPE', values: ['TGT', 'TGT', 'TGT'] },
      ],
    },
    ...camera('B', wave(3600, 20), 3),
    ...camera('R', wave(5760, 20), 3),
    ...camera('Z', wave(7520, 20), 3),
    redshifts,
  ]),
  'redrock.fits': writeFits([redshifts]),
  'stack.fits': writeFits([
    { kind: 'empty' },
    image('FLUX', [2, P], flux(2 * P)),
    image('IVAR', [2, P], ivar(2 * P)),
    image('WAVE', [P], wave(3400, 45)),
    { kind: 'table', name: 'STACKINFO', columns: [{ name: 'Z', values: Float64Array.of(0, 0.1) }] },
  ]),
  'pixels.fits': writeFits([
    {
      kind: 'table',
      name: 'SPECTRUM',
      columns: [
        { name: 'wavelength', unit: 'nm', values: wave(340, 4.5) },
        { name: 'flux', values: flux(P) },
        { name: 'error', values: ivar(P).map((weight) => weight / 200) },
        { name: 'mask', values: new Uint8Array(P), logical: true },
      ],
      cards: [
        { keyword: 'Z', value: 0.1 },
        { keyword: 'AIRORVAC', value: 'air' },
      ],
    },
  ]),
  'rows.fits': writeFits([
    {
      kind: 'table',
      columns: [
        { name: 'id', values: ['first', 'second'] },
        { name: 'z', values: Float32Array.of(0.1, 0.2) },
        { name: 'wave', values: Float64Array.from([...wave(3400, 45), ...wave(3400, 45)]), width: P },
        { name: 'flux', values: flux(2 * P), width: P },
        { name: 'ivar', values: ivar(2 * P), width: P },
      ],
    },
  ]),
};
