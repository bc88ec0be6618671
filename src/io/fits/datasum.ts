/** Verifies DATASUM, the sum that a FITS file may carry of each unit's data (FITS 4.0, section 4.4.2.7, appendix J). */
import { FileError } from '../../base/index.ts';
import type { Unit } from './walk.ts';

const BLOCK = 2880;
/** So many 32-bit words add up to less than 2⁵³, where a double is exact. */
const WORDS_AT_ONCE = 2 ** 20;
const MODULUS = 2 ** 32 - 1;

/**
 * Holds a unit's data against its DATASUM card. Without the card, or with one that holds no number, nothing is said.
 * CHECKSUM, which covers the header too, is not looked at: headers are often edited without writing it anew.
 *
 * @throws FileError when the data are not those that the card was written for
 */
export function verifyDatasum(unit: Unit): void {
  const { header, file } = unit;
  const card = header.has('DATASUM') ? header.get('DATASUM') : undefined;
  const expected = typeof card === 'string' ? card.trim() : typeof card === 'number' ? String(card) : '';
  const data = paddedData(unit);
  // What pads an ASCII table counts, as spaces.
  if (!/^\d{1,10}$/.test(expected) || (unit.extension === 'TABLE' && data.length % BLOCK > 0)) return;
  const found = datasum(data);
  // In ones' complement 0 and 2³² − 1 are the same number.
  if (found % MODULUS === Number(expected) % MODULUS) return;
  throw new FileError(
    file,
    header.place,
    `its data add up to ${found} and its DATASUM says ${expected}: the file was damaged, fetch it again (or, if you changed the data yourself, write DATASUM anew)`,
  );
}

/** The data with what pads them to whole blocks, as far as it is there; padding of zeros that is missing adds nothing. */
function paddedData({ bytes, dataStart, dataLength }: Unit): Uint8Array {
  return bytes.subarray(dataStart, dataStart + Math.ceil(dataLength / BLOCK) * BLOCK);
}

/** The ones' complement sum of big-endian 32-bit words; a last incomplete one is filled with zeros. */
function datasum(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const whole = data.byteLength >> 2;
  let sum = 0;
  for (let from = 0; from < whole; from += WORDS_AT_ONCE) {
    const to = Math.min(from + WORDS_AT_ONCE, whole);
    for (let word = from; word < to; word++) sum += view.getUint32(4 * word);
    sum = carried(sum);
  }
  let rest = 0;
  for (let at = 4 * whole; at < data.byteLength; at++) rest += data[at] * 2 ** (8 * (3 - (at & 3)));
  return carried(sum + rest);
}

/** Adds what has grown beyond 32 bits back at the other end. */
function carried(sum: number): number {
  let folded = sum;
  while (folded > MODULUS) folded = (folded % 2 ** 32) + Math.floor(folded / 2 ** 32);
  return folded;
}
