/**
 * SDSS spectra up to data release 7: `spSpec-MJD-PLATE-FIBER.fit`, one object a file. The primary image has a row
 * each for flux, flux without continuum, error and mask (flux in 1e-17 erg/s/cm²/Å; error 0 = bad pixel); vacuum
 * wavelengths are 10^(COEFF0 + COEFF1 i). http://classic.sdss.org/dr7/dm/flatFiles/spSpec.html
 */
import { FileError } from '../../base/index.ts';
import type { FitsFile, FitsHeader } from '../../io/index.ts';
import { errorOrNull, numberCard, redshiftOrNull, stemOf } from './cells.ts';
import { spSpecLineFits } from './line-fits.ts';
import { checkPixels } from './pixels.ts';
import type { SurveyFormat, SurveyResult } from './result.ts';
import { applySdssMask } from './sdss-mask.ts';
import { fromLog10, SDSS_FLUX_UNIT, sdssIdentifier } from './sdss-spec.ts';

export const sdssSpSpec: SurveyFormat = {
  name: 'SDSS spSpec',
  sign: 'a primary image of flux, error and mask rows with COEFF0, COEFF1 and SPEC_CLN in its header',
  recognise: ({ hdus: [primary] }) =>
    primary.kind === 'image' && ['COEFF0', 'COEFF1', 'SPEC_CLN'].every((keyword) => primary.header.has(keyword)),
  read: readSpSpec,
};

/** SPEC_CLN, the class by `spectro1d` (Stoughton et al. 2002, section 4.10); 0 is unknown. */
const SPECTRAL_CLASSES: Readonly<Record<number, string>> = { 1: 'STAR', 2: 'GALAXY', 3: 'QSO', 4: 'QSO', 6: 'STAR' };
const SKY_CLASS = 5;

/** Rows of the primary image. */
const FLUX = 0;
const ERROR = 2;
const MASK = 3;

/** Z_STATUS 0 (not measured) and 1 (failed) carry no redshift. */
const FIRST_USEFUL_STATUS = 2;

function readSpSpec(fits: FitsFile): SurveyResult {
  const { header } = fits.hdus[0];
  const { shape, data } = fits.imageNumbers(0);
  if (shape.length !== 2 || shape[0] <= MASK) {
    throw new FileError(
      fits.file,
      header.place,
      `an spSpec image has at least 4 rows of pixels, not the shape ${shape.join(' × ')}`,
    );
  }
  const result = { format: sdssSpSpec.name, spectra: [], rejected: [], redshifts: [], notes: [] };
  const reject = (reason: string) => ({ ...result, rejected: [{ place: header.place, reason }] });
  const kind = header.integer('SPEC_CLN');
  if (kind === SKY_CLASS) return reject('it is a sky fibre, not an object');
  const length = shape[1];
  const rowOf = (row: number) => data.slice(row * length, (row + 1) * length);
  const ivar = rowOf(ERROR);
  for (let i = 0; i < length; i++) ivar[i] = ivar[i] > 0 ? ivar[i] ** -2 : 0;
  applySdssMask(ivar, andMask(fits, length) ?? rowOf(MASK));
  const pixels = checkPixels(wavelengths(header, length), rowOf(FLUX), ivar);
  if (!pixels.ok) return reject(pixels.reason);
  const status = numberCard(header, ['Z_STATUS']);
  const known = status === null || status >= FIRST_USEFUL_STATUS;
  const { lineFits, note } = spSpecLineFits(fits);
  const spectrum = {
    id: identifier(fits),
    wavelength: pixels.wavelength,
    frame: 'observed' as const,
    flux: pixels.flux,
    ivar: pixels.ivar,
    fluxUnit: SDSS_FLUX_UNIT,
    redshift: known ? redshiftOrNull(numberCard(header, ['Z'])) : null,
    redshiftError: known ? errorOrNull(numberCard(header, ['Z_ERR'])) : null,
    redshiftWarning: numberCard(header, ['Z_WARNIN']),
    objectClass: SPECTRAL_CLASSES[kind] ?? null,
    subclass: null,
    labels: {},
    // Fits at a redshift that failed say nothing.
    ...(known && lineFits !== null ? { lineFits } : {}),
    source: { file: fits.file, place: header.place },
  };
  return { ...result, spectra: [spectrum], notes: note === null ? [] : [note] };
}

/** The AND mask of HDU 6; the image's own mask row mixes bits and, being float32, loses the low ones. */
function andMask(fits: FitsFile, length: number): Float64Array | null {
  const hdu = fits.hdus[6];
  return hdu?.kind === 'table' && hdu.rows === length && hdu.has('andMask') ? hdu.numbers('andMask') : null;
}

function wavelengths(header: FitsHeader, length: number): Float64Array {
  const first = header.number('COEFF0');
  const step = header.number('COEFF1');
  return fromLog10(Float64Array.from({ length }, (_, i) => first + step * i));
}

function identifier(fits: FitsFile): string {
  const { header } = fits.hdus[0];
  const [plate, mjd, fiber] = ['PLATEID', 'MJD', 'FIBERID'].map((keyword) => numberCard(header, [keyword]));
  if (plate === null || mjd === null || fiber === null) return stemOf(fits.file).replace(/^spSpec-/, '');
  return sdssIdentifier(plate, mjd, fiber);
}
