import type { NormalPrior } from './fit-problem.ts';
import type { LineSpectrum } from './line-spectrum.ts';
import type { ComplexWindow } from './windows.ts';

/** The continuum of one complex: terms of length n, some held near 0. */
export interface ContinuumTerms {
  readonly terms: readonly Float64Array[];
  readonly priors: readonly (NormalPrior | null)[];
  readonly isStarlight: boolean;
}

/** Windows wider than this (Å) get a quadratic. */
const WIDE = 250;
/** Half the width, Å, over which starlight is smoothed to tell its lines from its colour. */
const SMOOTHING = 70;
/** How far the depth of the absorption lines may depart from the templates'. */
const DEPTH: NormalPrior = { mean: 0, deviation: 0.05 };

/**
 * Starlight times a polynomial, which mends the flux calibration, and its absorption lines once more, since templates
 * do not know their depth exactly; a plain quadratic where starlight is unknown.
 */
export function continuumTerms(window: ComplexWindow, { starlight, flux, ivar }: LineSpectrum): ContinuumTerms {
  const { start, end, place, complex, edges } = window;
  const n = end - start;
  const stars: Float64Array = starlight.subarray(start, end);
  const isStarlight = !complex.broad && stars.every((value) => value > 0);
  const width = edges[n] - edges[0];
  const order = !isStarlight || width > WIDE ? 2 : 1;
  const base: Float64Array = isStarlight ? stars : new Float64Array(n).fill(meanFlux(flux, ivar, start, end));
  const terms: Float64Array[] = [0, 1, 2]
    .slice(0, order + 1)
    .map((power) =>
      base.map((value, j) => (power === 0 ? value : power === 1 ? value * place[j] : value * place[j] * place[j])),
    );
  const priors: (NormalPrior | null)[] = terms.map(() => null);
  if (isStarlight) {
    terms.push(absorptionLines(stars, Math.max(1, Math.round((SMOOTHING * n) / width))));
    priors.push(DEPTH);
  }
  return { terms, priors, isStarlight };
}

/** Starlight less its running mean. */
function absorptionLines(stars: Float64Array, reach: number): Float64Array {
  const n = stars.length;
  const sums = new Float64Array(n + 1);
  for (let j = 0; j < n; j++) sums[j + 1] = sums[j] + stars[j];
  return Float64Array.from(stars, (value, j) => {
    const [from, to] = [Math.max(0, j - reach), Math.min(n, j + reach + 1)];
    return value - (sums[to] - sums[from]) / (to - from);
  });
}

function meanFlux(flux: Float32Array, ivar: Float32Array, start: number, end: number): number {
  let sum = 0;
  let count = 0;
  for (let j = start; j < end; j++) {
    if (ivar[j] === 0) continue;
    sum += Math.abs(flux[j]);
    count++;
  }
  return sum > 0 ? sum / count : 1;
}
