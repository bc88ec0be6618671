/**
 * SDSS and BOSS spectra since data release 8: `spec-PLATE-MJD-FIBER.fits`, full or lite, one object a file.
 * HDU 1 is the combined spectrum (log10 of the vacuum wavelength, flux in 1e-17 erg/s/cm²/Å), HDU 2 the pipeline's
 * row about the object. Names of both vary with the release, and older BOSS files have none, so columns decide.
 */
import type { FitsFile, TableHdu } from '../../io/index.ts';
import type { Measurement, Spectrum } from '../index.ts';
import { classOrNull, errorOrNull, numberCard, numberCell, redshiftOrNull, stemOf, textCell } from './cells.ts';
import { specLineFits } from './line-fits.ts';
import { checkPixels } from './pixels.ts';
import type { SurveyFormat, SurveyResult } from './result.ts';
import { applySdssMask } from './sdss-mask.ts';

export const sdssSpec: SurveyFormat = {
  name: 'SDSS spec',
  sign: 'a first table with columns loglam, flux, ivar and and_mask',
  recognise: (fits) => spectrumTable(fits) !== null,
  read: readSdssSpec,
};

export const SDSS_FLUX_UNIT = '1e-17 erg/s/cm^2/Angstrom';

function spectrumTable(fits: FitsFile): TableHdu | null {
  const hdu = fits.hdus[1];
  if (hdu?.kind !== 'table') return null;
  return ['loglam', 'flux', 'ivar', 'and_mask'].every((column) => hdu.has(column)) ? hdu : null;
}

function readSdssSpec(fits: FitsFile): SurveyResult {
  const table = fits.table(1);
  const place = table.header.place;
  const result = { format: sdssSpec.name, spectra: [], rejected: [], redshifts: [], notes: [] };
  const object = objectTable(fits);
  if (object !== null && isSky(object)) {
    return { ...result, rejected: [{ place, reason: 'it is a sky fibre, not an object' }] };
  }
  const ivar = table.numbers('ivar');
  applySdssMask(ivar, table.numbers('and_mask'));
  const pixels = checkPixels(fromLog10(table.numbers('loglam')), table.numbers('flux'), ivar);
  if (!pixels.ok) return { ...result, rejected: [{ place, reason: pixels.reason }] };
  const { wavelength, flux } = pixels;
  const { lineFits, note } = specLineFits(fits);
  const spectrum: Spectrum = {
    id: identifier(fits, object),
    wavelength,
    frame: 'observed',
    flux,
    ivar: pixels.ivar,
    fluxUnit: SDSS_FLUX_UNIT,
    ...aboutObject(object),
    ...(lineFits === null ? {} : { lineFits }),
    source: { file: fits.file, place },
  };
  const notes = object === null ? ['it has no table about the object (HDU 2), so redshift and class are unknown'] : [];
  return { ...result, spectra: [spectrum], notes: note === null ? notes : [...notes, note] };
}

/** 10^x, in place. */
export function fromLog10(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] = Math.exp(values[i] * Math.LN10);
  return values;
}

function objectTable(fits: FitsFile): TableHdu | null {
  const hdu = fits.hdus[2];
  return hdu?.kind === 'table' && hdu.rows > 0 && hdu.has('Z') ? hdu : null;
}

function isSky(object: TableHdu): boolean {
  return [textCell(object, ['OBJTYPE']), textCell(object, ['SOURCETYPE'])].includes('SKY');
}

type AboutObject = Pick<
  Spectrum,
  'redshift' | 'redshiftError' | 'redshiftWarning' | 'objectClass' | 'subclass' | 'labels'
>;

function aboutObject(object: TableHdu | null): AboutObject {
  if (object === null) {
    return {
      redshift: null,
      redshiftError: null,
      redshiftWarning: null,
      objectClass: null,
      subclass: null,
      labels: {},
    };
  }
  const objectClass = classOrNull(textCell(object, ['CLASS']));
  return {
    redshift: redshiftOrNull(numberCell(object, ['Z'])),
    redshiftError: errorOrNull(numberCell(object, ['Z_ERR'])),
    redshiftWarning: numberCell(object, ['ZWARNING']),
    objectClass,
    // An empty subclass is kept: the pipeline looked for emission lines and found none.
    subclass: textCell(object, ['SUBCLASS'])?.toUpperCase() ?? null,
    labels: objectClass === 'GALAXY' ? velocityDispersion(object) : {},
  };
}

/** The pipeline searches up to 850 km/s; a value at that limit is no measurement. */
const LARGEST_DISPERSION = 850;

/** `vdisp`: stellar velocity dispersion in km/s. */
function velocityDispersion(object: TableHdu): Record<string, Measurement> {
  const value = numberCell(object, ['VDISP']);
  const error = numberCell(object, ['VDISP_ERR']);
  const measured = value !== null && error !== null && error > 0 && value > 0 && value < LARGEST_DISPERSION;
  return measured ? { vdisp: { value, ivar: 1 / error ** 2 } } : {};
}

/** `0266-51630-0168`: plate, MJD and fibre; the file's name when the file does not say. */
function identifier(fits: FitsFile, object: TableHdu | null): string {
  const primary = fits.hdus[0].header;
  const part = (columns: string[], keywords: string[]) =>
    (object === null ? null : numberCell(object, columns)) ?? numberCard(primary, keywords);
  const plate = part(['PLATE', 'FIELD'], ['PLATEID', 'FIELDID']);
  const mjd = part(['MJD'], ['MJD']);
  const fiber = part(['FIBERID'], ['FIBERID']) ?? part(['CATALOGID'], ['CATALOGID']);
  if (plate === null || mjd === null || fiber === null) return stemOf(fits.file).replace(/^spec-/, '');
  return sdssIdentifier(plate, mjd, fiber);
}

export function sdssIdentifier(plate: number, mjd: number, fiber: number): string {
  return `${String(plate).padStart(4, '0')}-${mjd}-${String(fiber).padStart(4, '0')}`;
}
