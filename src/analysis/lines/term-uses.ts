import type { ComplexTerm } from './complexes.ts';
import type { LineTerm } from './fit-problem.ts';
import { SPEED_OF_LIGHT } from './profile.ts';
import type { ComplexWindow } from './windows.ts';

/** What a term of a fit is for. */
export interface TermUse {
  readonly term: ComplexTerm;
  readonly component: 'narrow' | 'broad';
}

/**
 * Broad lines are peaked with wide wings, which one Gaussian misses: two with one centre, the second twice as wide, whose
 * fluxes are free but not negative.
 */
const WINGS = 2;

/** Pixels of a line: within this of its centre, km/s. */
const LINE_REACH = { narrow: 400, broad: 2500 };
const LEAST_OBSERVED = 0.6;

/** The terms that can be fitted; pixels of lines that cannot, as too little of them is observed, lose their weight. */
export function termUses(
  { complex, edges }: ComplexWindow,
  ivar: Float64Array,
  narrow: boolean,
  broad: boolean,
): (readonly [TermUse, LineTerm])[] {
  const seen = (wavelength: number, reach: number): number => observedShare(wavelength, reach, edges, ivar);
  const lines: (readonly [TermUse, LineTerm])[] = [];
  for (const term of complex.terms) {
    const parts = term.parts.filter(({ share }) => share >= 0.2);
    const isSeen = parts.some(({ wavelength }) => seen(wavelength, LINE_REACH.narrow) >= LEAST_OBSERVED);
    if (!isSeen) {
      for (const { wavelength } of term.parts) hide(wavelength, LINE_REACH.narrow, edges, ivar);
      continue;
    }
    if (narrow)
      lines.push([
        { term, component: 'narrow' },
        { group: 0, sigmaFactor: 1, parts: term.parts },
      ]);
    if (!broad) continue;
    const group = narrow ? 1 : 0;
    if (!term.permitted) {
      if (!narrow)
        lines.push([
          { term, component: 'broad' },
          { group, sigmaFactor: 1, parts: term.parts },
        ]);
      continue;
    }
    if (!parts.some(({ wavelength }) => seen(wavelength, LINE_REACH.broad) >= LEAST_OBSERVED)) continue;
    for (const sigmaFactor of [1, WINGS]) {
      lines.push([
        { term, component: 'broad' },
        { group, sigmaFactor, parts: term.parts },
      ]);
    }
  }
  return lines;
}

/** Share of the pixels within `reach` km/s of a line that are observed; pixels off the window count as not observed. */
export function observedShare(wavelength: number, reach: number, edges: Float64Array, ivar: Float64Array): number {
  const half = (wavelength * reach) / SPEED_OF_LIGHT;
  const [low, high] = [wavelength - half, wavelength + half];
  let seen = 0;
  for (let j = 0; j < ivar.length; j++) {
    if (ivar[j] > 0) seen += Math.max(0, Math.min(high, edges[j + 1]) - Math.max(low, edges[j]));
  }
  return seen / (high - low);
}

function hide(wavelength: number, reach: number, edges: Float64Array, ivar: Float64Array): void {
  const half = (wavelength * reach) / SPEED_OF_LIGHT;
  for (let j = 0; j < ivar.length; j++) {
    if (edges[j + 1] > wavelength - half && edges[j] < wavelength + half) ivar[j] = 0;
  }
}
