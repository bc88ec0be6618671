import { MAGNITUDE, smallMagellanicCloud } from '../dust.ts';
import { LN_STEP, type PixelRange, wavelengthAt } from '../log-wavelength.ts';
import { balmerContinuum } from '../nuclei/balmer-continuum.ts';
import { addGaussian } from '../profiles.ts';
import type { QuasarHidden } from './hidden.ts';
import { partsOf, REFERENCE } from './quasar-parts.ts';

/**
 * The noise-free spectrum of a quasar at rest wavelengths `wavelength` (vacuum Å): a smooth, pure function of the
 * hidden variables, so that its numerical derivatives give Cramér–Rao bounds. In units of the flux density of the
 * power law at 2500 Å before dust.
 */
export function quasarTemplate(hidden: QuasarHidden, wavelength: Float64Array): Float64Array {
  const parts = partsOf(hidden);
  const logWavelength = wavelength.map(Math.log);
  const flux = logWavelength.map(
    (at) => Math.exp((at - Math.log(REFERENCE)) * parts.slope) + parts.balmer * balmerContinuum(at),
  );
  for (const { centre, sigma, amplitude } of parts.gaussians) {
    for (let i = 0; i < flux.length; i++) {
      const x = (logWavelength[i] - centre) / sigma;
      if (x > -5 && x < 5) flux[i] += amplitude * Math.exp(-0.5 * x * x);
    }
  }
  return flux.map((value, i) => value * Math.exp(MAGNITUDE * parts.ebv * smallMagellanicCloud(wavelength[i])));
}

/**
 * The same on the simulator's pixels, many times faster. `range` counts pixels in the observed frame.
 *
 * @param shift pixels by which the redshift moves the spectrum
 */
export function quasarOnPixels(hidden: QuasarHidden, range: PixelRange, shift: number): Float64Array {
  const parts = partsOf(hidden);
  const flux = new Float64Array(range.count);
  const start = (range.first - shift) * LN_STEP;
  const ratio = Math.exp(LN_STEP * parts.slope);
  let power = Math.exp((start - Math.log(REFERENCE)) * parts.slope);
  for (let i = 0; i < flux.length; i++) {
    flux[i] = power + parts.balmer * balmerContinuum(start + i * LN_STEP);
    power *= ratio;
  }
  for (const { centre, sigma, amplitude } of parts.gaussians) {
    addGaussian(flux, (centre - start) / LN_STEP, sigma / LN_STEP, amplitude);
  }
  if (parts.ebv > 0) redden(flux, Math.exp(start), parts.ebv);
  return flux;
}

/** A(λ) is a power law, so its values on log pixels are in geometric progression. */
function redden(flux: Float64Array, start: number, ebv: number): void {
  let exponent = MAGNITUDE * ebv * smallMagellanicCloud(start);
  const ratio = smallMagellanicCloud(start * wavelengthAt(1)) / smallMagellanicCloud(start);
  for (let i = 0; i < flux.length; i++) {
    flux[i] *= Math.exp(exponent);
    exponent *= ratio;
  }
}
