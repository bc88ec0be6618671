import { row } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { SeenObject } from './seen-object.ts';

/** The longest stretch without data where the survey nearly always has them. */
export interface MissingChunk {
  /** Pixels of the stretch over pixels where data were expected. */
  readonly share: number;
  readonly pixels: number;
  /** Rest-frame pixel numbers of the stretch, both ends included. */
  readonly first: number;
  readonly last: number;
}

/** Width of the bins of ln(observed wavelength) in which coverage is counted. */
const BIN = 0.002;
/** Data are expected where at least this share of the survey has them. */
const EXPECTED = 0.8;
/** Bins that fewer objects than this reach say nothing. */
const MINIMUM_OBJECTS = 5;

/**
 * Finds gaps that redshift does not explain: a spectrograph covers the same *observed* wavelengths for every object, so
 * the survey itself tells where one should have data.
 */
export function missingChunkFinder({ wavelength, ivar, catalogue }: Dataset): (object: SeenObject) => MissingChunk {
  const logWavelength = wavelength.map(Math.log);
  const start = logWavelength[0];
  const span = logWavelength[logWavelength.length - 1] - start;
  const widest = catalogue.redshift.reduce((most: number, z) => Math.max(most, Math.log1p(z ?? 0)), 0);
  const bins = Math.ceil((span + widest + 0.2) / BIN) + 1;
  const seen = new Float64Array(bins);
  const reached = new Float64Array(bins);
  const binOf = (pixel: number, shift: number): number =>
    Math.floor((logWavelength[pixel] + shift - start + 0.1) / BIN);
  for (let object = 0; object < ivar.rows; object++) {
    const shift = Math.log1p(catalogue.redshift[object] ?? 0);
    const own = row(ivar, object);
    for (let pixel = 0; pixel < own.length; pixel++) {
      const bin = binOf(pixel, shift);
      reached[bin] += 1;
      if (own[pixel] > 0) seen[bin] += 1;
    }
  }
  const expected = seen.map((count, bin) => (reached[bin] >= MINIMUM_OBJECTS ? count / reached[bin] : 0));
  return (object) => longestGap(object.ivar, (pixel) => expected[binOf(pixel, object.shift)] >= EXPECTED);
}

function longestGap(ivar: Float32Array, isExpected: (pixel: number) => boolean): MissingChunk {
  let longest = { pixels: 0, first: 0, last: -1 };
  let [expected, pixels, first] = [0, 0, 0];
  for (let pixel = 0; pixel < ivar.length; pixel++) {
    const due = isExpected(pixel);
    if (due) expected += 1;
    if (ivar[pixel] > 0) {
      pixels = 0;
      continue;
    }
    if (!due) continue;
    if (pixels === 0) first = pixel;
    pixels += 1;
    if (pixels > longest.pixels) longest = { pixels, first, last: pixel };
  }
  return { ...longest, share: expected === 0 ? 0 : longest.pixels / expected };
}
