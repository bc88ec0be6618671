import { UserError } from '../base/index.ts';

/**
 * How far, as a fraction of a pixel, wavelengths may stray from exact log spacing and still count as log-spaced.
 * SDSS stores log λ in float32, which moves pixels by up to 0.2%.
 */
const LOG_SPACING_TOLERANCE = 0.01;

/**
 * The P + 1 boundaries, in Å, of P pixels: geometric means of neighbours when the grid is log-spaced,
 * arithmetic means otherwise; the outermost pixels are as wide as their neighbours' boundaries imply.
 *
 * @param wavelength pixel centres in Å, strictly increasing, at least two
 * @throws UserError when they are too few or not increasing
 */
export function pixelEdges(wavelength: Float64Array): Float64Array {
  return isLogSpaced(wavelength) ? geometricEdges(wavelength) : midpointEdges(wavelength);
}

/** Boundaries at the geometric means of neighbouring pixels; same contract as `pixelEdges`. */
export function geometricEdges(wavelength: Float64Array): Float64Array {
  refuseUnordered(wavelength);
  const pixels = wavelength.length;
  const edges = new Float64Array(pixels + 1);
  for (let i = 1; i < pixels; i++) edges[i] = Math.sqrt(wavelength[i - 1] * wavelength[i]);
  edges[0] = wavelength[0] ** 2 / edges[1];
  edges[pixels] = wavelength[pixels - 1] ** 2 / edges[pixels - 1];
  return edges;
}

/** Boundaries midway between neighbouring pixels; same contract as `pixelEdges`. */
export function midpointEdges(wavelength: Float64Array): Float64Array {
  refuseUnordered(wavelength);
  const pixels = wavelength.length;
  const edges = new Float64Array(pixels + 1);
  for (let i = 1; i < pixels; i++) edges[i] = 0.5 * (wavelength[i - 1] + wavelength[i]);
  edges[0] = 2 * wavelength[0] - edges[1];
  edges[pixels] = 2 * wavelength[pixels - 1] - edges[pixels - 1];
  return edges;
}

/** True when neighbouring wavelengths keep one ratio throughout, to within a hundredth of a pixel. */
export function isLogSpaced(wavelength: Float64Array): boolean {
  const pixels = wavelength.length;
  if (pixels < 2 || !(wavelength[0] > 0)) return false;
  const ratio = (wavelength[pixels - 1] / wavelength[0]) ** (1 / (pixels - 1));
  const tolerance = LOG_SPACING_TOLERANCE * (ratio - 1);
  let expected = wavelength[0];
  for (let i = 1; i < pixels; i++) {
    expected *= ratio;
    if (!(Math.abs(wavelength[i] - expected) <= tolerance * expected)) return false;
  }
  return true;
}

function refuseUnordered(wavelength: Float64Array): void {
  const pixels = wavelength.length;
  if (pixels < 2) throw new UserError(`pixel boundaries need at least two wavelengths, not ${pixels}`);
  for (let i = 1; i < pixels; i++) {
    if (!(wavelength[i] > wavelength[i - 1])) {
      throw new UserError(
        `wavelengths must increase from pixel to pixel, but pixel ${i} is at ${wavelength[i]} Å after ${wavelength[i - 1]} Å`,
      );
    }
  }
}
