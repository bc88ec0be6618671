import type { Star } from './absorption.ts';

/**
 * Stellar evolution in a nutshell: which stars a population of given age and metallicity holds. Main-sequence
 * lifetimes, luminosities and temperatures are smooth fits to the Geneva tracks (Schaller et al. 1992, A&AS 96, 269);
 * what comes after the main sequence enters by its share of the light, from the fuel consumption theorem
 * (Renzini & Buzzoni 1986; Maraston 1998, MNRAS 300, 872, figure 3).
 */
export interface StarGroup {
  readonly star: Star;
  /** Bolometric luminosity per unit initial mass of the whole population, L☉/M☉. */
  readonly luminosity: number;
}

/** Main-sequence lifetime, Gyr, of a star of `mass` M☉: 10 at 1, 1.2 at 2, 0.03 at 10, 0.003 at 60. */
export function lifetime(mass: number): number {
  const x = Math.log10(mass);
  return 10 ** (1 - 3.3 * x + 0.75 * x * x);
}

/** Mass, M☉, of the star that leaves the main sequence at `age` Gyr: the inverse of `lifetime` up to 100 M☉. */
export function turnOffMass(age: number): number {
  const excess = Math.max(0, 3.3 ** 2 - 3 * (1 - Math.log10(age)));
  return 10 ** Math.min(2, (3.3 - Math.sqrt(excess)) / 1.5);
}

/** log₁₀ of the zero-age luminosity, L☉. */
function logZeroAgeLuminosity(mass: number): number {
  const x = Math.log10(mass);
  return x < -0.3 ? -1.48 + 2.3 * (x + 0.3) : -0.15 + 4.25 * x - 0.55 * x * x;
}

/** log₁₀ mass against log₁₀ zero-age T_eff. */
const ZERO_AGE_TEMPERATURE: readonly (readonly [number, number])[] = [
  [-0.9, 3.47],
  [-0.5, 3.54],
  [-0.3, 3.58],
  [-0.1, 3.7],
  [0, 3.75],
  [0.08, 3.79],
  [0.18, 3.845],
  [0.3, 3.955],
  [0.48, 4.09],
  [0.7, 4.23],
  [1, 4.4],
  [1.3, 4.53],
  [1.6, 4.62],
  [2, 4.68],
];

function interpolate(table: readonly (readonly [number, number])[], x: number): number {
  let k = 1;
  while (k < table.length - 1 && table[k][0] < x) k++;
  const [[x0, y0], [x1, y1]] = [table[k - 1], table[k]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/** A main-sequence star, part of the way (`evolved` from 0 to 1) through its life; metal-poor stars are hotter. */
function mainSequenceStar(mass: number, evolved: number, metallicity: number): { star: Star; luminosity: number } {
  const logMass = Math.log10(mass);
  const cooling = (mass > 1.15 ? 0.11 : 0.01) * evolved ** 2;
  const logTemperature = interpolate(ZERO_AGE_TEMPERATURE, logMass) - cooling - 0.035 * metallicity;
  const logLuminosity = logZeroAgeLuminosity(mass) + 0.35 * evolved - 0.12 * metallicity;
  // g ∝ M T⁴/L, scaled from the Sun.
  const logGravity = 4.44 + logMass + 4 * (logTemperature - Math.log10(5772)) - logLuminosity;
  return { star: { temperature: 10 ** logTemperature, logGravity, metallicity }, luminosity: 10 ** logLuminosity };
}

/** Number of stars per unit mass and total mass: Kroupa (2001, MNRAS 322, 231), 0.1–100 M☉, normalised to 1 M☉. */
function initialMassFunction(mass: number): number {
  return 0.22 * (mass < 0.5 ? 2 * mass ** -1.3 : mass ** -2.3);
}

/** A post-main-sequence phase and its share of the population's bolometric light. */
interface Phase {
  readonly temperature: number;
  readonly logGravity: number;
  readonly share: number;
  /** K per dex of metallicity: giants of metal-poor populations are hotter. */
  readonly perMetallicity: number;
}

const supergiants: readonly Phase[] = [
  { temperature: 18000, logGravity: 2.8, share: 0.2, perMetallicity: 0 },
  { temperature: 3900, logGravity: 0.5, share: 0.06, perMetallicity: -300 },
];

const intermediate: readonly Phase[] = [
  { temperature: 9500, logGravity: 2.6, share: 0.12, perMetallicity: -600 },
  { temperature: 4900, logGravity: 2.2, share: 0.05, perMetallicity: -300 },
  { temperature: 3700, logGravity: 0.7, share: 0.06, perMetallicity: -250 },
];

const clump: readonly Phase[] = [
  { temperature: 8200, logGravity: 3.4, share: 0.08, perMetallicity: -600 },
  { temperature: 5050, logGravity: 2.4, share: 0.12, perMetallicity: -300 },
  { temperature: 3450, logGravity: 0.7, share: 0.2, perMetallicity: -250 },
];

const firstGiants: readonly Phase[] = [
  { temperature: 6300, logGravity: 3.7, share: 0.1, perMetallicity: -300 },
  { temperature: 5000, logGravity: 2.5, share: 0.2, perMetallicity: -300 },
  { temperature: 4550, logGravity: 2.1, share: 0.08, perMetallicity: -350 },
  { temperature: 3450, logGravity: 0.7, share: 0.26, perMetallicity: -250 },
];

const oldGiants: readonly Phase[] = [
  { temperature: 5500, logGravity: 3.7, share: 0.17, perMetallicity: -300 },
  { temperature: 4950, logGravity: 2.9, share: 0.16, perMetallicity: -350 },
  { temperature: 4850, logGravity: 2.4, share: 0.12, perMetallicity: -700 },
  { temperature: 4350, logGravity: 1.7, share: 0.12, perMetallicity: -400 },
  { temperature: 3850, logGravity: 1, share: 0.08, perMetallicity: -350 },
  { temperature: 3400, logGravity: 0.5, share: 0.14, perMetallicity: -350 },
];

/** Mixtures of phases at these ages (Gyr); between them shares are interpolated in log age. */
const PHASES: readonly (readonly [age: number, phases: readonly Phase[]])[] = [
  [0.004, []],
  [0.012, supergiants],
  [0.08, intermediate],
  [0.3, clump],
  [1, firstGiants],
  [2, firstGiants],
  [6, oldGiants],
];

function phasesAt(age: number): Phase[] {
  const x = Math.log10(age);
  let k = 1;
  while (k < PHASES.length - 1 && PHASES[k][0] < age) k++;
  const [low, high] = [Math.log10(PHASES[k - 1][0]), Math.log10(PHASES[k][0])];
  const towards = Math.min(1, Math.max(0, (x - low) / (high - low)));
  const scaled = (phases: readonly Phase[], by: number) =>
    phases.map((phase) => ({ ...phase, share: phase.share * by }));
  return [...scaled(PHASES[k - 1][1], 1 - towards), ...scaled(PHASES[k][1], towards)].filter(({ share }) => share > 0);
}

/** Mass intervals of the main sequence. */
const MASS_BINS = 28;

/** The stars of a population that formed at once, 1 M☉ of it, `age` Gyr ago. */
export function starsOfPopulation(age: number, metallicity: number): StarGroup[] {
  const turnOff = turnOffMass(age);
  const low = Math.log(0.15);
  const step = (Math.log(turnOff) - low) / MASS_BINS;
  const dwarfs = Array.from({ length: MASS_BINS }, (_, i): StarGroup => {
    const mass = Math.exp(low + (i + 0.5) * step);
    const { star, luminosity } = mainSequenceStar(mass, Math.min(1, age / lifetime(mass)), metallicity);
    return { star, luminosity: luminosity * initialMassFunction(mass) * mass * step };
  });
  const mainSequence = dwarfs.reduce((sum, { luminosity }) => sum + luminosity, 0);
  const phases = phasesAt(age);
  const later = phases.reduce((sum, { share }) => sum + share, 0);
  const giants = phases.map(
    ({ temperature, logGravity, share, perMetallicity }): StarGroup => ({
      star: { temperature: temperature + perMetallicity * metallicity, logGravity, metallicity },
      luminosity: (mainSequence * share) / (1 - later),
    }),
  );
  return [...dwarfs, ...giants];
}
