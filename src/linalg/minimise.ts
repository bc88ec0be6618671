export interface MinimiseOptions {
  /** Evaluations of the objective at most. */
  readonly evaluations: number;
  /** Steps end when one lowers the objective by less than this. */
  readonly tolerance: number;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/** A step must lower the objective by this share of what the slope promises (Armijo's rule). */
const SUFFICIENT = 1e-4;
/** No step moves further than this; parameters should be scaled so that about 1 is far. */
const LONGEST_STEP = 2;

/**
 * A local minimum of a smooth function of a few dozen parameters, by BFGS with backtracking (Nocedal & Wright 2006,
 * algorithm 6.1).
 *
 * @param objective its value at a point, and its gradient there, written; Infinity where the function is not defined
 */
export function minimise(
  objective: (at: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  { evaluations, tolerance }: MinimiseOptions,
): Minimum {
  const curvature = new InverseCurvature(start.length);
  let here = pointAt(objective, start.slice());
  let left = evaluations - 1;
  while (left > 0) {
    const direction = descent(curvature, here.gradient);
    if (direction === null) break;
    const slope = inner(direction, here.gradient);
    let step = Math.min(1, LONGEST_STEP / Math.sqrt(inner(direction, direction)));
    let next: Point | null = null;
    while (left > 0 && next === null) {
      const trial = pointAt(objective, moved(here.at, direction, step));
      left--;
      if (trial.value <= here.value + SUFFICIENT * step * slope) next = trial;
      else step *= shorter(trial.value, here.value, step * slope);
    }
    if (next === null) break;
    curvature.learn(here, next);
    const gained = here.value - next.value;
    here = next;
    if (gained < tolerance) break;
  }
  return { at: here.at, value: here.value, evaluations: evaluations - left };
}

interface Point {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

function pointAt(objective: (at: Float64Array, gradient: Float64Array) => number, at: Float64Array): Point {
  const gradient = new Float64Array(at.length);
  return { at, value: objective(at, gradient), gradient };
}

function moved(at: Float64Array, direction: Float64Array, step: number): Float64Array {
  return at.map((value, i) => value + step * direction[i]);
}

/** A direction that goes down: by the curvature, or where rounding spoilt it the steepest; null at the bottom. */
function descent(curvature: InverseCurvature, gradient: Float64Array): Float64Array | null {
  const direction = curvature.downhill(gradient);
  if (inner(direction, gradient) < 0) return direction;
  curvature.reset();
  const steepest = curvature.downhill(gradient);
  return inner(steepest, gradient) < 0 ? steepest : null;
}

/** Where a parabola through value, slope and the failed trial has its minimum, as a share of the step. */
function shorter(trialValue: number, value: number, slope: number): number {
  const share = -slope / (2 * (trialValue - value - slope));
  return Number.isFinite(share) ? Math.min(0.5, Math.max(0.1, share)) : 0.1;
}

/** The inverse Hessian as steps reveal it, size × size; the identity before the first. */
class InverseCurvature {
  readonly #size: number;
  readonly #matrix: Float64Array;
  #untaught = true;

  constructor(size: number) {
    this.#size = size;
    this.#matrix = new Float64Array(size * size);
    this.reset();
  }

  reset(scale = 1): void {
    this.#matrix.fill(0);
    for (let i = 0; i < this.#size; i++) this.#matrix[i * (this.#size + 1)] = scale;
    this.#untaught = true;
  }

  downhill(gradient: Float64Array): Float64Array {
    return this.#times(gradient).map((value) => -value);
  }

  /** H ← (I − ρsyᵀ) H (I − ρysᵀ) + ρssᵀ with s the step, y the change of the gradient, ρ = 1/yᵀs. */
  learn(from: Point, to: Point): void {
    const n = this.#size;
    const s = to.at.map((value, i) => value - from.at[i]);
    const y = to.gradient.map((value, i) => value - from.gradient[i]);
    const along = inner(s, y);
    // Without positive curvature along the step the matrix would cease to be positive definite.
    if (!(along > 1e-10 * Math.sqrt(inner(s, s) * inner(y, y)))) return;
    if (this.#untaught) this.reset(along / inner(y, y));
    this.#untaught = false;
    const hy = this.#times(y);
    const factor = (1 + inner(y, hy) / along) / along;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        this.#matrix[i * n + j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / along;
      }
    }
  }

  #times(vector: Float64Array): Float64Array {
    const n = this.#size;
    return vector.map((_, i) => inner(this.#matrix.subarray(i * n, (i + 1) * n), vector));
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
