import { airToVacuum } from '../../spectra/index.ts';
import { KMS_PER_PIXEL, LN_STEP, type PixelRange, pixelAt, wavelengthsOf } from '../log-wavelength.ts';
import { addGaussian, addLorentzian, blurAndShift } from '../profiles.ts';
import { equivalentWidth, logLineStrength, type Star, solarStrength } from './absorption.ts';
import { BALMER_LIMIT, balmerWavelength, hydrogenStrength, LAST_BALMER_LEVEL } from './hydrogen.ts';
import { ABSORPTION_GROUPS, type AbsorptionGroup, HOT_GROUPS } from './line-list.ts';
import { addMolecules } from './molecules.ts';

/**
 * Spectra of stars from first facts: a black body, the Balmer jump, hydrogen, about 800 metal lines whose strengths
 * follow from the Sun's by Saha's and Boltzmann's equations and a curve of growth, the haze of unresolved weak lines,
 * and molecular bands. Not a model atmosphere, but every feature moves with temperature, gravity and metallicity as
 * it does in real stars, which is what a simulated survey needs.
 */
export interface StarMaker {
  /** Surface flux density, erg/s/cm²/Å, at the pixels of the range. */
  spectrum(star: Star): Float64Array;
}

/** Velocity width (σ) of lines in the spectra given: that of the spectrograph, R ≈ 1900 (Smee et al. 2013). */
export const INSTRUMENT_SIGMA = 67;

interface MetalLine {
  readonly group: AbsorptionGroup;
  readonly groupIndex: number;
  readonly wavelength: number;
  readonly pixel: number;
  readonly strength: number;
}

export function createStarMaker(range: PixelRange): StarMaker {
  const wavelength = wavelengthsOf(range);
  const metalLines = ABSORPTION_GROUPS.flatMap((group, index) =>
    pairs(group.lines).map(([air, width]): MetalLine => {
      const vacuum = airToVacuum(air);
      return {
        group,
        groupIndex: index,
        wavelength: vacuum,
        pixel: pixelAt(vacuum) - range.first,
        strength: solarStrength(group, vacuum, width * 1e-3),
      };
    }),
  );
  const hotLines = HOT_GROUPS.flatMap(({ peak, spread, lines }) =>
    pairs(lines).map(([air, width]) => ({ peak, spread, wavelength: airToVacuum(air), width: width * 1e-3 })),
  );
  const haze = Float64Array.from(wavelength, solarHaze);
  const redExcess = wavelength.map((at) => Math.max(1, at / RED_EXCESS_FROM));

  return {
    spectrum(star) {
      const depth = new Float64Array(range.count);
      const damped = new Float64Array(range.count);
      const strengths = ABSORPTION_GROUPS.map((group) => 10 ** logLineStrength(group, star));
      for (const line of metalLines) {
        const width = equivalentWidth(line.group, line.wavelength, line.strength * strengths[line.groupIndex]);
        if (width / line.wavelength < DAMPED) addNarrowLine(depth, line.pixel, line.wavelength, width);
        else addDampedLine(damped, line.pixel, line.wavelength, width);
      }
      const hazeStrength = strengths[0] ** HAZE_GROWTH;
      for (let i = 0; i < depth.length; i++) depth[i] += haze[i] * hazeStrength;
      const logTemperature = Math.log10(star.temperature);
      for (const line of hotLines) {
        const rise = Math.exp(-0.5 * ((logTemperature - line.peak) / line.spread) ** 2);
        if (rise > 0.01)
          addNarrowLine(depth, pixelAt(line.wavelength) - range.first, line.wavelength, line.width * rise);
      }
      addHydrogen(depth, range, wavelength, star);
      addMolecules(star, wavelength, depth);
      const transmission = new Float64Array(range.count);
      blurAndShift(
        damped.map((tau) => Math.exp(-tau)),
        0,
        0,
        INSTRUMENT_SIGMA / KMS_PER_PIXEL,
        transmission,
      );
      const continuum = colourTemperature(star.temperature);
      const cool = 1 / (1 + Math.exp((star.temperature - 5600) / 350));
      const dilution = (star.temperature / continuum) ** 4;
      return Float64Array.from(
        depth,
        (tau, i) =>
          dilution * blackBody(wavelength[i], continuum) * redExcess[i] ** cool * transmission[i] * Math.exp(-tau),
      );
    },
  };
}

/** Lines wider than this many mÅ per Å of wavelength have damping wings; the rest are as narrow as the instrument. */
const DAMPED = 4e-4;

/** Optical depth at the centre of a damped line: nearly black. */
const DAMPED_DEPTH = 2.6;

/** ∫ 1 − exp(−τ/(1 + x²)) dx for τ = DAMPED_DEPTH. */
const DAMPED_AREA = 5.1;

function addNarrowLine(depth: Float64Array, pixel: number, wavelength: number, width: number): void {
  const sigma = INSTRUMENT_SIGMA / KMS_PER_PIXEL;
  addGaussian(depth, pixel, sigma, width / (wavelength * LN_STEP) / (Math.sqrt(2 * Math.PI) * sigma));
}

function addDampedLine(depth: Float64Array, pixel: number, wavelength: number, width: number): void {
  addLorentzian(depth, pixel, width / (wavelength * LN_STEP) / DAMPED_AREA, DAMPED_DEPTH, 30);
}

/** Optical depth of Balmer lines at the centre at SDSS resolution, and ∫ 1 − exp(−τ/(1 + x²)) dx for it. */
const BALMER_DEPTH = 1.1;
const BALMER_AREA = 2.72;

function addHydrogen(depth: Float64Array, range: PixelRange, wavelength: Float64Array, star: Star): void {
  const { hDelta, jump } = hydrogenStrength(Math.log10(star.temperature));
  // In cool stars Hα outlasts the rest of the series.
  const cool = 1.4 / (1 + Math.exp((star.temperature - 5000) / 300));
  // Stark wings need pressure: supergiants have narrower lines.
  const gravity = 10 ** (0.08 * (star.logGravity - 4.2));
  for (let n = 3; n <= LAST_BALMER_LEVEL; n++) {
    const centre = balmerWavelength(n);
    const share = (n === 3 ? 0.75 + cool : n === 4 ? 0.92 : 1) * (n > 8 ? (8 / n) ** 1.5 : 1);
    const pixels = (hDelta * gravity * share) / (centre * LN_STEP);
    const width = Math.max(pixels / BALMER_AREA, INSTRUMENT_SIGMA / KMS_PER_PIXEL);
    addLorentzian(depth, pixelAt(centre) - range.first, width, (BALMER_DEPTH * pixels) / (BALMER_AREA * width), 12);
  }
  // Merged lines carry the spectrum down to the jump between n = 16 and the limit.
  const opacity = jump * Math.LN10;
  for (let i = 0; i < depth.length && wavelength[i] < 3780; i++) {
    const fade = 1 / (1 + Math.exp((wavelength[i] - BALMER_LIMIT - 52) / 10));
    depth[i] += opacity * fade * (Math.min(wavelength[i], BALMER_LIMIT) / BALMER_LIMIT) ** 2.5;
  }
}

/** Weak lines are mostly saturated too: their sum grows slower than their strength. */
const HAZE_GROWTH = 0.28;

/**
 * Optical depth of weak lines, unresolved, in the Sun: the line blocking of Ardeberg & Virdefors (1979, A&A Suppl.
 * 36, 317) less what the strong lines of the list make, at these wavelengths (Å) and linear between.
 */
const HAZE: readonly (readonly [number, number])[] = [
  [2600, 1.1],
  [2900, 0.75],
  [3100, 0.5],
  [3300, 0.46],
  [3500, 0.4],
  [3700, 0.3],
  [3900, 0.23],
  [4000, 0.17],
  [4300, 0.13],
  [4600, 0.08],
  [5000, 0.055],
  [5500, 0.03],
  [6500, 0.012],
  [9500, 0.005],
];

function solarHaze(wavelength: number): number {
  let k = 1;
  while (k < HAZE.length - 1 && HAZE[k][0] < wavelength) k++;
  const [[x0, y0], [x1, y1]] = [HAZE[k - 1], HAZE[k]];
  return y0 + ((y1 - y0) * (Math.min(Math.max(wavelength, x0), x1) - x0)) / (x1 - x0);
}

/**
 * Temperature of the black body that has the slope of the visible continuum. It is hotter than T_eff: light escapes
 * from deeper where opacity is least, and hydrogen takes the ultraviolet of A stars. Chosen so that colours of MILES
 * dwarfs and giants (Sánchez-Blázquez et al. 2006) are met within 5% from 4500 to 7400 Å.
 */
function colourTemperature(temperature: number): number {
  const fromA0 = Math.log10(temperature) - 4.02;
  const hydrogen = 0.46 * Math.exp(-0.5 * (fromA0 / (fromA0 < 0 ? 0.13 : 0.25)) ** 2);
  const cool = 0.1 / (1 + Math.exp((temperature - 3800) / 200));
  return temperature * (1.14 + hydrogen + cool);
}

/**
 * Å from which cool stars outshine that black body, in proportion to wavelength: opacity falls on towards its minimum at
 * 1.6 µm. It gives old populations the red slopes that SDSS ellipticals have, F(8200 Å)/F(5500 Å) = 1.1.
 */
const RED_EXCESS_FROM = 6300;

/** π B_λ(T), erg/s/cm²/Å. */
export function blackBody(wavelength: number, temperature: number): number {
  const centimetres = wavelength * 1e-8;
  return (3.741772e-5 / centimetres ** 5 / Math.expm1(1.438777 / (centimetres * temperature))) * 1e-8;
}

function pairs(flat: readonly number[]): [number, number][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}
