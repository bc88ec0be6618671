/**
 * Attenuation by dust in a galaxy, A(λ)/E(B−V), after Calzetti et al. (2000, ApJ 533, 682), equation 4, for
 * 1200–22000 Å with R_V = 4.05. It reddens starlight; with the gas's own, larger E(B−V) also emission lines.
 *
 * @param wavelength rest frame, Å
 * @returns magnitudes per magnitude of E(B−V)
 */
export function calzetti(wavelength: number): number {
  const inverse = 1e4 / wavelength;
  const polynomial =
    wavelength < 6300 ? -2.156 + inverse * (1.509 + inverse * (-0.198 + inverse * 0.011)) : -1.857 + 1.04 * inverse;
  return Math.max(0, 2.659 * polynomial + CALZETTI_RV);
}

const CALZETTI_RV = 4.05;

/** Stars see 0.44 of the colour excess of the gas: Calzetti et al. (2000), equation 3. */
export const STARS_TO_GAS_REDDENING = 0.44;

/**
 * Extinction of a quasar by dust like the Small Magellanic Cloud's, A(λ)/E(B−V) = 1.39 (λ/µm)^−1.2, the form that
 * Hopkins et al. (2004, AJ 128, 1112) fit to reddened SDSS quasars (after Prevot et al. 1984).
 *
 * @param wavelength rest frame, Å
 */
export function smallMagellanicCloud(wavelength: number): number {
  return 1.39 * (wavelength * 1e-4) ** -1.2;
}

/** Multiply a magnitude by this and exponentiate: 10^(−0.4 m) = exp(MAGNITUDE · m). */
export const MAGNITUDE = -0.4 * Math.LN10;
