import type { PixelRange } from '../log-wavelength.ts';
import type { Star } from './absorption.ts';
import { starsOfPopulation } from './evolution.ts';
import { createStarMaker } from './stellar-spectrum.ts';

/**
 * Spectra of populations that formed at once, on a grid of ages and metallicities. A spectrum is in L☉/Å per M☉
 * formed, at the resolution of the spectrograph; index [metallicity][age].
 */
export interface PopulationLibrary {
  readonly range: PixelRange;
  readonly spectra: readonly (readonly Float64Array[])[];
}

/** Gyr. */
export const AGES: readonly number[] = [
  0.003, 0.006, 0.012, 0.025, 0.05, 0.1, 0.18, 0.3, 0.5, 0.8, 1.3, 2.1, 3.4, 5.4, 8.5, 13,
];

/** [M/H], dex. */
export const METALLICITIES: readonly number[] = [-1.3, -0.7, -0.3, 0, 0.25];

/** Stefan–Boltzmann constant, erg/s/cm²/K⁴. */
const STEFAN_BOLTZMANN = 5.670374e-5;

export function createPopulationLibrary(range: PixelRange): PopulationLibrary {
  const maker = createStarMaker(range);
  const spectra = METALLICITIES.map((metallicity) => {
    const nodes = new Map<string, Float64Array>();
    const nodeSpectrum = (star: Star): Float64Array => {
      const key = `${star.temperature} ${star.logGravity}`;
      const known = nodes.get(key);
      if (known !== undefined) return known;
      const made = perLuminosity(maker.spectrum(star), star);
      nodes.set(key, made);
      return made;
    };
    return AGES.map((age) => {
      const sum = new Float64Array(range.count);
      for (const { star, luminosity } of starsOfPopulation(age, metallicity)) {
        for (const [node, share] of nodesAround(star)) addScaled(sum, nodeSpectrum(node), luminosity * share);
      }
      return sum;
    });
  });
  return { range, spectra };
}

/** Spectrum in units of the star's bolometric luminosity, Å⁻¹. */
function perLuminosity(surface: Float64Array, star: Star): Float64Array {
  const total = STEFAN_BOLTZMANN * star.temperature ** 4;
  return surface.map((flux) => flux / total);
}

/** Spacing of the nodes in log₁₀ T_eff, between which spectra are interpolated. */
const TEMPERATURE_STEP = 0.03;

/** The two stars on the grid of temperatures that stand for one between them; gravity goes to the nearest half. */
function nodesAround(star: Star): [Star, number][] {
  const place = Math.log10(star.temperature) / TEMPERATURE_STEP;
  const below = Math.floor(place);
  const logGravity = Math.round(Math.min(star.logGravity, 4.5) * 1.25) / 1.25;
  return [below, below + 1].map((node): [Star, number] => [
    { ...star, temperature: 10 ** (node * TEMPERATURE_STEP), logGravity },
    1 - Math.abs(place - node),
  ]);
}

export function addScaled(into: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i] += factor * from[i];
}
