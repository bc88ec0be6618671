import { KMS_PER_PIXEL, LN_STEP, pixelAt } from './log-wavelength.ts';
import { addGaussian } from './profiles.ts';

/**
 * Adds an emission line, a Gaussian in velocity, to a spectrum per Å on the simulator's pixels.
 *
 * @param offset pixel coordinate of `into[0]` in the frame of the line
 * @param wavelength rest wavelength of the line, vacuum Å
 * @param velocity shift in km/s, positive to the red
 * @param sigma in km/s
 * @param flux integrated over wavelength, in units of `into` × Å
 */
export function addEmissionLine(
  into: Float64Array,
  offset: number,
  wavelength: number,
  velocity: number,
  sigma: number,
  flux: number,
): void {
  const width = sigma / KMS_PER_PIXEL;
  const centre = pixelAt(wavelength) - offset + velocity / KMS_PER_PIXEL;
  addGaussian(into, centre, width, flux / (Math.sqrt(2 * Math.PI) * width * wavelength * LN_STEP));
}

/** Share of a broad line's flux in its wings, and how much wider than the core they are. */
const WING_SHARE = 0.35;
const WING_WIDTH = 2.4;

/**
 * FWHM of the whole profile over σ of its core: 2.355 for a Gaussian; the wings raise it a little. Measured on the
 * profile; a test holds it.
 */
export const BROAD_FWHM_PER_CORE_SIGMA = 2.6371;

/**
 * Adds a broad line: two Gaussians with one centre, core and wings, peaked as broad lines are (Brotherton et al.
 * 1994). `fwhm` in km/s is that of the sum.
 */
export function addBroadLine(
  into: Float64Array,
  offset: number,
  wavelength: number,
  velocity: number,
  fwhm: number,
  flux: number,
): void {
  const core = fwhm / BROAD_FWHM_PER_CORE_SIGMA;
  addEmissionLine(into, offset, wavelength, velocity, core, flux * (1 - WING_SHARE));
  addEmissionLine(into, offset, wavelength, velocity, core * WING_WIDTH, flux * WING_SHARE);
}
