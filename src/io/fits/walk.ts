/**
 * Finds the header-data units of a file (FITS 4.0, section 3) by their headers alone. Every count in a header is
 * doubted: what it says must be possible, and whether the data are really there is checked when they are read.
 */
import { FileError } from '../../base/index.ts';
import { FitsHeader } from './header.ts';

const BLOCK = 2880;
const CARD = 80;
const LARGEST_NAXIS = 999;
const BITPIX = [8, 16, 32, 64, -32, -64];

/** A header-data unit and where its data lie. */
export interface Unit {
  readonly file: string;
  readonly index: number;
  readonly header: FitsHeader;
  /** `IMAGE`, `BINTABLE`, `TABLE`, … ; the primary unit counts as IMAGE. */
  readonly extension: string;
  readonly bitpix: number;
  /** NAXIS1, NAXIS2, …: the fastest axis first. */
  readonly axes: readonly number[];
  readonly parameterBytes: number;
  readonly groups: number;
  /** The whole file, decompressed. */
  readonly bytes: Uint8Array;
  readonly dataStart: number;
  /** Length that the header declares, padding not counted. */
  readonly dataLength: number;
}

export interface Walk {
  readonly units: readonly Unit[];
  /** Offset of bytes after the last unit that are not one; null when there are none. */
  readonly ignoredFrom: number | null;
}

/** @throws FileError when the first header, or the size of any unit, makes no sense */
export function walkUnits(bytes: Uint8Array, file: string): Walk {
  const units: Unit[] = [];
  let start = 0;
  do {
    const cards = countCards(bytes, start);
    if (start === 0) checkFirst(bytes, cards, file);
    // astropy, too, stops quietly at whatever follows the last extension and is not one.
    if (cards === null || (start > 0 && !cardIs(bytes, start, 'XTENSION'))) return { units, ignoredFrom: start };
    const unit = describeUnit(bytes, start, cards, file, units.length);
    units.push(unit);
    start = roundUp(unit.dataStart + unit.dataLength);
  } while (start < bytes.length);
  return { units, ignoredFrom: null };
}

function checkFirst(bytes: Uint8Array, cards: number | null, file: string): void {
  if (!cardIs(bytes, 0, 'SIMPLE')) {
    throw new FileError(file, '', 'it is not a FITS file: it does not begin with SIMPLE');
  }
  if (cards === null) {
    throw new FileError(file, 'HDU 0', 'its header has no END card; the file is damaged or truncated');
  }
}

/** Number of cards before END; null when the header does not end. */
function countCards(bytes: Uint8Array, start: number): number | null {
  for (let card = start, count = 0; card + CARD <= bytes.length; card += CARD, count++) {
    if (isEnd(bytes, card)) return count;
    if (!beginsPrintably(bytes, card)) return null;
    if (count > 0 && (cardIs(bytes, card, 'XTENSION') || cardIs(bytes, card, 'SIMPLE'))) return null;
  }
  return null;
}

function isEnd(bytes: Uint8Array, card: number): boolean {
  return bytes[card] === 69 && cardIs(bytes, card, 'END');
}

/** Binary data where a keyword should be mean that END was lost and the scan has run into the data. */
function beginsPrintably(bytes: Uint8Array, card: number): boolean {
  for (let i = card; i < card + 8; i++) if (bytes[i] < 32 || bytes[i] > 126) return false;
  return true;
}

function cardIs(bytes: Uint8Array, card: number, keyword: string): boolean {
  if (bytes.length < card + CARD) return false;
  for (let i = 0; i < 8; i++) {
    if (bytes[card + i] !== (i < keyword.length ? keyword.charCodeAt(i) : 32)) return false;
  }
  return true;
}

function describeUnit(bytes: Uint8Array, start: number, cards: number, file: string, index: number): Unit {
  const header = new FitsHeader(bytes.subarray(start, start + cards * CARD), file, index);
  const refuse = (problem: string): FileError => new FileError(file, header.place, problem);
  if (index === 0 && header.get('SIMPLE') !== true)
    throw refuse('SIMPLE is not T: the file says it is not standard FITS');
  if (header.get('GROUPS') === true && header.get('NAXIS1') === 0) {
    throw refuse('random groups (an old form of interferometry data) are not read');
  }
  const bitpix = header.integer('BITPIX');
  if (!BITPIX.includes(bitpix)) throw refuse(`BITPIX is ${bitpix}, not one of ${BITPIX.join(', ')}`);
  const axes = readAxes(header, refuse);
  const parameterBytes = optionalCount(header, 'PCOUNT', 0, refuse);
  const groups = optionalCount(header, 'GCOUNT', 1, refuse);
  const elements = axes.length === 0 ? 0 : axes.reduce((product, axis) => product * axis, 1);
  const dataLength = (Math.abs(bitpix) / 8) * groups * (parameterBytes + elements);
  if (!Number.isSafeInteger(dataLength))
    throw refuse(`its axes ${axes.join(' × ')} make more data than a file can hold`);
  const dataStart = roundUp(start + (cards + 1) * CARD);
  const extension = index === 0 ? 'IMAGE' : header.text('XTENSION').trim();
  return { file, index, header, extension, bitpix, axes, parameterBytes, groups, bytes, dataStart, dataLength };
}

function readAxes(header: FitsHeader, refuse: (problem: string) => FileError): number[] {
  const count = header.integer('NAXIS');
  if (count < 0 || count > LARGEST_NAXIS) throw refuse(`NAXIS is ${count}, not between 0 and ${LARGEST_NAXIS}`);
  const axes: number[] = [];
  for (let axis = 1; axis <= count; axis++) {
    const length = header.integer(`NAXIS${axis}`);
    if (length < 0) throw refuse(`NAXIS${axis} is ${length}; an axis cannot be negative`);
    axes.push(length);
  }
  return axes;
}

function optionalCount(
  header: FitsHeader,
  keyword: string,
  otherwise: number,
  refuse: (problem: string) => FileError,
): number {
  if (!header.has(keyword)) return otherwise;
  const count = header.integer(keyword);
  if (count < 0) throw refuse(`${keyword} is ${count}; it cannot be negative`);
  return count;
}

function roundUp(offset: number): number {
  return Math.ceil(offset / BLOCK) * BLOCK;
}
