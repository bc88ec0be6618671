import { addLine } from './profile.ts';

/** Pixels next to each other; all arrays but `edges` have length n. */
export interface FitPixels {
  /** Length n + 1, rest-frame Å. */
  readonly edges: Float64Array;
  readonly flux: Float64Array;
  /** 0 = not used. */
  readonly ivar: Float64Array;
}

/** Lines with one velocity and one width. */
export interface KinematicGroup {
  /** km/s: mean and standard deviation of a normal prior. */
  readonly velocity: NormalPrior;
  /** ln of σ in km/s. */
  readonly logSigma: NormalPrior;
  /** Bounds of ln σ. */
  readonly range: readonly [number, number];
  /** Where the search for ln σ begins; at the prior's mean when not given. */
  readonly start?: number;
}

export interface NormalPrior {
  readonly mean: number;
  readonly deviation: number;
}

/** One free flux: a line, or several whose ratios nature fixes. */
export interface LineTerm {
  readonly group: number;
  /** σ of the term in units of its group's. */
  readonly sigmaFactor: number;
  /** Shares of the term's flux; they sum to 1. */
  readonly parts: readonly { readonly wavelength: number; readonly share: number }[];
}

/** Errors of the continuum that its terms do not know: shapes (length n) whose coefficients have a covariance. */
export interface ContinuumErrors {
  readonly shapes: readonly Float64Array[];
  readonly covariance: Float64Array;
}

export interface FitProblem {
  readonly pixels: FitPixels;
  /** Each of length n. */
  readonly continuum: readonly Float64Array[];
  /** Priors on the continuum's coefficients, where there are any. */
  readonly continuumPriors?: readonly (NormalPrior | null)[];
  readonly lines: readonly LineTerm[];
  readonly groups: readonly KinematicGroup[];
  readonly errors?: ContinuumErrors | null;
  /** Lines none of which reaches this S/N at the priors' velocity and width keep them: a search would fit the noise. */
  readonly searchFrom?: number;
}

export interface Fit {
  /** Continuum coefficients, then the fluxes of the lines. */
  readonly linear: Float64Array;
  /** km/s, and ln of km/s, for each group. */
  readonly velocity: Float64Array;
  readonly logSigma: Float64Array;
  /** Covariance of `linear`, then velocity and ln σ of each group in turn: the inverse of the Fisher matrix, K × K. */
  readonly covariance: Float64Array;
  readonly size: number;
  readonly chi2: number;
  /** χ² with the priors' share: what the search made small. */
  readonly objective: number;
  readonly degrees: number;
  readonly converged: boolean;
}

/** km/s, and in ln σ. */
const LONGEST_STEP = [200, 0.6] as const;
export function addTerm(
  { group, sigmaFactor, parts }: LineTerm,
  theta: Float64Array,
  edges: Float64Array,
  flux: number,
  into: Float64Array,
  byVelocity: Float64Array | null = null,
  byLogSigma: Float64Array | null = null,
): void {
  const velocity = theta[2 * group];
  const sigma = sigmaFactor * Math.exp(theta[2 * group + 1]);
  for (const { wavelength, share } of parts) {
    addLine(edges, { wavelength, velocity, sigma }, flux * share, into, byVelocity, byLogSigma);
  }
}

export function priorPenalty(
  { groups, continuumPriors }: FitProblem,
  theta: Float64Array,
  linear: Float64Array,
): number {
  let sum = 0;
  groups.forEach(({ velocity, logSigma }, g) => {
    sum += ((theta[2 * g] - velocity.mean) / velocity.deviation) ** 2;
    sum += ((theta[2 * g + 1] - logSigma.mean) / logSigma.deviation) ** 2;
  });
  continuumPriors?.forEach((prior, k) => {
    if (prior !== null) sum += ((linear[k] - prior.mean) / prior.deviation) ** 2;
  });
  return sum;
}

export function clampStep({ groups }: FitProblem, k: number, from: number, by: number): number {
  const isWidth = k % 2;
  const to = from + Math.min(Math.max(by, -LONGEST_STEP[isWidth]), LONGEST_STEP[isWidth]);
  if (isWidth === 0) return to;
  const [low, high] = groups[k >> 1].range;
  return Math.min(Math.max(to, low), high);
}
