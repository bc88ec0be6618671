import type { Random } from '../../base/index.ts';
import { STARS_TO_GAS_REDDENING } from '../dust.ts';
import type { Activity, GalaxyHidden, Nucleus, Population } from './hidden.ts';

/**
 * Draws what galaxies are, with the correlations of real ones: mass sets metallicity, velocity dispersion and dust;
 * star formation falls on a main sequence or is over. Few things are free; the rest follows with scatter.
 */

/** Shares of the populations: chosen so that the classes come out as in Portillo et al. (2020), section 3. */
const POPULATIONS: readonly (readonly [Population, number])[] = [
  ['passive', 0.575],
  ['green valley', 0.07],
  ['star-forming', 0.237],
  ['post-starburst', 0.02],
  ['extreme emission', 0.03],
  ['Seyfert 2', 0.021],
  ['LINER', 0.017],
  ['broad-line AGN', 0.03],
];

interface Making {
  /** log₁₀ mass at z = 0.1, M☉, of the flux-limited sample, and the star formation, yr⁻¹, that goes with it. */
  readonly logMass: number;
  readonly starForms: boolean;
}

const MAKING: Readonly<Record<Population, Making>> = {
  passive: { logMass: 10.85, starForms: false },
  'green valley': { logMass: 10.7, starForms: true },
  'star-forming': { logMass: 10.35, starForms: true },
  'post-starburst': { logMass: 10.4, starForms: false },
  'extreme emission': { logMass: 9.5, starForms: true },
  'Seyfert 2': { logMass: 10.75, starForms: true },
  LINER: { logMass: 10.85, starForms: false },
  'broad-line AGN': { logMass: 10.8, starForms: true },
};

export function drawGalaxy(random: Random): GalaxyHidden {
  const population = drawPopulation(random);
  const broad = population === 'broad-line AGN';
  const redshift = drawRedshift(random, broad);
  const { logMass: typical, starForms } = MAKING[population];
  // A flux limit shows heavier galaxies farther away.
  const logMass = clamp(typical + 1.1 * Math.log10(redshift / 0.1) + random.normal(0, 0.3), 8.3, 11.9);
  const logSsfr = drawStarFormation(population, logMass, random);
  const oxygen = drawOxygen(logMass, logSsfr, random);
  const metallicity = drawMetallicity(logMass, oxygen, starForms, random);
  const duration = Math.min(6, 0.9e-9 / 10 ** logSsfr);
  const dustGas = drawDust(population, logMass, random);
  const sigmaStars = drawDispersion(logMass, starForms, random);
  return {
    population,
    redshift,
    logMass,
    metallicity,
    oxygen,
    ionisation: random.normal(0, 0.06) + (population === 'extreme emission' ? 0.12 : 0),
    oldAge: clamp(10 ** (0.82 + 0.13 * (logMass - 10.7) + random.normal(0, starForms ? 0.06 : 0.1)), 2.5, 12.5),
    logSsfr,
    duration,
    recent: starForms ? random.normal(0, 0.08) : 0,
    burst: population === 'post-starburst' ? drawBurst(random) : null,
    dustStars: STARS_TO_GAS_REDDENING * dustGas,
    dustGas,
    sigmaStars,
    sigmaGas: drawGasDispersion(population, sigmaStars, random),
    activity: drawActivity(population, random),
    nucleus: broad ? drawNucleus(random) : null,
  };
}

function drawPopulation(random: Random): Population {
  let left = random.uniform();
  for (const [population, share] of POPULATIONS) {
    left -= share;
    if (left < 0) return population;
  }
  return 'passive';
}

/** The main galaxy sample peaks near 0.09 (Strauss et al. 2002); nuclei are seen farther, to the sample's end at 0.36. */
function drawRedshift(random: Random, broad: boolean): number {
  for (;;) {
    const redshift = (broad ? 0.17 : 0.1) * Math.exp(random.normal(0, broad ? 0.45 : 0.48));
    if (redshift > 0.01 && redshift < 0.36) return redshift;
  }
}

/** log₁₀ of the specific rate, yr⁻¹, of SDSS galaxies that form stars: Salim et al. (2007, ApJS 173, 267), equation 11. */
function mainSequence(logMass: number): number {
  return -9.9 - 0.25 * (logMass - 10.2);
}

/** The main sequence and what lies below and above it. */
function drawStarFormation(population: Population, logMass: number, random: Random): number {
  const typical = mainSequence(logMass);
  switch (population) {
    case 'star-forming':
      return typical + random.normal(0, 0.25);
    case 'extreme emission':
      return clamp(-8.65 + random.normal(0, 0.32), -9.2, -7.9);
    case 'green valley':
      return typical - 0.9 + random.normal(0, 0.2);
    case 'Seyfert 2':
    case 'broad-line AGN':
      return typical - 0.5 + random.normal(0, 0.25);
    case 'post-starburst':
      return -12.6 + random.normal(0, 0.2);
    default:
      return -12.9 + random.normal(0, 0.3);
  }
}

/**
 * Gas: the mass–metallicity relation on the N2 scale (Kewley & Ellison 2008, ApJ 681, 1183, table 2); at one mass, gas is
 * poorer the more stars it forms, which leaves a scatter of about 0.05 dex, errors included (Mannucci et al. 2010, MNRAS 408, 2115).
 */
function drawOxygen(logMass: number, logSsfr: number, random: Random): number {
  const x = Math.min(0, logMass - 11);
  const excess = clamp(logSsfr - mainSequence(logMass), -0.5, 1.5);
  return clamp(8.79 - 0.155 * x * x - 0.12 * excess + random.normal(0, 0.04), 7.75, 8.9);
}

/**
 * Stars: Gallazzi et al. (2005, MNRAS 362, 41), table 2; where stars still form they were made of poorer gas than there
 * is now.
 */
function drawMetallicity(logMass: number, oxygen: number, starForms: boolean, random: Random): number {
  const mean = starForms ? 1.4 * (oxygen - 8.77) - 0.15 : -0.02 + 0.24 * (logMass - 10.7);
  return clamp(mean + random.normal(0, 0.08), -1.2, 0.25);
}

/**
 * Reddening of the gas. Star-forming: A(Hα) of Garn & Best (2010, MNRAS 409, 421), equation 10, over k(Hα) = 3.33
 * (Calzetti et al. 2000); their scatter, 0.28 mag, contains that of the measurements. Galaxies without star formation
 * hold little dust.
 */
function drawDust(population: Population, logMass: number, random: Random): number {
  if (population === 'passive' || population === 'LINER') return Math.abs(random.normal(0.1, 0.06));
  if (population === 'post-starburst') return Math.abs(random.normal(0.1, 0.1));
  const x = clamp(logMass - 10, -1.5, 1.2);
  const attenuation = 0.91 + 0.77 * x + 0.11 * x * x - 0.09 * x ** 3 + random.normal(0, 0.2);
  const share = population === 'green valley' ? 0.7 : population === 'extreme emission' ? 0.6 : 1;
  return (share * clamp(attenuation, 0.03, 2.6)) / 3.33;
}

/** Faber–Jackson relation (Gallazzi et al. 2006, MNRAS 370, 1106); discs and bulges of lighter galaxies rotate instead. */
function drawDispersion(logMass: number, starForms: boolean, random: Random): number {
  const mean = starForms ? 2.06 + 0.26 * (logMass - 10.5) : 2.25 + 0.28 * (logMass - 10.7);
  return clamp(10 ** (mean + random.normal(0, 0.06)), 70, 350);
}

function drawGasDispersion(population: Population, sigmaStars: number, random: Random): number {
  const active = population === 'Seyfert 2' || population === 'LINER' || population === 'broad-line AGN';
  const mean = population === 'extreme emission' ? 85 : active ? 1.05 * sigmaStars + 40 : 0.8 * sigmaStars + 25;
  return clamp(mean * 10 ** random.normal(0, 0.05), 80, 300);
}

/** The burst of an E+A galaxy (Kaviraj et al. 2007, MNRAS 382, 960). */
function drawBurst(random: Random): { age: number; share: number } {
  return { age: 10 ** random.uniform(-0.75, 0.05), share: 10 ** random.uniform(-1.2, -0.2) };
}

/** Hα that young stars do not make: weak in retired galaxies (Cid Fernandes et al. 2011), strong in Seyferts. */
function drawActivity(population: Population, random: Random): Activity {
  const scatter = { nitrogen: random.normal(0, 0.07), ionisation: random.normal(0, 0.09) };
  switch (population) {
    case 'Seyfert 2':
      return {
        hAlphaWidth: 10 ** random.normal(1.25, 0.27),
        hardness: clamp(random.normal(0.9, 0.12), 0.5, 1.1),
        ...scatter,
      };
    case 'LINER':
      return {
        hAlphaWidth: 10 ** random.normal(0.55, 0.2),
        hardness: clamp(random.normal(0.1, 0.12), 0, 0.4),
        ...scatter,
      };
    case 'broad-line AGN':
      return { hAlphaWidth: 0, hardness: 1, ...scatter };
    case 'star-forming':
    case 'extreme emission':
    case 'post-starburst':
      return { hAlphaWidth: 10 ** random.normal(-0.7, 0.2), hardness: 0.2, ...scatter };
    default:
      return { hAlphaWidth: 10 ** random.normal(-0.75, 0.25), hardness: 0.1, ...scatter };
  }
}

/**
 * Continuum slope −1.54 (Vanden Berk et al. 2001), Hβ of 75 Å, Balmer decrement 3.06 (Dong et al. 2008, MNRAS 383,
 * 581); narrow broad lines come with strong Fe II and weak [O III] (Boroson & Green 1992, eigenvector 1).
 */
function drawNucleus(random: Random): Nucleus {
  const logFwhm = clamp(random.normal(3.5, 0.19), 3.079, 3.903);
  const logIron = -0.35 - 1.1 * (logFwhm - 3.5) + random.normal(0, 0.17);
  return {
    share: 1 / (1 + Math.exp(-random.normal(0.1, 1))),
    slope: random.normal(-1.54, 0.25),
    hBetaWidth: 10 ** random.normal(1.88, 0.11),
    decrement: 3.06 * 10 ** random.normal(0, 0.03),
    fwhm: 10 ** logFwhm,
    shift: random.normal(0, 130),
    iron: 10 ** logIron,
    balmer: 0.12 * 10 ** random.normal(0, 0.12),
    oxygenWidth: 10 ** (1.3 - 0.6 * (logIron + 0.35) + random.normal(0, 0.22)),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
