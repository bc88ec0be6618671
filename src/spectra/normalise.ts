import { UserError } from '../base/index.ts';
import { pixelEdges } from './edges.ts';
import { medianInPlace } from './median.ts';
import { formatNormalisation, type Normalisation, normalisationWindow } from './normalisation.ts';

/**
 * A scale less certain than 1 in 3 would move the whole spectrum by more than its pixels' own errors say,
 * and ivar does not carry that error.
 */
export const MINIMUM_SCALE_SNR = 3;

/** A window less than half observed says too little about the flux in it. */
export const MINIMUM_WINDOW_COVERAGE = 0.5;

export type NormaliseOutcome =
  /** Flux before = flux after × `scale`; `snr` is that of the scale itself. */
  | { readonly ok: true; readonly scale: number; readonly snr: number }
  /** Why this spectrum cannot be normalised; its arrays are as they were. */
  | { readonly ok: false; readonly reason: string };

/**
 * Divides flux by its scale and multiplies ivar by the scale's square, in place, or says why it cannot:
 * the window is unobserved, or the scale is not positive, or its S/N is below `MINIMUM_SCALE_SNR`.
 *
 * @param flux length P; 0 where unobserved
 * @param ivar length P; 0 = not observed
 * @param grid rest wavelengths in Å, length P
 * @throws UserError when the window of `how` holds no pixel of the grid
 */
export function normalise(
  flux: Float64Array,
  ivar: Float64Array,
  grid: Float64Array,
  how: Normalisation,
): NormaliseOutcome {
  return createNormaliser(grid, how)(flux, ivar);
}

export type Normaliser = (flux: Float64Array, ivar: Float64Array) => NormaliseOutcome;

/**
 * `normalise` for many spectra on one grid: the window is found once and scratch memory is kept.
 *
 * @throws UserError when the window of `how` holds no pixel of the grid
 */
export function createNormaliser(grid: Float64Array, how: Normalisation): Normaliser {
  if (how.kind === 'none') return () => ({ ok: true, scale: 1, snr: Infinity });
  const { first, end } = pixelsInWindow(grid, how);
  const place = describeWindow(grid, how);
  const estimate = createEstimator(grid, how, first, end);
  const mend =
    how.kind === 'flux'
      ? '--normalise none keeps such spectra as they are'
      : '--normalise flux looks at the whole grid instead';
  return (flux, ivar) => {
    let observed = 0;
    for (let i = first; i < end; i++) if (ivar[i] > 0) observed++;
    // Flux normalisation takes what there is: ranges differ from object to object by nature.
    const needed = how.kind === 'flux' ? 1 : Math.ceil(MINIMUM_WINDOW_COVERAGE * (end - first));
    if (observed < needed) {
      return refused(`only ${observed} of the ${end - first} pixels ${place} are observed; ${mend}`);
    }
    const { scale, error } = estimate(flux, ivar);
    const snr = scale / error;
    if (!(scale > 0)) return refused(`its flux ${place} is not positive; ${mend}`);
    if (!(snr >= MINIMUM_SCALE_SNR)) {
      return refused(`its flux ${place} has S/N ${snr.toFixed(1)}, below ${MINIMUM_SCALE_SNR}; ${mend}`);
    }
    const inverse = 1 / scale;
    const ivarFactor = scale * scale;
    for (let i = 0; i < flux.length; i++) {
      flux[i] *= inverse;
      ivar[i] *= ivarFactor;
    }
    return { ok: true, scale, snr };
  };
}

function refused(problem: string): NormaliseOutcome {
  return { ok: false, reason: `it cannot be normalised: ${problem}` };
}

interface Scale {
  scale: number;
  /** Standard deviation of `scale`, from ivar. */
  error: number;
}

function createEstimator(grid: Float64Array, how: Normalisation, first: number, end: number) {
  if (how.kind === 'flux') {
    const edges = pixelEdges(grid);
    return (flux: Float64Array, ivar: Float64Array) => meanFluxDensity(flux, ivar, edges);
  }
  if (how.kind === 'at') return (flux: Float64Array, ivar: Float64Array) => weightedMean(flux, ivar, first, end);
  const scratch = new Float64Array(end - first);
  return (flux: Float64Array, ivar: Float64Array) => medianFlux(flux, ivar, first, end, scratch);
}

function meanFluxDensity(flux: Float64Array, ivar: Float64Array, edges: Float64Array): Scale {
  let width = 0;
  let total = 0;
  let variance = 0;
  for (let i = 0; i < flux.length; i++) {
    if (!(ivar[i] > 0)) continue;
    const step = edges[i + 1] - edges[i];
    width += step;
    total += step * flux[i];
    variance += (step * step) / ivar[i];
  }
  return { scale: total / width, error: Math.sqrt(variance) / width };
}

function weightedMean(flux: Float64Array, ivar: Float64Array, first: number, end: number): Scale {
  let weight = 0;
  let total = 0;
  for (let i = first; i < end; i++) {
    weight += ivar[i];
    total += ivar[i] * flux[i];
  }
  return { scale: total / weight, error: 1 / Math.sqrt(weight) };
}

function medianFlux(flux: Float64Array, ivar: Float64Array, first: number, end: number, scratch: Float64Array): Scale {
  let observed = 0;
  let variance = 0;
  for (let i = first; i < end; i++) {
    if (!(ivar[i] > 0)) continue;
    scratch[observed++] = flux[i];
    variance += 1 / ivar[i];
  }
  // The median of n Gaussian deviates scatters √(π/2) times as much as their mean.
  return { scale: medianInPlace(scratch, observed), error: Math.sqrt((Math.PI / 2) * variance) / observed };
}

function pixelsInWindow(grid: Float64Array, how: Normalisation): { first: number; end: number } {
  const window = normalisationWindow(how);
  if (window === null) return { first: 0, end: grid.length };
  let first = 0;
  while (first < grid.length && grid[first] < window.low) first++;
  let end = first;
  while (end < grid.length && grid[end] <= window.high) end++;
  if (first === end) {
    throw new UserError(
      `normalisation ${formatNormalisation(how)} looks between ${window.low} and ${window.high} Å, where the grid (${grid[0]} to ${grid[grid.length - 1]} Å) has no pixel; choose another with --normalise`,
    );
  }
  return { first, end };
}

function describeWindow(grid: Float64Array, how: Normalisation): string {
  const window = normalisationWindow(how) ?? { low: grid[0], high: grid[grid.length - 1] };
  return `between ${Math.round(window.low)} and ${Math.round(window.high)} Å`;
}
