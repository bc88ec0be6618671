import { writeFits } from '../../src/io/index.ts';

/** An SDSS spec-lite file to make; what is left out is a galaxy of plate 266 with a flat spectrum of 2 units. */
export interface SpecLiteOptions {
  readonly fiber: number;
  readonly redshift?: number;
  readonly objectClass?: string;
  readonly subclass?: string;
  /** Flux density at an observed vacuum wavelength in Å. */
  readonly flux?: (wavelength: number) => number;
  /** Inverse variance there; 4 when left out. */
  readonly ivar?: (wavelength: number) => number;
}

/** The id that its spectrum has: plate-mjd-fibre. */
export function specLiteId(fiber: number): string {
  return `0266-51630-${String(fiber).padStart(4, '0')}`;
}

/** An SDSS spec-lite file (DR8+): 3,800 pixels of 1e-4 dex from 3802 Å, as the survey lays them out. */
export function specLite(options: SpecLiteOptions): Uint8Array {
  const { fiber, redshift = 0.1, objectClass = 'GALAXY', subclass = '', flux = () => 2, ivar = () => 4 } = options;
  const loglam = Float32Array.from({ length: 3800 }, (_, i) => 3.58 + 1e-4 * i);
  return writeFits([
    { kind: 'empty' },
    {
      kind: 'table',
      name: 'COADD',
      columns: [
        { name: 'flux', values: loglam.map((l) => flux(10 ** l)) },
        { name: 'loglam', values: loglam },
        { name: 'ivar', values: loglam.map((l) => ivar(10 ** l)) },
        { name: 'and_mask', values: new Int32Array(loglam.length) },
        { name: 'or_mask', values: new Int32Array(loglam.length) },
      ],
    },
    {
      kind: 'table',
      name: 'SPECOBJ',
      columns: [
        { name: 'PLATE', values: Int32Array.of(266) },
        { name: 'MJD', values: Int32Array.of(51630) },
        { name: 'FIBERID', values: Int32Array.of(fiber) },
        { name: 'CLASS', values: [objectClass] },
        { name: 'SUBCLASS', values: [subclass] },
        { name: 'Z', values: Float32Array.of(redshift) },
        { name: 'Z_ERR', values: Float32Array.of(1e-5) },
        { name: 'ZWARNING', values: Int32Array.of(0) },
      ],
    },
  ]);
}
