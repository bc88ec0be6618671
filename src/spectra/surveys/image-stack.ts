/**
 * Spectra as plain images side by side: FLUX (N × P), IVAR (N × P), WAVE (P, or N × P), as desigal writes its
 * stacks. A table with a row for each may hold redshifts and names.
 */
import { FileError } from '../../base/index.ts';
import type { FitsFile, TableHdu } from '../../io/index.ts';
import { airToVacuum, type Spectrum } from '../index.ts';
import { firstColumn, numberColumn, redshiftOrNull, stemOf, textCard } from './cells.ts';
import { ASSUMED_VACUUM, mediumOf } from './medium.ts';
import { checkPixels } from './pixels.ts';
import type { Rejection, SurveyFormat, SurveyResult } from './result.ts';
import { toAngstrom, wavelengthScale } from './units.ts';

export const imageStack: SurveyFormat = {
  name: 'FITS images of spectra',
  sign: 'images FLUX, IVAR and WAVE',
  recognise: (fits) => imageName(fits, ['FLUX']) !== null && imageName(fits, WAVELENGTHS) !== null,
  read: readImageStack,
};

const WAVELENGTHS = ['WAVE', 'WAVELENGTH', 'LAMBDA', 'LOGLAM'];
const ERRORS = ['IVAR', 'ERR', 'ERROR', 'SIGMA'];

function imageName(fits: FitsFile, names: readonly string[]): string | null {
  return names.find((name) => fits.find(name)?.kind === 'image') ?? null;
}

function readImageStack(fits: FitsFile): SurveyResult {
  const fluxHdu = fits.hdu('FLUX');
  const { shape, data: flux } = fits.imageNumbers('FLUX');
  const pixels = shape[shape.length - 1];
  const rows = pixels > 0 ? flux.length / pixels : 0;
  if (rows === 0) throw new FileError(fits.file, fluxHdu.header.place, 'it holds no pixels');
  const { wavelength, notes } = readWavelengths(fits);
  const ivar = readIvar(fits);
  if (ivar.length !== flux.length || (wavelength.length !== pixels && wavelength.length !== flux.length)) {
    const others = `errors ${ivar.length} and wavelengths ${wavelength.length}`;
    throw new FileError(
      fits.file,
      fluxHdu.header.place,
      `it has ${rows} × ${pixels} values, ${others}; these do not belong together`,
    );
  }
  const about = describeRows(fits, rows);
  const fluxUnit = textCard(fluxHdu.header, ['BUNIT']) ?? '';
  const spectra: Spectrum[] = [];
  const rejected: Rejection[] = [];
  for (let row = 0; row < rows; row++) {
    const of = (values: Float64Array) => values.slice(row * pixels, (row + 1) * pixels);
    const place = `${fluxHdu.header.place}, row ${row}`;
    const checked = checkPixels(wavelength.length === pixels ? wavelength : of(wavelength), of(flux), of(ivar));
    if (!checked.ok) {
      rejected.push({ place, reason: checked.reason });
      continue;
    }
    spectra.push({
      ...about(row),
      wavelength: checked.wavelength,
      frame: 'observed',
      flux: checked.flux,
      ivar: checked.ivar,
      fluxUnit,
      redshiftError: null,
      redshiftWarning: null,
      objectClass: null,
      subclass: null,
      labels: {},
      source: { file: fits.file, place },
    });
  }
  return { format: imageStack.name, spectra, rejected, redshifts: [], notes };
}

/** Vacuum Å, P or N × P. */
function readWavelengths(fits: FitsFile): { wavelength: Float64Array; notes: string[] } {
  const hdu = fits.hdu(imageName(fits, WAVELENGTHS) ?? WAVELENGTHS[0]);
  const unit = textCard(hdu.header, ['BUNIT', 'CUNIT1']);
  const scale = wavelengthScale(hdu.name, unit);
  if (scale === null) {
    const problem = `its unit "${unit}" is not a wavelength's (Angstrom, nm, um, m)`;
    throw new FileError(fits.file, hdu.header.place, problem);
  }
  const medium = mediumOf([hdu.header, fits.hdus[0].header], hdu.name, unit);
  const wavelength = toAngstrom(fits.imageNumbers(hdu.name).data, scale);
  if (medium === 'air') for (let i = 0; i < wavelength.length; i++) wavelength[i] = airToVacuum(wavelength[i]);
  return { wavelength, notes: medium === null ? [ASSUMED_VACUUM] : [] };
}

/** N × P inverse variances; 0 where the mask, if there is one, is not. */
function readIvar(fits: FitsFile): Float64Array {
  const name = imageName(fits, ERRORS);
  if (name === null) {
    throw new FileError(fits.file, '', `it has a FLUX image and none of ${ERRORS.join(', ')}; errors are needed`);
  }
  const ivar = fits.imageNumbers(name).data;
  if (name !== 'IVAR') for (let i = 0; i < ivar.length; i++) ivar[i] = ivar[i] > 0 ? ivar[i] ** -2 : 0;
  if (imageName(fits, ['MASK']) === null) return ivar;
  const mask = fits.imageNumbers('MASK').data;
  if (mask.length !== ivar.length) {
    const problem = `it has ${mask.length} values and ${name} ${ivar.length}; these do not belong together`;
    throw new FileError(fits.file, fits.hdu('MASK').header.place, problem);
  }
  for (let i = 0; i < ivar.length; i++) if (mask[i] !== 0) ivar[i] = 0;
  return ivar;
}

/**
 * Name and redshift of each row, by the first table with as many rows. A TARGETID is unique in its survey; other
 * names only within their file, so the file's name goes before them.
 */
function describeRows(fits: FitsFile, rows: number): (row: number) => Pick<Spectrum, 'id' | 'redshift'> {
  const stem = stemOf(fits.file);
  const info = fits.hdus.find((hdu): hdu is TableHdu => hdu.kind === 'table' && hdu.rows === rows);
  if (info === undefined) return (row) => ({ id: `${stem}-${row}`, redshift: null });
  const redshift = numberColumn(info, ['Z', 'REDSHIFT']);
  const column = firstColumn(info, ['TARGETID', 'STACKID', 'ID', 'NAME']);
  const names = column === null ? null : info.identifiers(column);
  const isUnique = column === 'TARGETID';
  return (row) => {
    const name = names?.[row].trim() || String(row);
    return { id: isUnique ? name : `${stem}-${name}`, redshift: redshiftOrNull(redshift(row)) };
  };
}
