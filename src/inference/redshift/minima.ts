import type { Scan } from './scan.ts';

/** Minima closer than this in ln(1 + z), 1500 km/s, are one. */
export const SEPARATION = 0.005;

/** Minima are out of the question when they lie higher than this above the deepest, in χ² and as a share of its depth. */
const HOPELESS_CHI2 = 50;
const HOPELESS_SHARE = 0.5;

/**
 * Places of the deepest local minima of the scan, deepest first, each farther than `SEPARATION` from deeper ones: three
 * where there are three, and of the others those that refinement may still bring to the top.
 */
export function deepestMinima({ z, cost, amplitude, continuumCost }: Scan, most: number): number[] {
  const isMinimum = (i: number) =>
    amplitude[i] > 0 && (i === 0 || cost[i] <= cost[i - 1]) && (i === cost.length - 1 || cost[i] < cost[i + 1]);
  const minima = Array.from(cost.keys())
    .filter(isMinimum)
    .sort((a, b) => cost[a] - cost[b]);
  const deepest = cost[minima[0]];
  const reach = deepest + Math.max(HOPELESS_CHI2, HOPELESS_SHARE * (continuumCost - deepest));
  const kept: number[] = [];
  for (const place of minima) {
    if (kept.length === most) break;
    const hopeless = cost[place] > reach && kept.length >= 3;
    if (hopeless) break;
    if (kept.every((other) => apart(z[place], z[other]))) kept.push(place);
  }
  return kept;
}

/** Whether two redshifts are different answers. */
export function apart(z: number, other: number): boolean {
  return Math.abs(Math.log((1 + z) / (1 + other))) > SEPARATION;
}
