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
  const waveHdu = fits.hdu(imageName(fits, WAVELENGTHS) ?? 'WAVE');
  const fluxHdu = fits.hdu(imageName(fits, ['FLUX']) ?? 'FLUX');
  const error = imageName(fits, ERRORS);
  if (error === null) {
    throw new FileError(fits.file, '', `it has a FLUX image and none of ${ERRORS.join(', ')}; errors are needed`);
  }
  const unit = textCard(waveHdu.header, ['BUNIT', 'CUNIT1']);
  const scale = wavelengthScale(waveHdu.name, unit);
  if (scale === null) {
    throw new FileError(
      fits.file,
      waveHdu.header.place,
      `its unit "${unit}" is not a wavelength's (Angstrom, nm, um, m)`,
    );
  }
  const medium = mediumOf([waveHdu.header, fits.hdus[0].header], waveHdu.name, unit);
  const wavelength = toAngstrom(fits.imageNumbers(waveHdu.name).data, scale);
  if (medium === 'air') for (let i = 0; i < wavelength.length; i++) wavelength[i] = airToVacuum(wavelength[i]);
  const { shape, data: flux } = fits.imageNumbers(fluxHdu.name);
  const ivar = fits.imageNumbers(error).data;
  if (error !== 'IVAR') for (let i = 0; i < ivar.length; i++) ivar[i] = ivar[i] > 0 ? ivar[i] ** -2 : 0;
  const pixels = shape[shape.length - 1];
  const rows = flux.length / pixels;
  if (ivar.length !== flux.length || (wavelength.length !== pixels && wavelength.length !== flux.length)) {
    const problem = `it has ${rows} × ${pixels} values, ${error} ${ivar.length} and ${waveHdu.name} ${wavelength.length}; they do not belong together`;
    throw new FileError(fits.file, fluxHdu.header.place, problem);
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
  const notes = medium === null ? [ASSUMED_VACUUM] : [];
  return { format: imageStack.name, spectra, rejected, redshifts: [], notes };
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
    const name = names === null ? String(row) : names[row];
    return { id: isUnique ? name : `${stem}-${name}`, redshift: redshiftOrNull(redshift(row)) };
  };
}
