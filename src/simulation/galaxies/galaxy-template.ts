import { calzetti, MAGNITUDE } from '../dust.ts';
import { addBroadLine, addEmissionLine } from '../emission.ts';
import {
  KMS_PER_PIXEL,
  LN_STEP,
  type PixelRange,
  pixelAt,
  pixelsBetween,
  shiftOfRedshift,
  wavelengthsOf,
} from '../log-wavelength.ts';
import { balmerContinuum } from '../nuclei/balmer-continuum.ts';
import { OPTICAL_IRON, ULTRAVIOLET_IRON } from '../nuclei/iron.ts';
import { blurAndShift } from '../profiles.ts';
import { addScaled, createPopulationLibrary, type PopulationLibrary } from '../stars/populations.ts';
import { INSTRUMENT_SIGMA } from '../stars/stellar-spectrum.ts';
import type { GalaxyHidden, Nucleus } from './hidden.ts';
import { activeNucleusLines, type LineFluxes, type LineName, NEBULAR_LINES, starFormingLines } from './nebular.ts';
import { massWeights } from './star-formation.ts';

/** Rest wavelengths (Å) that the templates cover: what SDSS shows of galaxies out to z = 0.36. */
export const GALAXY_COVERAGE: readonly [number, number] = [2780, 9300];

/** A noise-free galaxy and what can be read off it. Fluxes are per rest-frame Å, L☉/Å per M☉ of stars formed. */
export interface GalaxySpectrum {
  readonly flux: Float64Array;
  /** Narrow lines as they leave the galaxy, reddened. */
  readonly lines: LineFluxes;
  /** Flux density of stars and nucleus beside Hα. */
  readonly continuumAtHalpha: number;
  /** Light-weighted mean of log₁₀ age (Gyr) of the stars, at 5500 Å. */
  readonly logAge: number;
}

export interface GalaxyTemplate {
  /** The spectrum that galaxy `hidden` shows at the given observed-frame pixels. */
  spectrum(hidden: GalaxyHidden, observed: PixelRange): GalaxySpectrum;
}

/** SFR over Hα luminosity in L☉ per M☉/yr: log SFR = log L − 41.27 (Kennicutt & Evans 2012, table 1), L☉ = 3.828e33. */
const HALPHA_PER_SFR = 10 ** 41.27 / 3.828e33;

/**
 * Nebular continuum, Å⁻¹ per Hβ flux: just below the Balmer edge and above it (Osterbrock & Ferland 2006, tables 4.7
 * to 4.9, hydrogen and helium at 10⁴ K).
 */
const BALMER_PER_HBETA = 1.9e-3;
const PASCHEN_PER_HBETA = 6e-4;

/** Hβ, L☉ per M☉, whose continuum would not show: starlight is about 10⁻⁴ L☉/Å per M☉. */
const NEGLIGIBLE_HBETA = 1e-4;

/** Pixels from which the widest blur, 350 km/s, brings light. */
const BLUR_REACH = 24;

/** Takes most of a second to make, and never changes. */
let library: PopulationLibrary | null = null;

export function createGalaxyTemplate(): GalaxyTemplate {
  const range = pixelsBetween(...GALAXY_COVERAGE);
  const wavelength = wavelengthsOf(range);
  library ??= createPopulationLibrary(range);
  const { spectra } = library;
  const attenuation = wavelength.map(calzetti);
  const balmer = wavelength.map((at) => balmerContinuum(Math.log(at)));
  const stars = new Float64Array(range.count);
  const at = (angstrom: number) => Math.round(pixelAt(angstrom)) - range.first;
  const beside = [at(6480), at(6530), at(6610), at(6660)];
  const visual = at(5500);
  const lineAttenuation = NEBULAR_LINES.map((line) => calzetti(line.wavelength));

  return {
    spectrum(hidden, observed) {
      const shift = shiftOfRedshift(hidden.redshift);
      const offset = observed.first - shift;
      // Only pixels that will be seen are made, and those that blurring reaches.
      const first = Math.max(0, Math.floor(offset) - range.first - BLUR_REACH);
      const last = Math.min(range.count, Math.ceil(offset) + observed.count - range.first + BLUR_REACH);
      const logAge = sumPopulations(hidden, first, last);
      redden(first, last, hidden.dustStars);
      const starsAtHalpha = 0.25 * beside.reduce((sum, pixel) => sum + stars[pixel], 0);
      const lines = narrowLines(hidden, starsAtHalpha);
      addNebularContinuum(hidden, first, last);
      const flux = new Float64Array(observed.count);
      // Stars: blurred by their motions and moved by the redshift in one convolution.
      const whole = Math.floor(shift);
      const start = observed.first - whole - range.first;
      blurAndShift(stars, start, shift - whole, hidden.sigmaStars / KMS_PER_PIXEL, flux);
      let continuumAtHalpha = starsAtHalpha;
      if (hidden.nucleus !== null) {
        const level = nuclearLevel(hidden.nucleus, stars[at(5100)]);
        addNucleus(flux, offset, hidden.nucleus, level);
        continuumAtHalpha += level * (6564.6 / 5100) ** hidden.nucleus.slope;
      }
      return { flux, lines: addNarrowLines(flux, offset, hidden, lines), continuumAtHalpha, logAge };
    },
  };

  /** Fills `stars` with the light of all populations before dust; returns the light-weighted log age. */
  function sumPopulations(hidden: GalaxyHidden, first: number, last: number): number {
    const sum = stars.subarray(first, last);
    sum.fill(0);
    let light = 0;
    let logAge = 0;
    for (const { metallicityIndex, ageIndex, logAge: log, mass } of massWeights(hidden)) {
      const spectrum = spectra[metallicityIndex][ageIndex];
      addScaled(sum, spectrum.subarray(first, last), mass);
      light += mass * spectrum[visual];
      logAge += mass * spectrum[visual] * log;
    }
    return logAge / light;
  }

  function redden(first: number, last: number, reddening: number): void {
    const factor = MAGNITUDE * reddening;
    for (let i = first; i < last; i++) stars[i] *= Math.exp(factor * attenuation[i]);
  }

  /** Free-bound emission of the gas that stars ionise, reddened as the gas is. */
  function addNebularContinuum(hidden: GalaxyHidden, first: number, last: number): void {
    const hBeta = youngHalpha(hidden) / 2.86;
    if (hBeta < NEGLIGIBLE_HBETA) return;
    const factor = MAGNITUDE * hidden.dustGas;
    for (let i = first; i < last; i++) {
      const emission = hBeta * (PASCHEN_PER_HBETA + BALMER_PER_HBETA * balmer[i]);
      stars[i] += emission * Math.exp(factor * attenuation[i]);
    }
  }

  function addNarrowLines(flux: Float64Array, offset: number, hidden: GalaxyHidden, lines: LineFluxes): LineFluxes {
    const sigma = Math.hypot(hidden.sigmaGas, INSTRUMENT_SIGMA);
    const reddened: Partial<Record<LineName, number>> = {};
    NEBULAR_LINES.forEach(({ name, wavelength: rest }, index) => {
      const left = lines[name] * Math.exp(MAGNITUDE * hidden.dustGas * lineAttenuation[index]);
      reddened[name] = left;
      addEmissionLine(flux, offset, rest, 0, sigma, left);
    });
    return reddened as LineFluxes;
  }
}

/** Hα luminosity, L☉ per M☉ formed, that young stars cause. */
function youngHalpha(hidden: GalaxyHidden): number {
  return 10 ** (hidden.logSsfr + hidden.recent) * HALPHA_PER_SFR;
}

/** Intrinsic narrow-line fluxes: gas around young stars, plus gas that something harder ionises. */
function narrowLines(hidden: GalaxyHidden, starsAtHalpha: number): LineFluxes {
  const young = youngHalpha(hidden);
  const youngLines = starFormingLines(hidden.oxygen, hidden.ionisation);
  const { hardness, nitrogen, ionisation } = hidden.activity;
  const otherLines = activeNucleusLines(hardness, nitrogen, ionisation);
  // The equivalent width is meant as observed; the flux here is the one before the gas's dust.
  const undo = Math.exp(-MAGNITUDE * hidden.dustGas * calzetti(6564.6));
  const fromNucleus =
    hidden.nucleus === null
      ? 0
      : (hidden.nucleus.oxygenWidth * nuclearLevelPerStars(hidden.nucleus) * starsAtHalpha) /
        otherLines['[O III] 5008'];
  const other = hidden.activity.hAlphaWidth * starsAtHalpha * undo + fromNucleus;
  const sum: Partial<Record<LineName, number>> = {};
  for (const { name } of NEBULAR_LINES) sum[name] = young * youngLines[name] + other * otherLines[name];
  return sum as LineFluxes;
}

function nuclearLevelPerStars(nucleus: Nucleus): number {
  return nucleus.share / (1 - nucleus.share);
}

/** Nuclear continuum at 5100 Å, given that of the stars. */
function nuclearLevel(nucleus: Nucleus, starsAt5100: number): number {
  return nuclearLevelPerStars(nucleus) * starsAt5100;
}

/** Broad lines and their ratios to broad Hβ: Balmer, He I, He II (Vanden Berk et al. 2001, table 2). */
const BROAD_LINES: readonly (readonly [wavelength: number, ratio: number])[] = [
  [3971.2, 0.12],
  [4102.9, 0.24],
  [4341.69, 0.45],
  [4687.02, 0.12],
  [4862.69, 1],
  [5877.25, 0.25],
  [7067.2, 0.1],
];

/** Power law, Balmer continuum, Fe II and broad lines of a nucleus, added in the frame of its galaxy. */
function addNucleus(flux: Float64Array, offset: number, nucleus: Nucleus, level: number): void {
  const start = offset * LN_STEP;
  const ratio = Math.exp(LN_STEP * nucleus.slope);
  let power = level * Math.exp((start - Math.log(5100)) * nucleus.slope);
  const edge = nucleus.balmer * level * (3647 / 5100) ** nucleus.slope;
  for (let i = 0; i < flux.length; i++) {
    flux[i] += power + edge * balmerContinuum(start + i * LN_STEP);
    power *= ratio;
  }
  const hBeta = nucleus.hBetaWidth * level * (4862.69 / 5100) ** nucleus.slope;
  for (const [wavelength, share] of BROAD_LINES) {
    addBroadLine(flux, offset, wavelength, nucleus.shift, nucleus.fwhm, hBeta * share);
  }
  addBroadLine(flux, offset, 6564.61, nucleus.shift, nucleus.fwhm * HALPHA_NARROWER, hBeta * nucleus.decrement);
  const sigma = (nucleus.fwhm * IRON_NARROWER) / 2.355;
  for (const { wavelength, flux: share } of OPTICAL_IRON) {
    addEmissionLine(flux, offset, wavelength, nucleus.shift, sigma, nucleus.iron * hBeta * share);
  }
  for (const { wavelength, spread, flux: share } of ULTRAVIOLET_IRON) {
    const width = Math.hypot(sigma, spread);
    addEmissionLine(
      flux,
      offset,
      wavelength,
      nucleus.shift,
      width,
      ULTRAVIOLET_PER_OPTICAL * nucleus.iron * hBeta * share,
    );
  }
}

/** FWHM of broad Hα over Hβ (Greene & Ho 2005, ApJ 630, 122, equation 3) and of Fe II (Hu et al. 2008). */
const HALPHA_NARROWER = 0.9;
const IRON_NARROWER = 0.75;

/** F(Fe II 2200–3090)/F(Fe II 4434–4684) (Sameshima et al. 2011, MNRAS 410, 1018). */
const ULTRAVIOLET_PER_OPTICAL = 5;
