/**
 * One spectrum as a table of text, a pixel a line: columns of wavelength, flux and, best, error or ivar, separated by
 * commas, tabs or blanks; with a line of names or without, comments after `#`. What the text does not say is assumed
 * and noted. A redshift may stand in a comment (`# z = 0.123`) or in a column.
 */
import { FileError } from '../../base/index.ts';
import { numberColumn, readCsv, type Table } from '../../io/index.ts';
import { airToVacuum, medianInPlace, type Spectrum } from '../index.ts';
import { redshiftOrNull, stemOf } from './cells.ts';
import { ERROR, FLUX, IVAR, REDSHIFT, WAVELENGTH } from './column-names.ts';
import { ASSUMED_VACUUM, mediumOf } from './medium.ts';
import { checkPixels } from './pixels.ts';
import type { SurveyResult } from './result.ts';
import { implausibleRedEnd, isPerFrequency, toAngstrom, wavelengthScale } from './units.ts';

const FORMAT = 'text table';
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
/** A line that begins with two numbers is a pixel. */
const PIXEL = new RegExp(String.raw`^[ \t]*${NUMBER}(?:[ \t]*[,;\t][ \t]*|[ \t]+)${NUMBER}(?:[\s,;]|$)`, 'm');
const STATED_REDSHIFT = new RegExp(String.raw`^#\s*(?:z|redshift)\s*[=:]\s*(${NUMBER})\s*$`, 'im');
/** So much of a file tells whether it is text. */
const LOOKED_AT = 65536;

/** The file as text when it is a table of numbers, or null. */
export function spectrumText(bytes: Uint8Array): string | null {
  const beginning = bytes.subarray(0, LOOKED_AT);
  if (beginning.includes(0)) return null;
  // Cut anywhere: what the end of the beginning lacks is looked at below.
  if (!PIXEL.test(new TextDecoder('latin1').decode(beginning))) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Control characters other than tabs, feeds and line ends. */
function isNoText(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32) || byte === 127;
}

/** Why a file of text that `spectrumText` declined is no spectrum; null when it is not text, or says that it is FITS. */
export function whyNoSpectrum(bytes: Uint8Array): string | null {
  const looked = bytes.subarray(0, LOOKED_AT);
  const beginning = new TextDecoder('latin1').decode(looked);
  if (looked.some(isNoText) || beginning.startsWith('SIMPLE')) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  const first = beginning.split(/\r\n|\n|\r/).find((line) => line.trim() !== '' && !isComment(line)) ?? '';
  const why = namesWavelength(separated(first))
    ? 'below its line of names no line begins with two numbers; give wavelength and flux first'
    : 'its first line has no columns named wavelength and flux; name them so, or give two or three columns of numbers';
  return `it is neither a FITS, npz nor text spectrum: ${why}`;
}

/** @throws FileError when its columns are not those of a spectrum */
export function readTextSpectrum(text: string, file: string): SurveyResult {
  const named = withNames(text, file);
  const table = readCsv(new TextEncoder().encode(named.text), file);
  const columns = new TextColumns(table, file);
  const notes = [...named.notes];
  const wavelength = readWavelength(columns, notes);
  const fluxColumn = columns.required(FLUX);
  if (isPerFrequency(fluxColumn.unit)) {
    const problem = `its unit "${fluxColumn.unit}" is per frequency; flux per wavelength is needed (multiply by c/λ²)`;
    throw new FileError(file, `column "${fluxColumn.name}"`, problem);
  }
  const flux = columns.numbers(fluxColumn);
  const ivar = readIvar(columns, flux, notes);
  const pixels = checkPixels(wavelength, flux, ivar);
  if (!pixels.ok) throw new FileError(file, '', pixels.reason);
  const spectrum: Spectrum = {
    id: stemOf(file),
    wavelength: pixels.wavelength,
    frame: 'observed',
    flux: pixels.flux,
    ivar: pixels.ivar,
    fluxUnit: fluxColumn.unit,
    redshift: readRedshift(columns, text),
    redshiftError: null,
    redshiftWarning: null,
    objectClass: null,
    subclass: null,
    labels: {},
    source: { file, place: '' },
  };
  return { format: FORMAT, spectra: [spectrum], rejected: [], redshifts: [], notes };
}

interface NamedText {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * The table as comma-separated values with a line of names: its own, those of a comment, or wavelength, flux and error,
 * as is the custom.
 */
function withNames(text: string, file: string): NamedText {
  const lines = text.split(/\r\n|\n|\r/);
  const entries = lines.flatMap((line, index) =>
    line.trim() === '' || isComment(line) ? [] : [{ entry: separated(line), number: index + 1 }],
  );
  const width = widthOf(entries[0].entry);
  const ragged = entries.find(({ entry }) => widthOf(entry) !== width);
  if (ragged !== undefined) {
    const problem = `it has ${widthOf(ragged.entry)} entries and the lines before it ${width}`;
    throw new FileError(file, `line ${ragged.number}`, problem);
  }
  const table = entries.map(({ entry }) => entry).join('\n');
  if (!PIXEL.test(entries[0].entry)) return { text: table, notes: [] };
  const comments = lines.filter(isComment).map((line) => separated(line.replace(/^\s*#+/, '')));
  const names = comments.findLast((line) => widthOf(line) === width && namesWavelength(line));
  return names === undefined ? withAssumedNames(table, width) : { text: `${names}\n${table}`, notes: [] };
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith('#');
}

function withAssumedNames(table: string, width: number): NamedText {
  const names = Array.from({ length: width }, (_, k) => ['wavelength', 'flux', 'error'][k] ?? `column_${k + 1}`);
  const said = width > 2 ? 'wavelength, flux and standard deviation' : 'wavelength and flux';
  return { text: `${names.join(',')}\n${table}`, notes: [`its columns have no names; ${said} are assumed`] };
}

function widthOf(entry: string): number {
  return entry.split(',').length;
}

function separated(line: string): string {
  const trimmed = line.trim();
  if (/[,\t;]/.test(trimmed)) return trimmed.replaceAll(/[ ]*[\t;,][ ]*/g, ',');
  return trimmed.replaceAll(/\s+/g, ',');
}

function namesWavelength(line: string): boolean {
  return line.split(',').some((entry) => WAVELENGTH.includes(nameAndUnit(entry).name.toLowerCase()));
}

/** `wave [nm]`, `lambda(um)`. */
function nameAndUnit(heading: string): { readonly name: string; readonly unit: string } {
  const found = /^([^[(]*[^[(\s])\s*[[(]([^\])]*)[\])]$/.exec(heading.trim());
  return found === null ? { name: heading.trim(), unit: '' } : { name: found[1], unit: found[2] };
}

interface TextColumn {
  readonly heading: string;
  readonly name: string;
  readonly unit: string;
}

class TextColumns {
  readonly file: string;
  readonly #table: Table;
  readonly #columns: readonly TextColumn[];

  constructor(table: Table, file: string) {
    this.file = file;
    this.#table = table;
    this.#columns = table.names.map((heading) => ({ heading, ...nameAndUnit(heading) }));
  }

  first(names: readonly string[]): TextColumn | null {
    for (const name of names) {
      const found = this.#columns.find((column) => column.name.toLowerCase() === name);
      if (found !== undefined) return found;
    }
    return null;
  }

  required(names: readonly string[]): TextColumn {
    const found = this.first(names);
    if (found !== null) return found;
    const there = this.#columns.map(({ heading }) => heading).join(', ');
    throw new FileError(this.file, '', `it has none of the columns ${names.join(', ')} (it has ${there})`);
  }

  /** NaN where there is no number. */
  numbers({ heading }: TextColumn): Float64Array {
    return Float64Array.from(numberColumn(this.#table, heading, this.file), (value) => value ?? Number.NaN);
  }
}

/** Vacuum Å. */
function readWavelength(columns: TextColumns, notes: string[]): Float64Array {
  const { heading, name, unit } = columns.required(WAVELENGTH);
  const place = `column "${heading}"`;
  const scale = wavelengthScale(name, unit);
  if (scale === null) {
    throw new FileError(columns.file, place, `its unit "${unit}" is not a wavelength's (Angstrom, nm, um, m)`);
  }
  const values = toAngstrom(columns.numbers({ heading, name, unit }), scale);
  const medium = mediumOf([], name, unit);
  if (scale.assumed) {
    const reddest = implausibleRedEnd(values);
    if (reddest !== null) {
      const problem = `its values end at ${reddest}, too short for Å; say the unit in its name, as in "wavelength (nm)"`;
      throw new FileError(columns.file, place, problem);
    }
    notes.push(`its wavelengths have no unit; ${scale.isLog10 ? 'log10 of ångström' : 'ångström'} is assumed`);
  }
  if (medium === null) notes.push(ASSUMED_VACUUM);
  return medium === 'air' ? values.map(airToVacuum) : values;
}

function readIvar(columns: TextColumns, flux: Float64Array, notes: string[]): Float64Array {
  const ivar = columns.first(IVAR);
  if (ivar !== null) return columns.numbers(ivar);
  const error = columns.first(ERROR);
  if (error !== null) return columns.numbers(error).map((value) => (value > 0 ? value ** -2 : 0));
  const noise = noiseOf(flux);
  notes.push(
    `it states no errors; its noise is taken to be ${noise.toPrecision(2)} everywhere, by how neighbouring pixels differ`,
  );
  return flux.map((value) => (Number.isFinite(value) ? noise ** -2 : 0));
}

/** Less noise than this share of the flux is a model's, not a measurement's. */
const LEAST_NOISE = 1e-3;

/**
 * Standard deviation of a pixel by the differences of each from those two away, in which a smooth spectrum cancels
 * (DER_SNR, Stoehr et al. 2008, ASP Conf. Ser. 394, 505).
 */
function noiseOf(flux: Float64Array): number {
  const differences: number[] = [];
  for (let i = 2; i + 2 < flux.length; i++) {
    const difference = Math.abs(2 * flux[i] - flux[i - 2] - flux[i + 2]);
    if (Number.isFinite(difference)) differences.push(difference);
  }
  const level = medianInPlace(Float64Array.from(flux.filter(Number.isFinite), Math.abs));
  const noise =
    differences.length === 0 ? 0 : (1.482602 / Math.sqrt(6)) * medianInPlace(Float64Array.from(differences));
  return Math.max(noise, LEAST_NOISE * level) || 1;
}

function readRedshift(columns: TextColumns, text: string): number | null {
  const stated = STATED_REDSHIFT.exec(text)?.[1];
  if (stated !== undefined) return redshiftOrNull(Number(stated));
  const column = columns.first(REDSHIFT);
  const value = column === null ? undefined : columns.numbers(column)[0];
  return value === undefined || Number.isNaN(value) ? null : redshiftOrNull(value);
}
