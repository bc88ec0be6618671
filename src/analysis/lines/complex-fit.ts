import { type Matrix, row } from '../../base/index.ts';
import { type ContinuumTerms, continuumTerms } from './continuum-terms.ts';
import type { ContinuumErrors, Fit, FitProblem, KinematicGroup, LineTerm } from './fit-problem.ts';
import type { Kinematics, LineSpectrum } from './line-spectrum.ts';
import type { MeasuredLine } from './measured-line.ts';
import { FWHM_PER_SIGMA } from './profile.ts';
import { reportLines } from './report-lines.ts';
import { type TermUse, termUses } from './term-uses.ts';
import { LineFitter } from './variable-projection.ts';
import type { ComplexWindow } from './windows.ts';

/** A complex fitted to one spectrum. */
export interface ComplexResult {
  readonly window: ComplexWindow;
  readonly lines: readonly MeasuredLine[];
  /** What the fit, with its prior, says of the gas. */
  readonly gas: Kinematics;
  /** Of the broad lines; null when there are none. */
  readonly broad: Kinematics | null;
  readonly problem: FitProblem;
  readonly fit: Fit;
  /** Which line terms of the problem are broad components. */
  readonly broadTerms: readonly boolean[];
}

/** Lines below this S/N take velocity and width from the object's other lines. */
const SEARCH_FROM = 4;

/** Bounds of ln σ, km/s. */
const NARROW_RANGE = [Math.log(45), Math.log(520)] as const;
const BROAD_RANGE = [Math.log(380), Math.log(6500)] as const;
const BROAD_UNKNOWN: Kinematics = {
  velocity: { mean: 0, deviation: 400 },
  logSigma: { mean: Math.log(1300), deviation: 0.8 },
};
const QUASAR_UNKNOWN: Kinematics = {
  velocity: { mean: 0, deviation: 1500 },
  logSigma: { mean: Math.log(2000), deviation: 0.7 },
};
/** Broad lines of one nucleus agree to this: km/s and in ln σ. */
const BETWEEN_BROAD = { velocity: 150, logSigma: 0.2 };
/** Searches for broad lines begin at these σ, km/s. */
const BROAD_STARTS = [700, 2000];
/** A broad component stays when it lowers χ² by this much, with this S/N, and is as wide (FWHM, km/s) as this. */
const BROAD_GAIN = 30;
const BROAD_SNR = 5;
const BROAD_FWHM = 1000;

export class ComplexFitter {
  readonly #fitter = new LineFitter();
  readonly #shapes = new Map<ComplexWindow, { readonly of: Matrix; readonly shapes: readonly Float64Array[] }>();

  /**
   * @param broad what is known of broad lines: `search` for them, use these, or there are none
   * @returns null when too little is observed
   */
  fit(
    window: ComplexWindow,
    spectrum: LineSpectrum,
    gas: Kinematics,
    broad: Kinematics | 'search' | null,
  ): ComplexResult | null {
    if (window.complex.broad) return this.#attempt(window, spectrum, null, QUASAR_UNKNOWN, BROAD_STARTS);
    const narrow = this.#attempt(window, spectrum, gas, null);
    if (narrow === null || broad === null || !window.complex.terms.some(({ permitted }) => permitted)) return narrow;
    if (broad !== 'search') {
      const known = {
        velocity: {
          mean: broad.velocity.mean,
          deviation: Math.hypot(broad.velocity.deviation, BETWEEN_BROAD.velocity),
        },
        logSigma: {
          mean: broad.logSigma.mean,
          deviation: Math.hypot(broad.logSigma.deviation, BETWEEN_BROAD.logSigma),
        },
      };
      return this.#attempt(window, spectrum, gas, known) ?? narrow;
    }
    const { chi2, degrees, objective } = narrow.fit;
    if (chi2 - degrees < Math.sqrt(2 * degrees)) return narrow;
    const both = this.#attempt(window, spectrum, gas, BROAD_UNKNOWN, BROAD_STARTS);
    if (both === null || objective - both.fit.objective < BROAD_GAIN) return narrow;
    const line = both.lines.find(({ name }) => name.endsWith('_BROAD'));
    const isBroad =
      line !== undefined && line.flux > BROAD_SNR * line.fluxError && line.sigma * FWHM_PER_SIGMA > BROAD_FWHM;
    return isBroad ? both : narrow;
  }

  /** The shapes are the same for every spectrum, and cut out once. */
  #starlightErrors(window: ComplexWindow, { uncertainty }: LineSpectrum): ContinuumErrors | null {
    if (uncertainty === null) return null;
    const { components, covariance } = uncertainty;
    const known = this.#shapes.get(window);
    if (known?.of === components) return { shapes: known.shapes, covariance };
    const shapes = Array.from({ length: components.rows }, (_, k) =>
      Float64Array.from(row(components, k).subarray(window.start, window.end)),
    );
    this.#shapes.set(window, { of: components, shapes });
    return { shapes, covariance };
  }

  #attempt(
    window: ComplexWindow,
    spectrum: LineSpectrum,
    gas: Kinematics | null,
    broad: Kinematics | null,
    starts: readonly number[] = [],
  ): ComplexResult | null {
    const pixels = windowPixels(window, spectrum);
    const uses = termUses(window, pixels.ivar, gas !== null, broad !== null);
    if (uses.length === 0) return null;
    const continuum = continuumTerms(window, spectrum);
    const errors = continuum.isStarlight ? this.#starlightErrors(window, spectrum) : null;
    const groups: KinematicGroup[] = [];
    if (gas !== null) groups.push({ ...gas, range: NARROW_RANGE });
    if (broad !== null) groups.push({ ...broad, range: BROAD_RANGE });
    const build = (lines: readonly LineTerm[], start: number | null): FitProblem => ({
      pixels,
      continuum: continuum.terms,
      continuumPriors: continuum.priors,
      errors,
      searchFrom: broad === null ? SEARCH_FROM : 0,
      lines,
      groups: groups.map((group) =>
        start !== null && group.range === BROAD_RANGE ? { ...group, start: Math.log(start) } : group,
      ),
    });
    let best: { problem: FitProblem; fit: Fit; kept: readonly (readonly [TermUse, LineTerm])[] } | null = null;
    for (const start of starts.length > 0 ? starts : [null]) {
      const found = this.#withoutNegative(build, uses, start);
      if (found !== null && (best === null || found.fit.objective < best.fit.objective)) best = found;
    }
    if (best === null) return null;
    return this.#result(window, best, continuum, gas !== null, broad !== null);
  }

  /** Fits; broad terms of negative flux go, one after the other. */
  #withoutNegative(
    build: (lines: readonly LineTerm[], start: number | null) => FitProblem,
    uses: readonly (readonly [TermUse, LineTerm])[],
    start: number | null,
  ): { problem: FitProblem; fit: Fit; kept: readonly (readonly [TermUse, LineTerm])[] } | null {
    let kept = uses;
    for (;;) {
      const problem = build(
        kept.map(([, line]) => line),
        start,
      );
      const fit = this.#fitter.fit(problem);
      if (fit === null) return null;
      let worst = -1;
      kept.forEach(([use], k) => {
        const flux = fit.linear[problem.continuum.length + k];
        if (use.component !== 'broad' || flux >= 0) return;
        if (worst < 0 || flux < fit.linear[problem.continuum.length + worst]) worst = k;
      });
      if (worst < 0) return { problem, fit, kept };
      kept = kept.filter((_, k) => k !== worst);
      if (kept.length === 0) return null;
    }
  }

  #result(
    window: ComplexWindow,
    { problem, fit, kept }: { problem: FitProblem; fit: Fit; kept: readonly (readonly [TermUse, LineTerm])[] },
    continuum: ContinuumTerms,
    hasNarrow: boolean,
    hasBroad: boolean,
  ): ComplexResult {
    const first = fit.linear.length;
    const posterior = (group: number): Kinematics => {
      const deviation = (offset: number) => Math.sqrt(fit.covariance[(first + 2 * group + offset) * (fit.size + 1)]);
      return {
        velocity: { mean: fit.velocity[group], deviation: deviation(0) },
        logSigma: { mean: fit.logSigma[group], deviation: deviation(1) },
      };
    };
    const lines = reportLines({ window, problem, fit, uses: kept.map(([use]) => use), continuum });
    return {
      window,
      lines,
      gas: posterior(0),
      broad: hasBroad ? posterior(hasNarrow ? 1 : 0) : null,
      problem,
      fit,
      broadTerms: kept.map(([use]) => use.component === 'broad'),
    };
  }
}

function windowPixels(
  { start, end, edges, avoided }: ComplexWindow,
  { flux, ivar }: LineSpectrum,
): FitProblem['pixels'] {
  return {
    edges,
    flux: Float64Array.from(flux.subarray(start, end)),
    ivar: Float64Array.from(ivar.subarray(start, end), (weight, j) => (avoided[j] === 1 ? 0 : weight)),
  };
}
