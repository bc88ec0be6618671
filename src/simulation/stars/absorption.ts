import type { AbsorptionGroup } from './line-list.ts';

/** What decides the strength of lines in a star. */
export interface Star {
  /** Effective temperature, K. */
  readonly temperature: number;
  /** log₁₀ of the surface gravity in cm/s². */
  readonly logGravity: number;
  /** [M/H], dex from solar. */
  readonly metallicity: number;
}

export const SUN: Star = { temperature: 5772, logGravity: 4.44, metallicity: 0 };

/** θ = 5040 K / T turns excitation energies in eV into dex. */
const THETA = 5040;

/**
 * log₁₀ of the electron pressure (dyn/cm²) where lines form: 1.3 in the Sun, rising about 5 dex per unit of θ towards
 * hot stars until hydrogen is ionised, and with gravity to the third (Gray 2005, Stellar Photospheres, chapter 9).
 */
function logElectronPressure(star: Star): number {
  const theta = THETA / star.temperature;
  const dwarf = Math.min(3, 1.3 - 5.2 * (theta - THETA / SUN.temperature));
  return dwarf + 0.33 * (star.logGravity - SUN.logGravity) + 0.25 * Math.min(0, star.metallicity);
}

/**
 * log₁₀ of the continuous opacity per hydrogen atom, in arbitrary units: the negative hydrogen ion, ∝ P_e 10^0.754θ
 * (Gray 2005, equation 8.12), plus bound-free hydrogen from n = 3 (12.09 eV), which overtakes it near 7800 K.
 */
function logContinuousOpacity(star: Star): number {
  const theta = THETA / star.temperature;
  const negativeIon = 10 ** (logElectronPressure(star) + 0.754 * theta);
  const neutral = 10 ** (10.55 - 12.09 * theta);
  return Math.log10(negativeIon + neutral);
}

/** Share of an element in its ion 0 or 1, by Saha's equation for three stages of ionisation. */
function ionShare(group: AbsorptionGroup, star: Star): number {
  const theta = THETA / star.temperature;
  const pressure = logElectronPressure(star);
  const saha = (potential: number) => -theta * potential + 2.5 * Math.log10(star.temperature) - 0.48 + 0.4 - pressure;
  const first = 10 ** saha(group.ionisation[0]);
  const second = first * 10 ** saha(group.ionisation[1]);
  const total = 1 + first + second;
  return (group.ion === 0 ? 1 : first) / total;
}

/** log₁₀ of line opacity over continuous opacity, relative to the Sun: what the curve of growth takes. */
export function logLineStrength(group: AbsorptionGroup, star: Star): number {
  const absolute = (of: Star) =>
    Math.log10(ionShare(group, of)) -
    (THETA / of.temperature) * group.excitation -
    logContinuousOpacity(of) +
    of.metallicity;
  return absolute(star) - absolute(SUN);
}

/** W/λ where the curve of growth bends from the linear to the saturated part: W ≈ 70 mÅ at 4700 Å. */
const SATURATION = 1.5e-5;

/** Growth of most strong lines, and of the resonance lines whose damping wings show in cool stars. */
const SATURATED_SLOPE = 0.28;
const DAMPED_SLOPE = 0.45;

/**
 * A curve of growth, W/λ in units of `SATURATION` against strength x: linear for weak lines, then ∝ x^slope; 0.28 is
 * between the flat part (saturated core) and the square-root part (damping wings) of the true one.
 */
function growth(x: number, slope: number): number {
  return x / (1 + x) ** (1 - slope);
}

function slopeOf(group: AbsorptionGroup): number {
  return group.damped === true ? DAMPED_SLOPE : SATURATED_SLOPE;
}

/** Strength of a line that has `width`/`wavelength` in the Sun: the inverse of `growth`, by Newton steps in log x. */
export function solarStrength(group: AbsorptionGroup, wavelength: number, width: number): number {
  const slope = slopeOf(group);
  const target = Math.log(width / wavelength / SATURATION);
  let logX = target > 0 ? target / slope : target;
  for (let step = 0; step < 30; step++) {
    const x = Math.exp(logX);
    logX -= (Math.log(growth(x, slope)) - target) / (1 - ((1 - slope) * x) / (1 + x));
  }
  return Math.exp(logX);
}

/** Equivalent width, Å, of a line of given wavelength (Å) and strength. */
export function equivalentWidth(group: AbsorptionGroup, wavelength: number, strength: number): number {
  return wavelength * SATURATION * growth(strength, slopeOf(group));
}
