import type { Random } from '../../base/index.ts';
import { type PixelRange, pixelAt, wavelengthAt } from '../log-wavelength.ts';

const LYMAN_ALPHA = 1215.67;

/** Correlation of neighbouring pixels and spread of ln τ: gas as lumpy as it looks at SDSS resolution. */
const CORRELATION = 0.6;
const SPREAD = 1.3;

/**
 * Absorbs what lies blueward of Lyman α in the quasar's frame, in place: optical depths with a log-normal spread about
 * the mean τ_eff = 0.0018 (1 + z)^3.92 (Faucher-Giguère et al. 2008, ApJ 681, 831, equation 21). The preset grid starts
 * redward of it; survey files and wider grids show it.
 *
 * @param shift pixels by which the redshift of the quasar moves its spectrum
 */
export function absorbForest(flux: Float64Array, range: PixelRange, shift: number, random: Random): void {
  const end = Math.min(flux.length, Math.floor(pixelAt(LYMAN_ALPHA) + shift) - range.first);
  let field = 0;
  for (let i = 0; i < end; i++) {
    field = CORRELATION * field + Math.sqrt(1 - CORRELATION ** 2) * random.normal();
    const mean = 0.0018 * (wavelengthAt(range.first + i) / LYMAN_ALPHA) ** 3.92;
    flux[i] *= Math.exp(-mean * Math.exp(SPREAD * field - 0.5 * SPREAD * SPREAD));
  }
}
