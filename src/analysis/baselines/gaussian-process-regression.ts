/**
 * Exact Gaussian-process regression of one label on K scores, n objects: y = f(x) + e, with f of mean 0 and covariance
 * k(x, x') = a² exp(−½ Σ_k (x_k − x'_k)²/ℓ_k²), and e of variance s² + what each measurement has. In float64.
 */
import { type DenseMatrix, dense, LargeCholesky } from '../../linalg/index.ts';
import type { LabelEstimate } from './baseline.ts';

/** Logarithms, in the order of a vector of parameters: ln a², ln s², ln ℓ_1 … ln ℓ_K. */
export type KernelParameters = Float64Array;

/** Where the lengths begin in such a vector. */
export const LENGTHS = 2;

export interface RegressionData {
  /** n × K */
  readonly scores: DenseMatrix;
  /** Length n. */
  readonly value: Float64Array;
  /** Length n: variance of each measurement. */
  readonly noise: Float64Array;
}

/** Added to the diagonal as a share of a²: what keeps a matrix of near duplicates positive definite. */
const JITTER = 1e-8;

/** Minus the log marginal likelihood of the kernel's parameters, with its gradient (Rasmussen & Williams, eq. 5.8, 5.9). */
export class GaussianProcessEvidence {
  readonly #data: RegressionData;
  readonly #cholesky: LargeCholesky;
  /** n × n: covariance of f, then of y with its diagonal. */
  readonly #covariance: Float64Array;
  readonly #inverse: Float64Array;

  constructor(data: RegressionData) {
    const n = data.value.length;
    this.#data = data;
    this.#cholesky = new LargeCholesky(n);
    this.#covariance = new Float64Array(n * n);
    this.#inverse = new Float64Array(n * n);
  }

  /**
   * @param gradient written, in the order of the parameters
   * @returns Infinity where the covariance is not positive definite
   */
  evaluate(parameters: KernelParameters, gradient: Float64Array): number {
    const { value } = this.#data;
    const n = value.length;
    const excess = Math.exp(parameters[1]);
    const scaled = scaledScores(this.#data.scores, parameters);
    fillCovariance(this.#covariance, scaled, this.#data.noise, parameters);
    if (!this.#cholesky.factor(this.#covariance)) return Number.POSITIVE_INFINITY;
    const solved = value.slice();
    this.#cholesky.solve(solved);
    this.#cholesky.inverse(this.#inverse);
    gradient.fill(0);
    for (let i = 0; i < n; i++) this.#addRow(i, solved, scaled, gradient);
    const amplitude = Math.exp(parameters[0]);
    let fit = 0;
    for (let i = 0; i < n; i++) {
      const curvature = this.#inverse[i * (n + 1)] - solved[i] ** 2;
      gradient[0] += 0.5 * curvature * amplitude * (1 + JITTER);
      gradient[1] += 0.5 * curvature * excess;
      fit += value[i] * solved[i];
    }
    return 0.5 * (fit + this.#cholesky.logDeterminant() + n * Math.log(2 * Math.PI));
  }

  /** Adds ½ tr((C⁻¹ − ααᵀ) ∂C/∂θ) over the pairs of object i with those before it, each pair twice. */
  #addRow(i: number, solved: Float64Array, scaled: DenseMatrix, gradient: Float64Array): void {
    const n = solved.length;
    const { columns, data } = scaled;
    for (let j = 0; j < i; j++) {
      const at = i * n + j;
      const weight = (this.#inverse[at] - solved[i] * solved[j]) * this.#covariance[at];
      gradient[0] += weight;
      for (let k = 0; k < columns; k++) {
        const gap = data[i * columns + k] - data[j * columns + k];
        gradient[LENGTHS + k] += weight * gap * gap;
      }
    }
  }
}

/** Rows predicted at a time, so that their covariances with the training objects stay in the cache. */
const BLOCK = 64;

/** The label at new points, given the training objects and the kernel's parameters (Rasmussen & Williams, eq. 2.25, 2.26). */
export class GaussianProcessPosterior {
  readonly #parameters: KernelParameters;
  readonly #scaled: DenseMatrix;
  readonly #cholesky: LargeCholesky;
  /** C⁻¹ y */
  readonly #solved: Float64Array;

  constructor({ scores, value, noise }: RegressionData, parameters: KernelParameters) {
    const n = value.length;
    this.#parameters = parameters;
    this.#scaled = scaledScores(scores, parameters);
    this.#cholesky = new LargeCholesky(n);
    const covariance = new Float64Array(n * n);
    fillCovariance(covariance, this.#scaled, noise, parameters);
    if (!this.#cholesky.factor(covariance))
      throw new Error('the covariance of a Gaussian process is not positive definite');
    this.#solved = value.slice();
    this.#cholesky.solve(this.#solved);
  }

  /** Mean of f and variance of f + s², the true label. */
  predict(scores: DenseMatrix): LabelEstimate {
    const [amplitude, excess] = [Math.exp(this.#parameters[0]), Math.exp(this.#parameters[1])];
    const scaled = scaledScores(scores, this.#parameters);
    const n = this.#solved.length;
    const mean = new Float64Array(scores.rows);
    const variance = new Float64Array(scores.rows);
    for (let from = 0; from < scores.rows; from += BLOCK) {
      const to = Math.min(from + BLOCK, scores.rows);
      const covariances = new Float64Array((to - from) * n);
      for (let m = from; m < to; m++) {
        for (let i = 0; i < n; i++) {
          const covariance = amplitude * Math.exp(-0.5 * squaredDistance(scaled, m, this.#scaled, i));
          covariances[(m - from) * n + i] = covariance;
          mean[m] += covariance * this.#solved[i];
        }
      }
      this.#cholesky.solveHalf(covariances);
      for (let m = from; m < to; m++) {
        let known = 0;
        for (let at = (m - from) * n; at < (m - from + 1) * n; at++) known += covariances[at] ** 2;
        variance[m] = Math.max(amplitude - known, 0) + excess;
      }
    }
    return { mean, variance };
  }
}

/** x / ℓ */
function scaledScores({ rows, columns, data }: DenseMatrix, parameters: KernelParameters): DenseMatrix {
  const perLength = parameters.subarray(LENGTHS).map((length) => Math.exp(-length));
  return dense(
    rows,
    columns,
    data.map((value, at) => value * perLength[at % columns]),
  );
}

/** The lower triangle of the covariance of y. */
function fillCovariance(
  into: Float64Array,
  scaled: DenseMatrix,
  noise: Float64Array,
  parameters: KernelParameters,
): void {
  const n = noise.length;
  const [amplitude, excess] = [Math.exp(parameters[0]), Math.exp(parameters[1])];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) into[i * n + j] = amplitude * Math.exp(-0.5 * squaredDistance(scaled, i, scaled, j));
    into[i * (n + 1)] = amplitude * (1 + JITTER) + excess + noise[i];
  }
}

function squaredDistance(a: DenseMatrix, i: number, b: DenseMatrix, j: number): number {
  const { columns } = a;
  let sum = 0;
  for (let k = 0; k < columns; k++) {
    const gap = a.data[i * columns + k] - b.data[j * columns + k];
    sum += gap * gap;
  }
  return sum;
}
