import type { Random } from '../../base/index.ts';
import type { Instrument } from './instrument.ts';

/** Bits of SDSS `spPixelMask` that the simulator sets (sdss.org, bitmask SPPIXMASK). */
const BRIGHTSKY = 1 << 23;
const NODATA = 1 << 24;
const COMBINEREJ = 1 << 25;

/** Airglow at 5578.9 Å (vacuum) is bright enough to be masked in most spectra, this many pixels either side. */
const AIRGLOW_LINE = 5578.9;

/**
 * Marks what a survey would mark: the 5577 Å airglow line, runs rejected as cosmic rays or bad columns, ragged ends,
 * and one gap when asked. Sets `ivar` to 0 there; flux keeps what the pipeline left, 0 where there are no data.
 *
 * @returns mask bits, length P
 */
export function maskBadPixels(
  instrument: Instrument,
  flux: Float64Array,
  ivar: Float64Array,
  missing: number,
  random: Random,
): Int32Array<ArrayBuffer> {
  const pixels = flux.length;
  const mask = new Int32Array(pixels);
  const reject = (first: number, count: number, bit: number): void => {
    const last = Math.min(pixels, first + count);
    for (let i = Math.max(0, first); i < last; i++) {
      mask[i] |= bit;
      ivar[i] = 0;
      if (bit === NODATA) flux[i] = 0;
    }
  };
  if (random.uniform() < 0.7) {
    const line = instrument.wavelength.findIndex((wavelength) => wavelength >= AIRGLOW_LINE);
    reject(line - 3, 4 + random.integer(4), BRIGHTSKY);
  }
  const rejected = random.integer(10);
  for (let k = 0; k < rejected; k++) reject(random.integer(pixels), 1 + random.integer(4), COMBINEREJ);
  if (random.uniform() < 0.08) reject(random.integer(pixels), 10 + random.integer(40), COMBINEREJ);
  const start = random.integer(12);
  reject(0, start, NODATA);
  const end = random.integer(12);
  reject(pixels - end, end, NODATA);
  if (missing > 0) {
    const count = Math.round(missing * pixels);
    reject(random.integer(pixels - count), count, NODATA);
  }
  return mask;
}
