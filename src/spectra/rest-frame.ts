import { UserError } from '../base/index.ts';
import type { Spectrum } from './spectrum.ts';

/**
 * The spectrum as its source emitted it. Wavelengths are divided by 1 + z. Flux densities are per Å, and a rest-frame
 * Å is 1 + z observed ones: they are multiplied by 1 + z (and ivar divided by its square), so that the flux between
 * two wavelengths, ∫ f dλ, and every pixel's S/N stay what they were. Cosmological dimming is not undone.
 * A spectrum that is already in its rest frame is returned as it is.
 *
 * @param z redshift; the spectrum's own when not given
 * @throws UserError when no redshift is known or it is not above −1
 */
export function toRestFrame(spectrum: Spectrum, z: number | null = spectrum.redshift): Spectrum {
  if (spectrum.frame === 'rest') return spectrum;
  const redshift = checkedRedshift(spectrum, z);
  const stretch = 1 + redshift;
  const pixels = spectrum.wavelength.length;
  const wavelength = new Float64Array(pixels);
  const flux = new Float64Array(pixels);
  const ivar = new Float64Array(pixels);
  const ivarFactor = 1 / stretch ** 2;
  for (let i = 0; i < pixels; i++) {
    wavelength[i] = spectrum.wavelength[i] / stretch;
    flux[i] = spectrum.flux[i] * stretch;
    ivar[i] = spectrum.ivar[i] * ivarFactor;
  }
  return { ...spectrum, wavelength, flux, ivar, frame: 'rest', redshift };
}

function checkedRedshift(spectrum: Spectrum, z: number | null): number {
  if (z === null) {
    throw new UserError(
      `spectrum ${spectrum.id} of ${spectrum.source.file} has no redshift; give one in a label table`,
    );
  }
  if (!(Number.isFinite(z) && z > -1)) {
    throw new UserError(`spectrum ${spectrum.id} of ${spectrum.source.file} has redshift ${z}; it must be above -1`);
  }
  return z;
}
