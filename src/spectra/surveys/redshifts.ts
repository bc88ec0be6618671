/**
 * Tables of redshifts apart from the spectra: DESI's redrock (REDSHIFTS), zbest (ZBEST) and zcat (ZCATALOG) files.
 * TARGETID joins them to spectra.
 */
import type { FitsFile, TableHdu } from '../../io/index.ts';
import type { Spectrum } from '../index.ts';
import { classOrNull, errorOrNull, numberColumn, textColumn } from './cells.ts';
import type { RedshiftEntry, Rejection, SurveyFormat, SurveyResult } from './result.ts';

export const desiRedshifts: SurveyFormat = {
  name: 'DESI redshifts',
  sign: 'a table with columns TARGETID, Z and ZWARN',
  recognise: (fits) => redshiftTable(fits) !== null,
  read: (fits) => readRedshifts(redshiftTable(fits)),
};

/** The table of redshifts in a file; null when it has none. Fibre maps and scores have no ZWARN. */
export function redshiftTable(fits: FitsFile): TableHdu | null {
  for (const hdu of fits.hdus) {
    if (hdu.kind === 'table' && ['TARGETID', 'Z', 'ZWARN'].every((column) => hdu.has(column))) return hdu;
  }
  return null;
}

export function readRedshifts(table: TableHdu | null): SurveyResult {
  const redshifts: RedshiftEntry[] = [];
  const rejected: Rejection[] = [];
  if (table !== null) {
    const ids = table.identifiers('TARGETID');
    const redshift = table.numbers('Z');
    const warning = table.numbers('ZWARN');
    const error = numberColumn(table, ['ZERR', 'Z_ERR']);
    const spectralType = textColumn(table, ['SPECTYPE', 'CLASS']);
    const subtype = textColumn(table, ['SUBTYPE', 'SUBCLASS']);
    for (let row = 0; row < table.rows; row++) {
      if (!(redshift[row] > -1 && redshift[row] < Infinity)) {
        const reason = `its redshift, ${redshift[row]}, is not above -1`;
        rejected.push({ place: `${table.header.place}, row ${row} (TARGETID ${ids[row]})`, reason });
        continue;
      }
      redshifts.push({
        id: ids[row],
        redshift: redshift[row],
        redshiftError: errorOrNull(error(row)),
        redshiftWarning: Number.isFinite(warning[row]) ? warning[row] : null,
        objectClass: classOrNull(spectralType(row)),
        // Redrock's subtype is that of the template; an empty one does not mean "no emission lines" as SDSS's does.
        subclass: classOrNull(subtype(row)),
      });
    }
  }
  return { format: desiRedshifts.name, spectra: [], rejected, redshifts, notes: [] };
}

/**
 * Gives spectra that have no redshift the one that a table has for their id. Where a table names an id more than
 * once, its first entry without a warning counts, or else its first.
 */
export function applyRedshifts(spectra: readonly Spectrum[], redshifts: readonly RedshiftEntry[]): Spectrum[] {
  const byId = new Map<string, RedshiftEntry>();
  for (const entry of redshifts) {
    const known = byId.get(entry.id);
    if (known === undefined || (known.redshiftWarning !== 0 && entry.redshiftWarning === 0)) byId.set(entry.id, entry);
  }
  return spectra.map((spectrum) => {
    const entry = byId.get(spectrum.id);
    if (entry === undefined || spectrum.redshift !== null) return spectrum;
    const { redshift, redshiftError, redshiftWarning } = entry;
    return {
      ...spectrum,
      redshift,
      redshiftError,
      redshiftWarning,
      objectClass: spectrum.objectClass ?? entry.objectClass,
      subclass: spectrum.subclass ?? entry.subclass,
    };
  });
}

/**
 * The file names, without folder, under which DESI keeps the redshifts of a file of spectra: `redrock-…` and
 * `zbest-…` beside `coadd-…` or `spectra-…`. Empty for other files.
 */
export function redshiftFileNames(file: string): string[] {
  const name = file.split(/[\\/]/).pop() ?? file;
  const match = /^(coadd|spectra)-(.+)$/.exec(name);
  return match === null ? [] : [`redrock-${match[2]}`, `zbest-${match[2]}`];
}
