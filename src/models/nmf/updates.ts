import { packedLength, packedPositions } from '../../linalg/index.ts';

/**
 * Many small problems of one size: minimise ½ xᵀGx − bᵀx over x ≥ 0, each known by its G and by what it falls by at the
 * x where it stands.
 */
export interface ProblemStack {
  /** Unknowns of each problem, K. */
  readonly size: number;
  readonly count: number;
  /** How every array lies: problem by problem (count × K), or unknown by unknown (K × count). */
  readonly order: 'problems' | 'unknowns';
  /** G ≥ 0, packed. */
  readonly gram: Float32Array | Float64Array;
  /** b − Gx at the x given. */
  readonly slope: Float32Array | Float64Array;
  /** What the shift of Green & Bailey adds to numerator and denominator; only `shift` needs it. */
  readonly lift?: Float32Array | Float64Array;
}

/** One problem of a stack; the arrays are overwritten from problem to problem. */
interface Problem {
  readonly size: number;
  /** K × K */
  readonly gram: Float64Array;
  readonly slope: Float64Array;
  readonly lift: Float64Array;
  readonly x: Float64Array;
}

/** Moves x so that the objective never rises and x stays non-negative. */
export type UpdateRule = (problem: Problem) => void;

/** Sweeps of coordinate descent at most; what they leave, the next pass takes up. */
const SWEEPS = 60;
/** Sweeps end when the best step of one gains less than this share of the best step of the first. */
const SETTLED = 1e-7;

/**
 * `blocks`: coordinate descent to the minimum, each coordinate exactly (HALS: Cichocki & Phan 2009; for weights that
 * differ from pixel to pixel every spectrum and every pixel has a G of its own). The data's sign does not matter.
 */
function descend({ size, gram, slope, x }: Problem): void {
  let first = 0;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let best = 0;
    for (let k = 0; k < size; k++) {
      const curvature = gram[k * size + k];
      if (!(curvature > 0)) continue;
      const step = Math.max(slope[k] / curvature, -x[k]);
      if (step === 0) continue;
      x[k] += step;
      best = Math.max(best, step * step * curvature);
      for (let j = 0; j < size; j++) slope[j] -= gram[k * size + j] * step;
    }
    if (sweep === 0) first = best;
    if (best <= SETTLED * first) return;
  }
}

/**
 * `nearly` (Green & Bailey 2024): x ← x ∘ b⁺ / (Gx + b⁻). With a bound of xᵀGx from Lee & Seung and
 * b⁻x ≤ b⁻ (x² + x₀²) / 2x₀ it never raises the objective, and noise-negative data need neither clipping nor a shift.
 */
function multiplyNearly({ size, gram, slope, x }: Problem): void {
  const along = products(gram, x, size);
  for (let k = 0; k < size; k++) {
    const b = slope[k] + along[k];
    const denominator = along[k] + Math.max(-b, 0);
    if (denominator > 0) x[k] *= Math.max(b, 0) / denominator;
  }
}

/** `shift` (Green & Bailey 2024): data and model both raised until no datum is negative, x ← x ∘ (b + l) / (Gx + l). */
function multiplyShifted({ size, gram, slope, lift, x }: Problem): void {
  const along = products(gram, x, size);
  for (let k = 0; k < size; k++) {
    const denominator = along[k] + lift[k];
    if (denominator > 0) x[k] *= Math.max(slope[k] + denominator, 0) / denominator;
  }
}

export const UPDATE_RULES = { blocks: descend, nearly: multiplyNearly, shift: multiplyShifted } as const;

export type UpdateName = keyof typeof UPDATE_RULES;

function products(gram: Float64Array, x: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    for (let j = 0; j < size; j++) result[k] += gram[k * size + j] * x[j];
  }
  return result;
}

/** Applies a rule to every problem of a stack; `x` lies as the stack does and is overwritten. */
export function applyRule(rule: UpdateRule, stack: ProblemStack, x: Float32Array): void {
  const { size, count, order } = stack;
  const inProblems = order === 'problems';
  const problem: Problem = {
    size,
    gram: new Float64Array(size * size),
    slope: new Float64Array(size),
    lift: new Float64Array(size),
    x: new Float64Array(size),
  };
  const positions = packedPositions(size);
  const step = inProblems ? 1 : count;
  for (let i = 0; i < count; i++) {
    const from = inProblems ? i * size : i;
    const gramFrom = inProblems ? i * packedLength(size) : i;
    for (let at = 0; at < positions.length; at++) problem.gram[at] = stack.gram[gramFrom + positions[at] * step];
    for (let k = 0; k < size; k++) {
      problem.slope[k] = stack.slope[from + k * step];
      problem.lift[k] = stack.lift === undefined ? 0 : stack.lift[from + k * step];
      problem.x[k] = x[from + k * step];
    }
    rule(problem);
    for (let k = 0; k < size; k++) x[from + k * step] = problem.x[k];
  }
}
