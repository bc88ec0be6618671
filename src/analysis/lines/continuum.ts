import { type Matrix, row } from '../../base/index.ts';
import { CholeskySolver, dense, packedLength, symmetricEigen } from '../../linalg/index.ts';
import type { StarlightUncertainty } from './line-spectrum.ts';
import { unpack } from './normal-matrix.ts';

/**
 * What stars (and the continuum of a nucleus) may look like: K orthonormal spectra on the grid of the dataset and how
 * far each is used. Found as the principal components, about zero, of example spectra without emission lines.
 */
export interface ContinuumBasis {
  /** K × P. */
  readonly components: Matrix;
  /** Length K: mean square coefficient among the examples, which have mean flux 1. */
  readonly power: Float64Array;
}

/** Beyond fourteen components the examples are described to 0.1%. */
const COMPONENTS = 14;

/** @param examples spectra of mean 1, n × P */
export function continuumBasis(examples: Matrix, components = COMPONENTS): ContinuumBasis {
  const { rows: n, columns: pixels } = examples;
  // n is smaller than P: the Gram matrix of the examples has the same eigenvalues as that of the pixels.
  const gram = dense(n, n);
  for (let i = 0; i < n; i++) {
    for (let k = i; k < n; k++) {
      const [a, b] = [row(examples, i), row(examples, k)];
      let sum = 0;
      for (let j = 0; j < pixels; j++) sum += a[j] * b[j];
      gram.data[i * n + k] = sum;
      gram.data[k * n + i] = sum;
    }
  }
  const { values, vectors } = symmetricEigen(gram);
  const kept = Math.min(components, n);
  const found = { rows: kept, columns: pixels, data: new Float32Array(kept * pixels) };
  for (let k = 0; k < kept; k++) {
    const into = row(found, k);
    const sum = new Float64Array(pixels);
    for (let i = 0; i < n; i++) {
      const factor = vectors.data[k * n + i] / Math.sqrt(values[k]);
      const example = row(examples, i);
      for (let j = 0; j < pixels; j++) sum[j] += factor * example[j];
    }
    into.set(sum);
  }
  return { components: found, power: values.slice(0, kept).map((value) => value / n) };
}

/** Wider than the examples are spread, so that data decide wherever they can. */
const PRIOR_WIDENING = 9;
/** Beyond this S/N a pixel says more than the templates know. */
const SIGNAL_TO_NOISE_CAP = 40;
/** Pixels off by so many σ are left out of the next fit: emission lines nobody listed, bad pixels. */
const CLIP = 4;
const PASSES = 3;

/** Fits a continuum to spectra, one after the other; `covariance` is that of the last one's coefficients. */
export class ContinuumFitter implements StarlightUncertainty {
  readonly components: Matrix;
  readonly covariance: Float64Array;
  readonly #basis: ContinuumBasis;
  readonly #solver: CholeskySolver;
  readonly #gram: Float64Array;
  readonly #inverse: Float64Array;
  readonly #right: Float64Array;
  readonly #coefficients: Float64Array;
  readonly #weights: Float64Array;
  readonly #scratch: Float64Array;
  readonly #components: readonly Float64Array[];

  constructor(basis: ContinuumBasis) {
    const { rows, columns } = basis.components;
    this.#basis = basis;
    this.components = basis.components;
    this.covariance = new Float64Array(rows * rows);
    this.#solver = new CholeskySolver(rows);
    this.#gram = new Float64Array(packedLength(rows));
    this.#inverse = new Float64Array(packedLength(rows));
    this.#right = new Float64Array(rows);
    this.#coefficients = new Float64Array(rows);
    this.#weights = new Float64Array(columns);
    this.#scratch = new Float64Array(columns);
    this.#components = Array.from({ length: rows }, (_, k) => Float64Array.from(row(basis.components, k)));
  }

  /**
   * Writes the continuum of one spectrum.
   *
   * @param line length P; 1 where an emission line may stand
   * @param into length P
   * @returns false when too little is observed; `into` is then zero
   */
  fit(flux: Float32Array, ivar: Float32Array, line: Uint8Array, into: Float64Array): boolean {
    const weights = this.#weights;
    let mean = 0;
    let used = 0;
    for (let j = 0; j < flux.length; j++) {
      // Where the templates end, all components are zero.
      weights[j] = line[j] === 0 && this.components.data[j] !== 0 ? ivar[j] : 0;
      if (weights[j] === 0) continue;
      mean += flux[j];
      used++;
    }
    into.fill(0);
    if (used < 4 * this.#solver.size || !(mean > 0)) return false;
    mean /= used;
    const cap = (SIGNAL_TO_NOISE_CAP / mean) ** 2;
    for (let j = 0; j < flux.length; j++) weights[j] = Math.min(weights[j], cap);
    this.#gather(flux, mean);
    for (let pass = 0; pass < PASSES; pass++) {
      if (!this.#solve(into)) return false;
      if (!this.#clip(flux, into)) break;
    }
    this.#solver.inverse(this.#inverse);
    unpack(this.#inverse, this.components.rows, this.covariance);
    return true;
  }

  /** Takes pixels that are far off out of the normal equations; whether there were any. */
  #clip(flux: Float32Array, fitted: Float64Array): boolean {
    const weights = this.#weights;
    const basis = this.#components;
    const size = this.#solver.size;
    let clipped = false;
    for (let j = 0; j < flux.length; j++) {
      const off = flux[j] - fitted[j];
      const weight = weights[j];
      if (off * off * weight <= CLIP * CLIP) continue;
      weights[j] = 0;
      clipped = true;
      let at = 0;
      for (let i = 0; i < size; i++) {
        const own = weight * basis[i][j];
        for (let k = i; k < size; k++) this.#gram[at++] -= own * basis[k][j];
        this.#right[i] -= own * flux[j];
      }
    }
    return clipped;
  }

  /** The normal equations of the weighted fit with its prior. */
  #gather(flux: Float32Array, scale: number): void {
    const basis = this.#components;
    const weights = this.#weights;
    const own = this.#scratch;
    let at = 0;
    for (let i = 0; i < basis.length; i++) {
      for (let j = 0; j < own.length; j++) own[j] = basis[i][j] * weights[j];
      for (let k = i; k < basis.length; k++) {
        const other = basis[k];
        let sum = k === i ? 1 / (PRIOR_WIDENING * this.#basis.power[i] * scale * scale) : 0;
        for (let j = 0; j < own.length; j++) sum += own[j] * other[j];
        this.#gram[at++] = sum;
      }
      let sum = 0;
      for (let j = 0; j < own.length; j++) sum += own[j] * flux[j];
      this.#right[i] = sum;
    }
  }

  #solve(into: Float64Array): boolean {
    if (!this.#solver.factor(this.#gram)) return false;
    this.#coefficients.set(this.#right);
    this.#solver.solve(this.#coefficients);
    into.fill(0);
    this.#components.forEach((component, i) => {
      const factor = this.#coefficients[i];
      for (let j = 0; j < into.length; j++) into[j] += factor * component[j];
    });
    return true;
  }
}
