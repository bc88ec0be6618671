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

/**
 * The profile of broad lines: core and wings, two Gaussians with one centre (peaked, as broad lines are: Brotherton et
 * al. 1994, ApJ 430, 495). `sigma` is in units of the FWHM of their sum; a test holds that it is.
 */
export const BROAD_PROFILE: readonly { readonly share: number; readonly sigma: number }[] = [
  { share: 0.65, sigma: 1 / 2.6371 },
  { share: 0.35, sigma: 2.4 / 2.6371 },
];

/** Adds a broad line of `BROAD_PROFILE`; `fwhm` in km/s. */
export function addBroadLine(
  into: Float64Array,
  offset: number,
  wavelength: number,
  velocity: number,
  fwhm: number,
  flux: number,
): void {
  for (const { share, sigma } of BROAD_PROFILE) {
    addEmissionLine(into, offset, wavelength, velocity, fwhm * sigma, flux * share);
  }
}
