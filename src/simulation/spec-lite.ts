import { SOFTWARE_VERSION } from '../base/index.ts';
import { type ColumnToWrite, type HduToWrite, writeFits } from '../io/index.ts';
import { medianSnr } from '../spectra/index.ts';
import type { SimulatedObject } from './simulated-object.ts';

/**
 * An SDSS spec-lite file (data release 8 and later) of a simulated object: the combined spectrum in HDU 1 (COADD) and
 * the pipeline's row about it in HDU 2 (SPECOBJ), with the columns and formats of the survey's data model
 * (data.sdss.org/datamodel, files/BOSS_SPECTRO_REDUX/RUN2D/spectra/PLATE4/spec.html). COADD.model is the noise-free
 * spectrum; nothing else in the file gives the truth away, but the header says SIMULATE = T.
 *
 * @returns the name that the survey would give the file, and its bytes
 */
export function specLiteFile(object: SimulatedObject): { name: string; bytes: Uint8Array } {
  const name = `spec-${object.spectrum.id}.fits`;
  return { name, bytes: writeFits([primary(object), coadd(object), specObj(object)]) };
}

function primary({ spectrum, instrument, plate, mjd, fiber }: SimulatedObject): HduToWrite {
  const { ra, dec } = position(plate, fiber);
  return {
    kind: 'empty',
    cards: [
      { keyword: 'TELESCOP', value: 'SDSS 2.5-M' },
      { keyword: 'SIMULATE', value: true, comment: 'this object does not exist' },
      { keyword: 'ORIGIN', value: `lightfold ${SOFTWARE_VERSION}` },
      { keyword: 'OBJECT', value: spectrum.source.place, comment: 'number in the simulation' },
      { keyword: 'FLAVOR', value: 'science' },
      { keyword: 'QUALITY', value: 'excellent' },
      { keyword: 'PLATEID', value: plate, comment: 'Plate Id' },
      { keyword: 'MJD', value: mjd, comment: 'MJD of observation' },
      { keyword: 'FIBERID', value: fiber, comment: 'Fiber number' },
      { keyword: 'PLUG_RA', value: ra, comment: 'RA of object [deg]' },
      { keyword: 'PLUG_DEC', value: dec, comment: 'dec of object [deg]' },
      { keyword: 'VACUUM', value: true, comment: 'Wavelengths are in vacuum' },
      { keyword: 'COEFF0', value: instrument.range.first * 1e-4, comment: 'Central wavelength (log10) of first pixel' },
      { keyword: 'COEFF1', value: 1e-4, comment: 'Log10 dispersion per pixel' },
      { keyword: 'DC-FLAG', value: 1, comment: 'Log-linear flag' },
      { keyword: 'NWORDER', value: 2, comment: 'Linear-log10 coefficients' },
      { keyword: 'WFITTYPE', value: 'LOG-LINEAR', comment: 'Linear-log10 dispersion' },
      { keyword: 'BUNIT', value: '1E-17 erg/cm^2/s/Ang' },
    ],
  };
}

function coadd({ spectrum, exposure, instrument, model, modelRange }: SimulatedObject): HduToWrite {
  const start = instrument.range.first - modelRange.first;
  const columns: ColumnToWrite[] = [
    { name: 'flux', values: Float32Array.from(spectrum.flux) },
    { name: 'loglam', values: instrument.logWavelength },
    { name: 'ivar', values: Float32Array.from(spectrum.ivar) },
    { name: 'and_mask', values: exposure.mask },
    { name: 'or_mask', values: exposure.mask },
    { name: 'wdisp', values: Float32Array.from(instrument.dispersion) },
    { name: 'sky', values: Float32Array.from(exposure.sky) },
    { name: 'model', values: Float32Array.from(model.subarray(start, start + instrument.range.count)) },
  ];
  return { kind: 'table', name: 'COADD', columns };
}

function specObj(object: SimulatedObject): HduToWrite {
  const { spectrum, instrument, plate, mjd, fiber, labels } = object;
  const { ra, dec } = position(plate, fiber);
  const { wavelength } = instrument;
  const dispersion = labels.velocity_dispersion ?? { value: 0, ivar: 0 };
  const boss = instrument.name === 'BOSS';
  const columns: ColumnToWrite[] = [
    text('SURVEY', boss ? 'boss' : 'sdss', 6),
    text('INSTRUMENT', instrument.name, 4),
    text('PROGRAMNAME', 'simulation', 23),
    text('PLATEQUALITY', 'good', 8),
    byte('SPECPRIMARY', 1),
    byte('SPECLEGACY', boss ? 0 : 1),
    byte('SPECBOSS', boss ? 1 : 0),
    text('SPECOBJID', String(specObjId(plate, mjd, fiber)), 22),
    text('RUN2D', '26', 6),
    text('SOURCETYPE', spectrum.objectClass ?? '', 19),
    text('TARGETTYPE', 'SCIENCE', 8),
    integer('PLATE', plate),
    integer('TILE', plate),
    integer('MJD', mjd),
    integer('FIBERID', fiber),
    { name: 'PLUG_RA', values: Float64Array.of(ra) },
    { name: 'PLUG_DEC', values: Float64Array.of(dec) },
    text('CLASS', spectrum.objectClass ?? '', 6),
    text('SUBCLASS', spectrum.subclass ?? '', 21),
    real('Z', spectrum.redshift ?? 0),
    real('Z_ERR', spectrum.redshiftError ?? 0),
    real('RCHI2', 1),
    integer(
      'DOF',
      spectrum.ivar.reduce((good, ivar) => good + (ivar > 0 ? 1 : 0), 0),
    ),
    real('VDISP', dispersion.ivar > 0 ? dispersion.value : 0),
    real('VDISP_ERR', dispersion.ivar > 0 ? 1 / Math.sqrt(dispersion.ivar) : 0),
    real('WAVEMIN', wavelength[0]),
    real('WAVEMAX', wavelength[wavelength.length - 1]),
    real('WCOVERAGE', instrument.range.count * 1e-4),
    integer('ZWARNING', spectrum.redshiftWarning ?? 0),
    real('SN_MEDIAN_ALL', medianSnr(spectrum.flux, spectrum.ivar)),
    integer(
      'ANYANDMASK',
      object.exposure.mask.reduce((any, mask) => any | mask, 0),
    ),
    integer(
      'ANYORMASK',
      object.exposure.mask.reduce((any, mask) => any | mask, 0),
    ),
  ];
  return { kind: 'table', name: 'SPECOBJ', columns };
}

/** Places on the sky that differ from object to object; they mean nothing else. */
function position(plate: number, fiber: number): { ra: number; dec: number } {
  return { ra: (plate * 7.3 + fiber * 0.004) % 360, dec: ((plate * 3.1) % 60) + fiber * 0.003 };
}

/** The 64-bit number that SDSS makes of plate, fibre and day: data model, "specObjID". */
function specObjId(plate: number, mjd: number, fiber: number): bigint {
  return (BigInt(plate) << 50n) | (BigInt(fiber) << 38n) | (BigInt(mjd - 50000) << 24n);
}

function text(name: string, value: string, characters: number): ColumnToWrite {
  return { name, values: [value], characters };
}

function real(name: string, value: number): ColumnToWrite {
  return { name, values: Float32Array.of(value) };
}

function integer(name: string, value: number): ColumnToWrite {
  return { name, values: Int32Array.of(value) };
}

function byte(name: string, value: number): ColumnToWrite {
  return { name, values: Uint8Array.of(value) };
}
