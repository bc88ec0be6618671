/**
 * Reads FITS (standard 4.0). Only headers are looked at until data are asked for: three columns of a file cost the
 * decoding of three columns.
 */
import { FileError } from '../../base/index.ts';
import { gunzip, isGzip } from '../inflate.ts';
import { type Hdu, makeHdu, type TableHdu } from './hdus.ts';
import { type FitsImage, imageAsDoubles } from './image.ts';
import { walkUnits } from './walk.ts';

/** Whether bytes begin as a FITS file does, gzip-compressed or not; the rest may still be damaged. */
export function isFits(bytes: Uint8Array, file: string): boolean {
  const plain = isGzip(bytes) ? gunzip(bytes, file) : bytes;
  return new TextDecoder('latin1').decode(plain.subarray(0, 10)).startsWith('SIMPLE  =');
}

export class FitsFile {
  /** The file as the caller named it. */
  readonly file: string;
  readonly hdus: readonly Hdu[];
  /** Offset of bytes behind the last HDU that are not one (junk, or a damaged extension); null when there are none. */
  readonly ignoredFrom: number | null;

  constructor(file: string, hdus: readonly Hdu[], ignoredFrom: number | null) {
    this.file = file;
    this.hdus = hdus;
    this.ignoredFrom = ignoredFrom;
  }

  /** The first HDU of this name (in any case), or the one at this position; undefined when there is none. */
  find(hdu: string | number): Hdu | undefined {
    if (typeof hdu === 'number') return this.hdus[hdu];
    const upper = hdu.toUpperCase();
    return this.hdus.find((candidate) => candidate.name.toUpperCase() === upper);
  }

  /** @throws FileError when there is no such HDU */
  hdu(hdu: string | number): Hdu {
    const found = this.find(hdu);
    if (found !== undefined) return found;
    const names = this.hdus.map(({ name, index }) => `${index}${name === '' ? '' : ` ${name}`}`).join(', ');
    const ignored = this.ignoredFrom === null ? '' : `; what follows byte ${this.ignoredFrom} is damaged or not FITS`;
    throw new FileError(this.file, '', `it has no HDU ${hdu} (it has ${names}${ignored})`);
  }

  /** @throws FileError when there is no such HDU or it is not a table */
  table(hdu: string | number): TableHdu {
    const found = this.hdu(hdu);
    if (found.kind === 'table') return found;
    throw new FileError(this.file, found.header.place, `a table is expected here; ${whatItIs(found)}`);
  }

  /** The image's shape and its numbers as float64, NaN where none is usable. @throws FileError when it cannot be read */
  imageNumbers(hdu: string | number): { shape: readonly number[]; data: Float64Array } {
    const found = this.hdu(hdu);
    const image = readImage(found);
    const data = imageAsDoubles(image);
    if (data !== null) return { shape: image.shape, data };
    const problem = 'it holds 64-bit integers beyond ±2⁵³, which a double does not hold exactly';
    throw new FileError(this.file, found.header.place, problem);
  }
}

/**
 * @param bytes the whole file, gzip-compressed or not
 * @param file the name for messages
 * @throws FileError when it is not FITS, or its headers make no sense
 */
export function readFits(bytes: Uint8Array, file: string): FitsFile {
  const plain = isGzip(bytes) ? gunzip(bytes, file) : bytes;
  const { units, ignoredFrom } = walkUnits(plain, file);
  return new FitsFile(file, units.map(makeHdu), ignoredFrom);
}

/** Decodes an image. @throws FileError when the HDU is something else, or its data are damaged */
export function readImage(hdu: Hdu): FitsImage {
  if (hdu.kind === 'image') return hdu.read();
  throw new FileError(hdu.header.file, hdu.header.place, `an image is expected here; ${whatItIs(hdu)}`);
}

function whatItIs(hdu: Hdu): string {
  if (hdu.kind === 'empty') return 'it holds no data';
  return 'reason' in hdu ? hdu.reason : `it is ${hdu.kind === 'image' ? 'an image' : 'a table'}`;
}
