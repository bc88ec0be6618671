import { AGES, METALLICITIES } from '../stars/populations.ts';
import type { GalaxyHidden } from './hidden.ts';

/** Mass, as a share of all stars formed, in one population of the library. */
export interface MassWeight {
  readonly ageIndex: number;
  readonly metallicityIndex: number;
  /** log₁₀ of the age in Gyr. */
  readonly logAge: number;
  readonly mass: number;
}

/** Gyr at the boundaries between the ages of the library: each population stands for a span of formation times. */
const BOUNDARIES: readonly number[] = [
  0,
  ...AGES.slice(1).map((age, k) => Math.sqrt(age * AGES[k])),
  AGES[AGES.length - 1] * 1.2,
];

/** Star formation counts as recent for 30 Myr. */
const RECENT = 0.03;

/** Spread of formation times of the old stars, dex. */
const OLD_SPREAD = 0.15;

/**
 * The star-formation history as masses of the library's populations: old stars, star formation at a constant mean
 * rate up to now (raised or lowered in the last 30 Myr), and perhaps a burst that ended.
 */
export function massWeights(hidden: GalaxyHidden): MassWeight[] {
  const formed = Math.min(0.97, 10 ** hidden.logSsfr * hidden.duration * 1e9);
  const burst = hidden.burst?.share ?? 0;
  const ages = oldStars(hidden.oldAge).map((share) => share * (1 - formed) * (1 - burst));
  ongoing(hidden.duration, 10 ** hidden.recent).forEach((share, k) => {
    ages[k] += share * formed * (1 - burst);
  });
  if (hidden.burst !== null) {
    for (const [k, share] of around(hidden.burst.age)) ages[k] += share * burst;
  }
  return ages.flatMap((mass, ageIndex) =>
    mass < 1e-7
      ? []
      : metallicityShares(hidden.metallicity).map(([metallicityIndex, share]) => ({
          ageIndex,
          metallicityIndex,
          logAge: Math.log10(AGES[ageIndex]),
          mass: mass * share,
        })),
  );
}

function oldStars(age: number): number[] {
  const centre = Math.log10(age);
  const shares = AGES.map((at) => Math.exp(-0.5 * ((Math.log10(at) - centre) / OLD_SPREAD) ** 2));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

function ongoing(duration: number, recently: number): number[] {
  return AGES.map((_, k) => {
    const [from, to] = [BOUNDARIES[k], Math.min(BOUNDARIES[k + 1], duration)];
    if (to <= from) return 0;
    const recent = Math.max(0, Math.min(to, RECENT) - from);
    return (to - from + recent * (recently - 1)) / duration;
  });
}

/** The two library ages around an age, with linear shares in log age. */
function around(age: number): [number, number][] {
  let k = 1;
  while (k < AGES.length - 1 && AGES[k] < age) k++;
  const towards = Math.log(age / AGES[k - 1]) / Math.log(AGES[k] / AGES[k - 1]);
  return [
    [k - 1, 1 - towards],
    [k, towards],
  ];
}

function metallicityShares(metallicity: number): [number, number][] {
  let k = 1;
  while (k < METALLICITIES.length - 1 && METALLICITIES[k] < metallicity) k++;
  const towards = (metallicity - METALLICITIES[k - 1]) / (METALLICITIES[k] - METALLICITIES[k - 1]);
  return [
    [k - 1, 1 - towards],
    [k, towards],
  ];
}
