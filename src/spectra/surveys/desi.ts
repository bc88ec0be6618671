/**
 * DESI spectra: `coadd-…`, `spectra-…` and their like. Each camera (B, R, Z, or all in one as BRZ) has images
 * X_WAVELENGTH (P, vacuum Å), X_FLUX, X_IVAR and X_MASK (N × P); the table FIBERMAP has a row for each of the N
 * spectra. https://desidatamodel.readthedocs.io
 *
 * Cameras are joined, and exposures of one target combined, by inverse-variance weighting on one grid: the cameras'
 * own pixels, which coincide where they overlap (as in desispec's `coadd_cameras`; other grids are resampled).
 * No search for cosmic rays is made, so prefer the survey's own coadd files.
 *
 * Any bit of the mask (desispec's `specmask`: SOMEBADPIX, ALLBADPIX, COSMIC, LOWFLAT, BADFIBERFLAT, BRIGHTSKY,
 * BADSKY, and more in later releases) makes a pixel unobserved, as it does for desispec's coadds and for redrock.
 */
import { FileError } from '../../base/index.ts';
import type { FitsFile, TableHdu } from '../../io/index.ts';
import type { Spectrum } from '../index.ts';
import { type Camera, combineCameras } from './cameras.ts';
import { textCard } from './cells.ts';
import { checkPixels } from './pixels.ts';
import { applyRedshifts, readRedshifts, redshiftTable } from './redshifts.ts';
import type { Rejection, SurveyFormat, SurveyResult } from './result.ts';

export const desiSpectra: SurveyFormat = {
  name: 'DESI spectra',
  sign: 'images B_WAVELENGTH, B_FLUX, B_IVAR and so for each camera, with a FIBERMAP',
  recognise: (fits) => cameraNames(fits).length > 0,
  read: readDesi,
};

const DESI_FLUX_UNIT = '10**-17 erg/(s cm2 Angstrom)';

function cameraNames(fits: FitsFile): string[] {
  return fits.hdus.flatMap(({ name }) => /^([A-Z0-9]+)_WAVELENGTH$/i.exec(name)?.[1] ?? []);
}

/** Cameras are lost without a trace when a file is cut short, so what is there must be whole. */
function refuseTruncated(fits: FitsFile): void {
  if (fits.ignoredFrom === null) return;
  const problem = 'what follows is damaged or not FITS, and cameras may be lost with it; fetch the file again';
  throw new FileError(fits.file, `byte ${fits.ignoredFrom}`, problem);
}

function notesOn(names: readonly string[]): string[] {
  const single = names.map((name) => name.toUpperCase()).filter((name) => 'BRZ'.includes(name) && name.length === 1);
  if (single.length === 0 || single.length === 3) return [];
  return [`it has only the camera${single.length === 1 ? '' : 's'} ${single.join(' and ')} of B, R and Z`];
}

function readDesi(fits: FitsFile): SurveyResult {
  refuseTruncated(fits);
  const names = cameraNames(fits);
  const cameras = names.map((name) => readCamera(fits, name));
  const rows = cameras[0].rows;
  cameras.forEach((camera, index) => {
    if (camera.rows === rows) return;
    const problem = `it has ${camera.rows} spectra and ${names[0]}_FLUX has ${rows}`;
    throw new FileError(fits.file, fits.hdu(`${names[index]}_FLUX`).header.place, problem);
  });
  const fibermap = fibermapOf(fits, rows);
  const objects = groupByTarget(fibermap, rows);
  const combine = combineCameras(cameras);
  const spectra: Spectrum[] = [];
  const rejected: Rejection[] = [];
  for (const { id, rows: exposures, type } of objects) {
    const place = `${fibermap.header.place}, row ${exposures.join(' and ')} (TARGETID ${id})`;
    if (type === 'SKY' || type === 'BAD') {
      rejected.push({
        place,
        reason: `its fibre was on ${type === 'SKY' ? 'blank sky' : 'nothing usable'} (OBJTYPE ${type})`,
      });
      continue;
    }
    const { flux, ivar } = combine(exposures);
    const pixels = checkPixels(combine.wavelength, flux, ivar);
    if (pixels.ok) spectra.push(makeSpectrum(fits, names[0], id, place, pixels));
    else rejected.push({ place, reason: pixels.reason });
  }
  const own = readRedshifts(redshiftTable(fits));
  return {
    format: desiSpectra.name,
    spectra: applyRedshifts(spectra, own.redshifts),
    rejected: [...rejected, ...own.rejected],
    redshifts: [],
    notes: notesOn(names),
  };
}

function makeSpectrum(
  fits: FitsFile,
  camera: string,
  id: string,
  place: string,
  pixels: Pick<Spectrum, 'wavelength' | 'flux' | 'ivar'>,
): Spectrum {
  return {
    id,
    wavelength: pixels.wavelength,
    frame: 'observed',
    flux: pixels.flux,
    ivar: pixels.ivar,
    fluxUnit: textCard(fits.hdu(`${camera}_FLUX`).header, ['BUNIT']) ?? DESI_FLUX_UNIT,
    redshift: null,
    redshiftError: null,
    redshiftWarning: null,
    objectClass: null,
    subclass: null,
    labels: {},
    source: { file: fits.file, place },
  };
}

function readCamera(fits: FitsFile, name: string): Camera {
  const wavelength = fits.imageNumbers(`${name}_WAVELENGTH`).data;
  const pixels = wavelength.length;
  for (let i = 0; i < pixels; i++) {
    if (wavelength[i] > (i === 0 ? 0 : wavelength[i - 1]) && wavelength[i] < Infinity) continue;
    const place = `${fits.hdu(`${name}_WAVELENGTH`).header.place}, pixel ${i}`;
    throw new FileError(fits.file, place, `its wavelength, ${wavelength[i]} Å, is not above the one before`);
  }
  if (pixels < 2)
    throw new FileError(fits.file, fits.hdu(`${name}_WAVELENGTH`).header.place, 'it has fewer than two pixels');
  const imageOf = (kind: string) => {
    const { data } = fits.imageNumbers(`${name}_${kind}`);
    if (data.length % pixels === 0 && data.length > 0) return data;
    const problem = `its ${data.length} values are not rows of the ${pixels} pixels of ${name}_WAVELENGTH`;
    throw new FileError(fits.file, fits.hdu(`${name}_${kind}`).header.place, problem);
  };
  const flux = imageOf('FLUX');
  const ivar = imageOf('IVAR');
  const mask = fits.find(`${name}_MASK`) === undefined ? null : imageOf('MASK');
  if (ivar.length !== flux.length || (mask !== null && mask.length !== flux.length)) {
    throw new FileError(
      fits.file,
      fits.hdu(`${name}_FLUX`).header.place,
      `${name}_IVAR or ${name}_MASK has another shape`,
    );
  }
  for (let i = 0; i < flux.length; i++) {
    const good = ivar[i] > 0 && ivar[i] < Infinity && Number.isFinite(flux[i]) && (mask === null || mask[i] === 0);
    if (!good) {
      flux[i] = 0;
      ivar[i] = 0;
    }
  }
  return { wavelength, flux, ivar, rows: flux.length / pixels };
}

function fibermapOf(fits: FitsFile, rows: number): TableHdu {
  const fibermap = fits.table('FIBERMAP');
  if (fibermap.rows === rows) return fibermap;
  const problem = `it has ${fibermap.rows} rows for ${rows} spectra; it must have one for each`;
  throw new FileError(fits.file, fibermap.header.place, problem);
}

interface Target {
  readonly id: string;
  readonly type: string;
  readonly rows: number[];
}

/** Targets in the order of their first exposure. */
function groupByTarget(fibermap: TableHdu, rows: number): Target[] {
  const ids = fibermap.identifiers('TARGETID');
  const types = fibermap.has('OBJTYPE') ? fibermap.texts('OBJTYPE') : null;
  const targets = new Map<string, Target>();
  for (let row = 0; row < rows; row++) {
    const known = targets.get(ids[row]);
    if (known !== undefined) known.rows.push(row);
    else targets.set(ids[row], { id: ids[row], type: types?.[row].trim() ?? '', rows: [row] });
  }
  return [...targets.values()];
}
