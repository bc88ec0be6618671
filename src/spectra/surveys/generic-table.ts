/**
 * Any FITS table with a wavelength, a flux and an error column. Either each row is a pixel and the table one
 * spectrum, or each row is a spectrum and the columns hold arrays. Names are taken in any case; what the file does
 * not say (unit, air or vacuum) is assumed and noted.
 */
import { FileError } from '../../base/index.ts';
import type { FitsFile, FitsHeader, TableHdu } from '../../io/index.ts';
import { airToVacuum, type Spectrum } from '../index.ts';
import { valuesByRow } from './array-cells.ts';
import {
  classOrNull,
  errorOrNull,
  firstColumn,
  numberCard,
  numberColumn,
  redshiftOrNull,
  stemOf,
  textCard,
  textColumn,
} from './cells.ts';
import { ERROR, FLUX, IVAR, REDSHIFT, WAVELENGTH } from './column-names.ts';
import { ASSUMED_VACUUM, mediumOf } from './medium.ts';
import { checkPixels } from './pixels.ts';
import type { Rejection, SurveyFormat, SurveyResult } from './result.ts';
import { implausibleRedEnd, isPerFrequency, toAngstrom, wavelengthScale } from './units.ts';

export const genericTable: SurveyFormat = {
  name: 'FITS table',
  sign: 'a table with columns such as wavelength, flux and ivar or error',
  recognise: (fits) => spectrumTable(fits) !== null,
  read: readGenericTable,
};

const MASK = ['mask', 'and_mask', 'bad', 'badpix'];
const IDENTIFIER = ['targetid', 'id', 'object_id', 'objid', 'specobjid', 'name', 'object'];
const CLASS = ['class', 'spectype', 'type'];

function spectrumTable(fits: FitsFile): TableHdu | null {
  for (const hdu of fits.hdus) {
    if (hdu.kind === 'table' && firstColumn(hdu, WAVELENGTH) !== null && firstColumn(hdu, FLUX) !== null) return hdu;
  }
  return null;
}

function readGenericTable(fits: FitsFile): SurveyResult {
  const table = spectrumTable(fits);
  if (table === null) throw new FileError(fits.file, '', `it has no ${genericTable.sign}`);
  const { wavelengths, notes } = readWavelengths(fits, table);
  const flux = valuesByRow(table, fits.file, required(fits, table, FLUX));
  const ivar = readIvar(fits, table, flux.length);
  const fluxUnit = columnUnit(table, required(fits, table, FLUX)) ?? '';
  if (isPerFrequency(fluxUnit)) {
    const problem = `its unit "${fluxUnit}" is per frequency; flux per wavelength is needed (multiply by c/λ²)`;
    throw new FileError(fits.file, `${table.header.place}, flux column`, problem);
  }
  const spectra: Spectrum[] = [];
  const rejected: Rejection[] = [];
  const count = flux.length;
  const about = describeRows(fits, table, count);
  for (let row = 0; row < count; row++) {
    const place = count === 1 ? table.header.place : `${table.header.place}, row ${row}`;
    const pixels = checkPixels(wavelengths[row] ?? wavelengths[0], flux[row], ivar[row]);
    if (!pixels.ok) {
      rejected.push({ place, reason: pixels.reason });
      continue;
    }
    spectra.push({
      ...about(row),
      wavelength: pixels.wavelength,
      frame: 'observed',
      flux: pixels.flux,
      ivar: pixels.ivar,
      fluxUnit,
      labels: {},
      source: { file: fits.file, place },
    });
  }
  return { format: genericTable.name, spectra, rejected, redshifts: [], notes };
}

function required(fits: FitsFile, table: TableHdu, names: readonly string[]): string {
  const name = firstColumn(table, names);
  if (name !== null) return name;
  throw new FileError(fits.file, table.header.place, `it has none of the columns ${names.join(', ')}`);
}

function columnUnit(table: TableHdu, name: string): string | null {
  return table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.unit ?? null;
}

/** Vacuum Å, one array for each row that has its own. */
function readWavelengths(fits: FitsFile, table: TableHdu): { wavelengths: Float64Array[]; notes: string[] } {
  const name = required(fits, table, WAVELENGTH);
  const unit = columnUnit(table, name);
  const place = `${table.header.place}, column "${name}"`;
  const scale = wavelengthScale(name, unit);
  if (scale === null) {
    throw new FileError(fits.file, place, `its unit "${unit}" is not a wavelength's (Angstrom, nm, um, m)`);
  }
  const medium = mediumOf([table.header, fits.hdus[0].header], name, unit);
  const notes: string[] = [];
  if (scale.assumed)
    notes.push(`its wavelengths have no unit; ${scale.isLog10 ? 'log10 of ångström' : 'ångström'} is assumed`);
  if (medium === null) notes.push(ASSUMED_VACUUM);
  const wavelengths = valuesByRow(table, fits.file, name);
  for (const values of wavelengths) {
    toAngstrom(values, scale);
    if (medium === 'air') for (let i = 0; i < values.length; i++) values[i] = airToVacuum(values[i]);
    const reddest = scale.assumed ? implausibleRedEnd(values) : null;
    if (reddest === null) continue;
    const problem = `it has no unit and its values end at ${reddest}, too short for Å; say nm, um or Angstrom in TUNIT`;
    throw new FileError(fits.file, place, problem);
  }
  return { wavelengths, notes };
}

/** Inverse variances with masked pixels at 0. */
function readIvar(fits: FitsFile, table: TableHdu, count: number): Float64Array[] {
  const ivarName = firstColumn(table, IVAR);
  const errorName = firstColumn(table, ERROR);
  if (ivarName === null && errorName === null) {
    const problem = `it has flux and no errors; it needs one of the columns ${[...IVAR, ...ERROR].join(', ')}`;
    throw new FileError(fits.file, table.header.place, problem);
  }
  const rowsOf = (name: string) => {
    const rows = valuesByRow(table, fits.file, name);
    if (rows.length === count) return rows;
    const problem = `it holds ${rows.length === 1 ? 'one value' : 'an array'} a row, unlike the flux column`;
    throw new FileError(fits.file, `${table.header.place}, column "${name}"`, problem);
  };
  const rows = rowsOf(ivarName ?? errorName ?? '');
  if (ivarName === null) {
    for (const row of rows) for (let i = 0; i < row.length; i++) row[i] = row[i] > 0 ? row[i] ** -2 : 0;
  }
  const maskName = firstColumn(table, MASK);
  if (maskName !== null) {
    rowsOf(maskName).forEach((mask, row) => {
      // Without a data model to say which bits matter, any set bit means bad.
      for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) rows[row][i] = 0;
    });
  }
  return rows;
}

type AboutObject = Pick<Spectrum, 'id' | 'redshift' | 'redshiftError' | 'redshiftWarning' | 'objectClass' | 'subclass'>;

/** What is known of each spectrum: from its row when rows are spectra, and from the headers where that is silent. */
function describeRows(fits: FitsFile, table: TableHdu, count: number): (row: number) => AboutObject {
  // As many spectra as rows means that rows are spectra; a single row of one pixel makes no spectrum anyway.
  const rowsAreSpectra = count === table.rows;
  const headers = [table.header, fits.hdus[0].header];
  const number = (columns: readonly string[], keywords: readonly string[] = columns) => {
    const card = firstFound(headers, (header) => numberCard(header, keywords));
    const cell = rowsAreSpectra ? numberColumn(table, columns) : () => null;
    return (row: number) => cell(row) ?? card;
  };
  const redshift = number(REDSHIFT);
  const redshiftError = number(['z_err', 'zerr']);
  const redshiftWarning = number(['zwarning', 'zwarn']);
  const classCard = firstFound(headers, (header) => textCard(header, CLASS));
  const classCell = rowsAreSpectra ? textColumn(table, CLASS) : () => null;
  const identifier = identifiersOf(fits, table, rowsAreSpectra);
  return (row) => ({
    id: identifier(row),
    redshift: redshiftOrNull(redshift(row)),
    redshiftError: errorOrNull(redshiftError(row)),
    redshiftWarning: redshiftWarning(row),
    objectClass: classOrNull(classCell(row) ?? classCard),
    subclass: null,
  });
}

function firstFound<T>(headers: readonly FitsHeader[], look: (header: FitsHeader) => T | null): T | null {
  return headers.reduce<T | null>((found, header) => found ?? look(header), null);
}

function identifiersOf(fits: FitsFile, table: TableHdu, rowsAreSpectra: boolean): (row: number) => string {
  const stem = stemOf(fits.file);
  if (!rowsAreSpectra) return () => textCard(table.header, ['TARGETID', 'OBJID']) ?? stem;
  const column = firstColumn(table, IDENTIFIER);
  const names = column === null ? null : table.identifiers(column);
  return (row) => names?.[row].trim() || `${stem}-${row}`;
}
