/**
 * What every survey reader passes its numbers through, so that spectra keep the promises of `Spectrum`: wavelengths
 * increase, nothing is NaN or infinite, `ivar = 0` (and flux 0) where nothing was observed, and holes in wavelength
 * are pixels that were not observed rather than one very wide pixel.
 */
import { medianInPlace } from '../index.ts';

export type CheckedPixels =
  | {
      readonly ok: true;
      readonly wavelength: Float64Array;
      readonly flux: Float64Array;
      readonly ivar: Float64Array;
    }
  | { readonly ok: false; readonly reason: string };

/** Å; from soft X-rays to 1 mm. Wavelengths beyond are a wrong unit or a damaged file. */
const SHORTEST = 10;
const LONGEST = 1e7;

/** A step this many times wider than the steps on both its sides is a hole, not a pixel. */
const HOLE_FACTOR = 4;

/**
 * @param wavelength vacuum Å, length P
 * @param flux length P; cleaned in place
 * @param ivar length P; cleaned in place: not finite or not above 0 = not observed
 */
export function checkPixels(wavelength: Float64Array, flux: Float64Array, ivar: Float64Array): CheckedPixels {
  if (flux.length !== wavelength.length || ivar.length !== wavelength.length) {
    const lengths = `${wavelength.length} wavelengths, ${flux.length} flux and ${ivar.length} error values`;
    return { ok: false, reason: `it has ${lengths}, which do not belong together` };
  }
  const observed = clean(flux, ivar);
  if (observed === 0) return { ok: false, reason: 'none of its pixels is observed (all masked or without error)' };
  const spike = impossibleSpike(flux, ivar, observed);
  if (spike !== null) return { ok: false, reason: spike };
  const pixels = ordered(trimmed({ wavelength, flux, ivar }));
  const problem = wavelengthProblem(pixels.wavelength);
  if (problem !== null) return { ok: false, reason: problem };
  return { ok: true, ...withHolesFilled(pixels) };
}

interface Arrays {
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
  readonly ivar: Float64Array;
}

/** Returns how many pixels are observed. */
function clean(flux: Float64Array, ivar: Float64Array): number {
  let observed = 0;
  for (let i = 0; i < flux.length; i++) {
    if (ivar[i] > 0 && ivar[i] < Infinity && Number.isFinite(flux[i])) {
      observed++;
    } else {
      flux[i] = 0;
      ivar[i] = 0;
    }
  }
  return observed;
}

/** No detector gives a pixel this S/N; only then is it worth asking what the other pixels have. */
const SUSPICIOUS_SNR = 1e6;

/**
 * One pixel with a million times the S/N of the others is a damaged number, and would be all that remains of the
 * spectrum once it is normalised. (Spectra without noise have large S/N everywhere, and are fine.)
 */
function impossibleSpike(flux: Float64Array, ivar: Float64Array, observed: number): string | null {
  let spike = 0;
  for (let i = 1; i < flux.length; i++) if (snrSquared(flux, ivar, i) > snrSquared(flux, ivar, spike)) spike = i;
  if (!(snrSquared(flux, ivar, spike) > SUSPICIOUS_SNR ** 2)) return null;
  const ordinary = new Float64Array(observed);
  let count = 0;
  for (let i = 0; i < flux.length; i++) if (ivar[i] > 0) ordinary[count++] = snrSquared(flux, ivar, i);
  if (snrSquared(flux, ivar, spike) <= SUSPICIOUS_SNR ** 2 * medianInPlace(ordinary)) return null;
  return `pixel ${spike} holds flux ${flux[spike]} with ivar ${ivar[spike]}, an S/N a million times that of the others; the file is damaged, or mask that pixel`;
}

function snrSquared(flux: Float64Array, ivar: Float64Array, i: number): number {
  return flux[i] * flux[i] * ivar[i];
}

/** Without the unobserved pixels at both ends whose wavelength is NaN or not positive: tables are padded so. */
function trimmed(pixels: Arrays): Arrays {
  const { wavelength, ivar } = pixels;
  const isPadding = (i: number) => ivar[i] === 0 && !(wavelength[i] > 0 && wavelength[i] < Infinity);
  let first = 0;
  let end = wavelength.length;
  while (first < end && isPadding(first)) first++;
  while (end > first && isPadding(end - 1)) end--;
  if (first === 0 && end === wavelength.length) return pixels;
  return {
    wavelength: wavelength.slice(first, end),
    flux: pixels.flux.slice(first, end),
    ivar: ivar.slice(first, end),
  };
}

/** Spectra written from red to blue are turned round. */
function ordered(pixels: Arrays): Arrays {
  const { wavelength, flux, ivar } = pixels;
  if (!(wavelength[0] > wavelength[wavelength.length - 1])) return pixels;
  return { wavelength: wavelength.toReversed(), flux: flux.toReversed(), ivar: ivar.toReversed() };
}

function wavelengthProblem(wavelength: Float64Array): string | null {
  const pixels = wavelength.length;
  if (pixels < 2) return `it has only ${pixels} pixel${pixels === 1 ? '' : 's'} with a wavelength`;
  for (let i = 0; i < pixels; i++) {
    const value = wavelength[i];
    if (!(value >= SHORTEST && value <= LONGEST)) {
      return `pixel ${i} has a wavelength of ${value} Å, outside ${SHORTEST} to ${LONGEST} Å; check the wavelength unit`;
    }
    if (i > 0 && !(value > wavelength[i - 1])) {
      return `its wavelengths neither increase nor decrease throughout (${wavelength[i - 1]} Å, then ${value} Å at pixel ${i}); sort its rows by wavelength`;
    }
  }
  return null;
}

/** Puts an unobserved pixel behind and before each hole, so that no observed pixel reaches into it. */
function withHolesFilled(pixels: Arrays): Arrays {
  const { wavelength } = pixels;
  const holes = holesOf(wavelength);
  if (holes.length === 0) return pixels;
  const length = wavelength.length + 2 * holes.length;
  const filled = {
    wavelength: new Float64Array(length),
    flux: new Float64Array(length),
    ivar: new Float64Array(length),
  };
  let from = 0;
  let to = 0;
  for (const hole of [...holes, wavelength.length - 1]) {
    filled.wavelength.set(wavelength.subarray(from, hole + 1), to);
    filled.flux.set(pixels.flux.subarray(from, hole + 1), to);
    filled.ivar.set(pixels.ivar.subarray(from, hole + 1), to);
    to += hole + 1 - from;
    from = hole + 1;
    if (from === wavelength.length) break;
    filled.wavelength[to++] = wavelength[hole] + narrowerStep(wavelength, hole);
    filled.wavelength[to++] = wavelength[from] - narrowerStep(wavelength, from);
  }
  return filled;
}

/** The pixels after which a hole begins. */
function holesOf(wavelength: Float64Array): number[] {
  const holes: number[] = [];
  for (let i = 0; i + 1 < wavelength.length; i++) {
    const step = wavelength[i + 1] - wavelength[i];
    if (step > HOLE_FACTOR * narrowerStep(wavelength, i) && step > HOLE_FACTOR * narrowerStep(wavelength, i + 1)) {
      holes.push(i);
    }
  }
  return holes;
}

/** Distance of a pixel to the nearer of its neighbours, in Å. */
function narrowerStep(wavelength: Float64Array, i: number): number {
  const before = i > 0 ? wavelength[i] - wavelength[i - 1] : Infinity;
  const after = i + 1 < wavelength.length ? wavelength[i + 1] - wavelength[i] : Infinity;
  return Math.min(before, after);
}
