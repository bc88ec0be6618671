import { UserError } from '../base/index.ts';
import { pixelEdges } from './edges.ts';

/**
 * Flux-conserving resampling. A spectrum is read as a histogram: flux density f_i, constant across pixel i. With
 * o_ij the ångströms of output pixel j that input pixel i covers, and C_j = Σ_i o_ij over observed input pixels,
 *
 *     F_j = Σ_i o_ij f_i / C_j            var F_j = Σ_i o_ij² var f_i / C_j²
 *
 * so the flux F_j C_j is exactly what the observed input holds there, and the variance is exact when input pixels
 * are independent (which survey pixels nearly are). Unobserved input (ivar 0) contributes nothing. An output pixel
 * counts as observed when at least half of it is covered; its mean flux density over the covered part then stands
 * for the whole pixel. Otherwise flux and ivar are 0.
 *
 * Output pixels that share an input pixel are correlated, the more so when the output grid is finer than the input.
 * One ivar per pixel cannot say so: each pixel's variance is right, their joint χ² is not when upsampling.
 */
export const MINIMUM_COVERAGE = 0.5;

type Numbers = Float64Array | Float32Array;

/** Pixels of a spectrum: wavelengths in Å (strictly increasing), flux and ivar, all of length P. */
export interface Pixels {
  readonly wavelength: Float64Array;
  readonly flux: Numbers;
  readonly ivar: Numbers;
}

/**
 * Resamples onto pixels centred on `grid` (Å, strictly increasing, length P'), in the frame and units of the input.
 *
 * @throws UserError when either wavelength array has fewer than two pixels or does not increase
 */
export function resample(pixels: Pixels, grid: Float64Array): { flux: Float64Array; ivar: Float64Array } {
  const flux = new Float64Array(grid.length);
  const ivar = new Float64Array(grid.length);
  resampleInto(pixelEdges(pixels.wavelength), pixels.flux, pixels.ivar, pixelEdges(grid), flux, ivar);
  return { flux, ivar };
}

/**
 * The same between given pixel boundaries, into the caller's arrays; allocates nothing and takes P + P' steps.
 * Normalise before storing in float32: ivar of flux in cgs units (1e-17) overflows it.
 *
 * @param inputEdges Å, strictly increasing, length P + 1
 * @param flux length P; read only where `ivar` is above 0
 * @param ivar length P; 0 = not observed
 * @param outputEdges Å, strictly increasing, length P' + 1
 * @param outputFlux length P', overwritten
 * @param outputIvar length P', overwritten
 */
export function resampleInto(
  inputEdges: Float64Array,
  flux: Numbers,
  ivar: Numbers,
  outputEdges: Float64Array,
  outputFlux: Numbers,
  outputIvar: Numbers,
): void {
  const inputs = flux.length;
  const outputs = outputFlux.length;
  refuseUnequalLengths(inputEdges, flux, ivar);
  refuseUnequalLengths(outputEdges, outputFlux, outputIvar);
  let first = 0;
  for (let j = 0; j < outputs; j++) {
    const low = outputEdges[j];
    const high = outputEdges[j + 1];
    while (first < inputs && inputEdges[first + 1] <= low) first++;
    let covered = 0;
    let fluxSum = 0;
    let varianceSum = 0;
    for (let i = first; i < inputs && inputEdges[i] < high; i++) {
      const weight = ivar[i];
      if (!(weight > 0)) continue;
      const overlap = Math.min(high, inputEdges[i + 1]) - Math.max(low, inputEdges[i]);
      covered += overlap;
      fluxSum += overlap * flux[i];
      varianceSum += (overlap * overlap) / weight;
    }
    const outputWeight = (covered * covered) / varianceSum;
    // A weight beyond the range of floating point carries no usable error: such a pixel is not observed.
    const observed = covered >= MINIMUM_COVERAGE * (high - low) && outputWeight > 0 && outputWeight < Infinity;
    outputFlux[j] = observed ? fluxSum / covered : 0;
    outputIvar[j] = observed ? outputWeight : 0;
  }
}

function refuseUnequalLengths(edges: Float64Array, flux: Numbers, ivar: Numbers): void {
  if (edges.length !== flux.length + 1 || flux.length !== ivar.length) {
    throw new UserError(
      `resampling needs as many flux as ivar values and one boundary more, not ${flux.length}, ${ivar.length} and ${edges.length}`,
    );
  }
}
