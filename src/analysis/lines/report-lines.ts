import type { ContinuumTerms } from './continuum-terms.ts';
import type { Fit, FitProblem } from './fit-problem.ts';
import { LINE_FLAGS, type MeasuredLine } from './measured-line.ts';
import { FWHM_PER_SIGMA, SPEED_OF_LIGHT } from './profile.ts';
import { observedShare, type TermUse } from './term-uses.ts';
import type { ComplexWindow } from './windows.ts';

export interface FittedComplex {
  readonly window: ComplexWindow;
  readonly problem: FitProblem;
  readonly fit: Fit;
  /** One for each line term of the problem. */
  readonly uses: readonly TermUse[];
  readonly continuum: ContinuumTerms;
}

const POOR_FIT = 3;
const DETECTION = 3;
const LINE_REACH = 400;

/** The lines of a fitted complex, a narrow and, where there is one, a broad one each. */
export function reportLines(fitted: FittedComplex): MeasuredLine[] {
  const { window, uses } = fitted;
  return (['narrow', 'broad'] as const).flatMap((component) =>
    window.complex.terms.flatMap((term) => {
      const members = uses.flatMap((use, k) => (use.term === term && use.component === component ? [k] : []));
      if (members.length === 0) return [];
      return term.reports.map(({ key, share }) => {
        const part = term.parts.length === 1 ? term.parts[0] : term.parts.find((one) => one.share === share);
        const wavelength = part?.wavelength ?? term.parts[0].wavelength;
        // Lines that are broad from the start have one component and need no second name.
        const name = component === 'broad' && !window.complex.broad ? (`${key}_BROAD` as const) : key;
        return report(fitted, members, name, share, wavelength);
      });
    }),
  );
}

function report(
  fitted: FittedComplex,
  members: readonly number[],
  name: MeasuredLine['name'],
  share: number,
  wavelength: number,
): MeasuredLine {
  const { fit, problem } = fitted;
  const first = problem.continuum.length;
  const at = members.map((k) => first + k);
  const flux = share * at.reduce((sum, k) => sum + fit.linear[k], 0);
  const variance = share * share * covarianceBetween(fit, at, at);
  const { group } = problem.lines[members[0]];
  const kinematic = fit.linear.length + 2 * group;
  const factor = profileWidth(members.map((k) => [problem.lines[k].sigmaFactor, fit.linear[first + k]]));
  const sigma = factor * Math.exp(fit.logSigma[group]);
  const fluxError = Math.sqrt(variance);
  return {
    name,
    flux,
    fluxError,
    ...equivalentWidth(fitted, at, share, flux, variance, wavelength),
    sigma,
    sigmaError: sigma * Math.sqrt(fit.covariance[(kinematic + 1) * (fit.size + 1)]),
    offset: fit.velocity[group],
    offsetError: Math.sqrt(fit.covariance[kinematic * (fit.size + 1)]),
    chi2: fit.degrees > 0 ? fit.chi2 / fit.degrees : Number.NaN,
    flags: flagsOf(fitted, flux, fluxError, group, wavelength),
  };
}

function equivalentWidth(
  { fit, problem, window }: FittedComplex,
  at: readonly number[],
  share: number,
  flux: number,
  variance: number,
  wavelength: number,
): Pick<MeasuredLine, 'width' | 'widthError'> {
  const beside = pixelsBeside(window.edges, wavelength);
  const below = problem.continuum.map((terms) => beside.reduce((sum, j) => sum + terms[j], 0) / beside.length);
  let level = 0;
  let levelVariance = 0;
  let shared = 0;
  below.forEach((value, c) => {
    level += value * fit.linear[c];
    below.forEach((other, d) => {
      levelVariance += value * other * fit.covariance[c * fit.size + d];
    });
    for (const k of at) shared += share * value * fit.covariance[c * fit.size + k];
  });
  // A continuum within 2σ of zero would make the ratio anything.
  if (!(level > 2 * Math.sqrt(levelVariance))) return { width: null, widthError: null };
  const width = flux / level;
  const error2 = (variance - 2 * width * shared + width * width * levelVariance) / (level * level);
  return { width, widthError: Math.sqrt(Math.max(error2, 0)) };
}

/** From here to there on either side of a line, km/s, its continuum is read: not below it, where stars absorb. */
const BESIDE = [1000, 4000] as const;

function pixelsBeside(edges: Float64Array, wavelength: number): number[] {
  const pixels: number[] = [];
  for (let j = 0; j < edges.length - 1; j++) {
    const away = Math.abs((0.5 * (edges[j] + edges[j + 1])) / wavelength - 1) * SPEED_OF_LIGHT;
    if (away >= BESIDE[0] && away <= BESIDE[1]) pixels.push(j);
  }
  return pixels;
}

function flagsOf(
  { fit, problem, continuum, uses, window }: FittedComplex,
  flux: number,
  fluxError: number,
  group: number,
  wavelength: number,
): number {
  const { range } = problem.groups[group];
  const logSigma = fit.logSigma[group];
  const partly = observedShare(wavelength, LINE_REACH, window.edges, problem.pixels.ivar) < 0.999;
  const hasBroad = !window.complex.broad && uses.some(({ component }) => component === 'broad');
  return (
    (partly ? LINE_FLAGS.partial : 0) |
    (fit.chi2 > POOR_FIT * fit.degrees ? LINE_FLAGS.poorFit : 0) |
    (flux < DETECTION * fluxError ? LINE_FLAGS.weak : 0) |
    (logSigma <= range[0] || logSigma >= range[1] ? LINE_FLAGS.widthAtLimit : 0) |
    (hasBroad ? LINE_FLAGS.broadComponent : 0) |
    (fit.converged ? 0 : LINE_FLAGS.unsettled) |
    (continuum.isStarlight ? 0 : LINE_FLAGS.noStarlight)
  );
}

function covarianceBetween(fit: Fit, a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const i of a) for (const k of b) sum += fit.covariance[i * fit.size + k];
  return sum;
}

/** FWHM/2.355 of a sum of Gaussians with one centre, for σ factors and fluxes; by bisection. */
export function profileWidth(components: readonly (readonly [sigma: number, flux: number])[]): number {
  if (components.length === 1) return components[0][0];
  const height = (x: number) =>
    components.reduce((sum, [sigma, flux]) => sum + (flux / sigma) * Math.exp(-0.5 * (x / sigma) ** 2), 0);
  const half = 0.5 * height(0);
  let [low, high] = [0, 4 * Math.max(...components.map(([sigma]) => sigma))];
  for (let step = 0; step < 40; step++) {
    const middle = 0.5 * (low + high);
    if (height(middle) > half) low = middle;
    else high = middle;
  }
  return (2 * high) / FWHM_PER_SIGMA;
}
