import { CholeskySolver, packedLength } from '../../linalg/index.ts';
import { addTerm, clampStep, type Fit, type FitProblem, priorPenalty } from './fit-problem.ts';
import { diagonalAt, dot, multiplyInto, unpack, weighted } from './normal-matrix.ts';

/*
 * Fits Gaussians on a continuum by variable projection (Golub & Pereyra 1973, SIAM J. Numer. Anal. 10, 413; the step is
 * Kaufman's 1975 simplification): for given velocities and widths everything else, fluxes and continuum, is a linear
 * least-squares problem, solved exactly; the outer search then runs over two parameters a group of lines instead of
 * ten, needs no starting fluxes, and cannot be led astray by them.
 */

const MAXIMUM_STEPS = 25;
/** The search ends when a step would gain less χ² than this. */
const ENOUGH = 1e-3;
/** Keeps the normal matrix positive definite where a line has no pixel: relative to a basis function's own weight. */
const RIDGE = 1e-10;

/** Reusable memory and solvers for fits of up to `pixels` pixels and `terms` parameters. */
export class LineFitter {
  readonly #rows: Float64Array[] = [];
  readonly #solvers = new Map<number, CholeskySolver>();
  #gram = new Float64Array(0);
  #scratch = new Float64Array(0);
  #residual = new Float64Array(0);

  /** @returns null when no combination of the terms can be told apart: too few pixels */
  fit(problem: FitProblem): Fit | null {
    const { groups, lines, continuum, pixels } = problem;
    const linearCount = continuum.length + lines.length;
    const n = pixels.flux.length;
    this.#reserve(linearCount + 2 * groups.length, n);
    const theta = Float64Array.from(
      groups.flatMap(({ velocity, logSigma, start }) => [velocity.mean, start ?? logSigma.mean]),
    );
    const linear = new Float64Array(linearCount);
    let objective = this.#solveLinear(problem, theta, linear);
    if (objective === null) return null;
    const trial = new Float64Array(theta.length);
    const trialLinear = new Float64Array(linearCount);
    let damping = 1e-3;
    let converged = groups.length === 0 || !this.#isWorthSearching(problem, linear);
    for (let step = 0; step < MAXIMUM_STEPS && !converged; step++) {
      const move = this.#step(problem, theta, linear, damping);
      if (move === null) return null;
      if (move.promised < ENOUGH) {
        converged = true;
        break;
      }
      for (let k = 0; k < theta.length; k++) trial[k] = clampStep(problem, k, theta[k], move.by[k]);
      const reached = this.#solveLinear(problem, trial, trialLinear);
      if (reached === null) return null;
      if (reached <= objective) {
        converged = objective - reached < ENOUGH;
        objective = reached;
        theta.set(trial);
        linear.set(trialLinear);
        damping = Math.max(damping / 10, 1e-9);
      } else {
        damping *= 10;
        converged = damping > 1e6;
        // The trial left another basis and residual behind.
        this.#solveLinear(problem, theta, linear);
      }
    }
    return this.#conclude(problem, theta, linear, objective, converged);
  }

  /** Model of a fit at its pixels: continuum, and each line term. */
  model(problem: FitProblem, fit: Fit): { continuum: Float64Array; lines: Float64Array[] } {
    const n = problem.pixels.flux.length;
    const nC = problem.continuum.length;
    const continuum = new Float64Array(n);
    problem.continuum.forEach((terms, c) => {
      for (let j = 0; j < n; j++) continuum[j] += fit.linear[c] * terms[j];
    });
    const lines = problem.lines.map((term, k) => {
      const profile = new Float64Array(n);
      const theta = Float64Array.from(problem.groups.flatMap((_, g) => [fit.velocity[g], fit.logSigma[g]]));
      addTerm(term, theta, problem.pixels.edges, fit.linear[nC + k], profile);
      return profile;
    });
    return { continuum, lines };
  }

  /** Whether a line is strong enough for its velocity and width to be told; the basis must be fresh. */
  #isWorthSearching(problem: FitProblem, linear: Float64Array): boolean {
    const { searchFrom = 0, continuum } = problem;
    if (searchFrom === 0) return true;
    const size = linear.length;
    this.#fillGram(size, problem.pixels.ivar, problem.pixels.flux.length);
    this.#addLinearPriors(problem, size);
    const solver = this.#solver(size);
    if (!solver.factor(this.#gram)) return false;
    const inverse = new Float64Array(packedLength(size));
    solver.inverse(inverse);
    for (let k = continuum.length; k < size; k++) {
      if (Math.abs(linear[k]) > searchFrom * Math.sqrt(inverse[diagonalAt(k, size)])) return true;
    }
    return false;
  }

  #addLinearPriors({ continuumPriors }: FitProblem, size: number): void {
    continuumPriors?.forEach((prior, k) => {
      if (prior !== null) this.#gram[diagonalAt(k, size)] += 1 / prior.deviation ** 2;
    });
  }

  #reserve(size: number, n: number): void {
    if (this.#gram.length < packedLength(size)) {
      this.#gram = new Float64Array(packedLength(size));
    }
    if (this.#residual.length < n) {
      this.#residual = new Float64Array(n);
      this.#scratch = new Float64Array(n);
    }
    for (let k = 0; k < size; k++) {
      if ((this.#rows[k]?.length ?? 0) < n) this.#rows[k] = new Float64Array(n);
    }
  }

  #solver(size: number): CholeskySolver {
    const known = this.#solvers.get(size) ?? new CholeskySolver(size);
    this.#solvers.set(size, known);
    return known;
  }

  /** Best `linear` for given velocities and widths; leaves the basis and the residual behind. Returns the objective. */
  #solveLinear(problem: FitProblem, theta: Float64Array, linear: Float64Array): number | null {
    const { pixels, continuum, lines, continuumPriors } = problem;
    const n = pixels.flux.length;
    const size = continuum.length + lines.length;
    const rows = this.#rows;
    for (let k = 0; k < continuum.length; k++) rows[k].set(continuum[k]);
    for (let k = 0; k < lines.length; k++) {
      const row = rows[continuum.length + k];
      row.fill(0, 0, n);
      addTerm(lines[k], theta, pixels.edges, 1, row);
    }
    this.#fillGram(size, pixels.ivar, n);
    for (let k = 0; k < size; k++) linear[k] = weighted(rows[k], pixels.flux, pixels.ivar, n);
    this.#addLinearPriors(problem, size);
    continuumPriors?.forEach((prior, k) => {
      if (prior !== null) linear[k] += prior.mean / prior.deviation ** 2;
    });
    const solver = this.#solver(size);
    if (!solver.factor(this.#gram)) return null;
    solver.solve(linear);
    return this.#residuals(problem, linear) + priorPenalty(problem, theta, linear);
  }

  /** Fills the residual flux − model; returns its χ². */
  #residuals({ pixels }: FitProblem, linear: Float64Array): number {
    const n = pixels.flux.length;
    const residual = this.#residual;
    residual.set(pixels.flux);
    for (let k = 0; k < linear.length; k++) {
      const row = this.#rows[k];
      const factor = linear[k];
      for (let j = 0; j < n; j++) residual[j] -= factor * row[j];
    }
    let chi2 = 0;
    for (let j = 0; j < n; j++) chi2 += residual[j] * residual[j] * pixels.ivar[j];
    return chi2;
  }

  /** Fills the derivative rows and the whole Gram matrix, priors included; `damping` is added to θ's diagonal. */
  #normalMatrix(problem: FitProblem, theta: Float64Array, linear: Float64Array, damping: number): void {
    const { pixels, continuum, lines, groups } = problem;
    const n = pixels.flux.length;
    const first = continuum.length + lines.length;
    const size = first + 2 * groups.length;
    for (let k = first; k < size; k++) this.#rows[k].fill(0, 0, n);
    lines.forEach((term, k) => {
      const at = first + 2 * term.group;
      const flux = linear[continuum.length + k];
      addTerm(term, theta, pixels.edges, flux, this.#scratch, this.#rows[at], this.#rows[at + 1]);
    });
    this.#fillGram(size, pixels.ivar, n);
    this.#addLinearPriors(problem, size);
    groups.forEach(({ velocity, logSigma }, g) => {
      for (const [offset, { deviation }] of [velocity, logSigma].entries()) {
        const at = diagonalAt(first + 2 * g + offset, size);
        this.#gram[at] = (this.#gram[at] + 1 / deviation ** 2) * (1 + damping);
      }
    });
  }

  #step(
    problem: FitProblem,
    theta: Float64Array,
    linear: Float64Array,
    damping: number,
  ): { by: Float64Array; promised: number } | null {
    const first = linear.length;
    const size = first + theta.length;
    this.#normalMatrix(problem, theta, linear, damping);
    const right = new Float64Array(size);
    const { pixels, groups } = problem;
    for (let k = first; k < size; k++) {
      right[k] = weighted(this.#rows[k], this.#residual, pixels.ivar, pixels.flux.length);
      const g = (k - first) >> 1;
      const prior = (k - first) % 2 === 0 ? groups[g].velocity : groups[g].logSigma;
      right[k] += (prior.mean - theta[k - first]) / prior.deviation ** 2;
    }
    const gradient = right.slice(first);
    const solver = this.#solver(size);
    if (!solver.factor(this.#gram)) return null;
    solver.solve(right);
    const by = right.slice(first);
    let promised = 0;
    for (let k = 0; k < by.length; k++) promised += by[k] * gradient[k];
    return { by, promised };
  }

  #conclude(
    problem: FitProblem,
    theta: Float64Array,
    linear: Float64Array,
    objective: number,
    converged: boolean,
  ): Fit | null {
    const size = linear.length + theta.length;
    if (this.#solveLinear(problem, theta, linear) === null) return null;
    const chi2 = this.#residuals(problem, linear);
    this.#normalMatrix(problem, theta, linear, 0);
    const solver = this.#solver(size);
    if (!solver.factor(this.#gram)) return null;
    const packed = new Float64Array(packedLength(size));
    solver.inverse(packed);
    const covariance = new Float64Array(size * size);
    unpack(packed, size, covariance);
    this.#addErrors(problem, covariance, size);
    let used = 0;
    for (const weight of problem.pixels.ivar) if (weight > 0) used++;
    return {
      linear: linear.slice(),
      velocity: theta.filter((_, k) => k % 2 === 0),
      logSigma: theta.filter((_, k) => k % 2 === 1),
      covariance,
      size,
      chi2,
      objective,
      degrees: used - size,
      converged,
    };
  }

  /**
   * Adds what the errors of the continuum do to the parameters: a change δ of the continuum moves them by H⁻¹JᵀWδ, with
   * J the basis and its derivatives and H⁻¹ the covariance.
   */
  #addErrors({ errors, pixels }: FitProblem, covariance: Float64Array, size: number): void {
    if (errors == null) return;
    const { shapes, covariance: between } = errors;
    const count = shapes.length;
    const n = pixels.flux.length;
    const [pull, moves] = [new Float64Array(size * count), new Float64Array(size * count)];
    for (let k = 0; k < size; k++) {
      const own = this.#weightedRow(k, pixels.ivar, n);
      for (let b = 0; b < count; b++) pull[k * count + b] = dot(own, shapes[b], n);
    }
    multiplyInto(covariance, pull, size, size, count, moves);
    const spread = pull;
    multiplyInto(moves, between, size, count, count, spread);
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < size; k++) {
        let added = 0;
        for (let b = 0; b < count; b++) added += spread[i * count + b] * moves[k * count + b];
        covariance[i * size + k] += added;
      }
    }
  }

  #weightedRow(k: number, ivar: Float64Array, n: number): Float64Array {
    const row = this.#rows[k];
    for (let j = 0; j < n; j++) this.#scratch[j] = row[j] * ivar[j];
    return this.#scratch;
  }

  #fillGram(size: number, ivar: Float64Array, n: number): void {
    const gram = this.#gram;
    let at = 0;
    for (let i = 0; i < size; i++) {
      const own = this.#weightedRow(i, ivar, n);
      for (let k = i; k < size; k++) gram[at++] = dot(own, this.#rows[k], n);
    }
    for (let i = 0; i < size; i++) {
      const diagonal = diagonalAt(i, size);
      gram[diagonal] *= 1 + RIDGE;
    }
  }
}
