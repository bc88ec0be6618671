/**
 * One redshift under refinement: amplitude · (decoded spectrum + polynomial), moved by `shift` pixels, against the data,
 * by Levenberg–Marquardt on all of its parameters together. Its curvature at the minimum gives the error of the
 * redshift with the other parameters free.
 *
 * Parameters: shift (pixels of the grid; ln(1 + z) = shift · step), amplitude, Q latents, polynomial terms.
 */
import { CholeskySolver, packedLength, packedPositions } from '../../linalg/index.ts';
import type { WeightedPixels } from './evidence.ts';
import { cubicSlopes, cubicWeights, weighted } from './interpolation.ts';
import { POLYNOMIAL_SHARE, POLYNOMIAL_TERMS } from './linear-basis.ts';

/** What a candidate must know of the model. */
export interface RefinementModel {
  /** P */
  readonly pixels: number;
  /** Q */
  readonly latents: number;
  /** Mean of the training population, length Q, and inverse of its (widened) covariance, packed. */
  readonly priorMean: Float64Array;
  readonly priorPrecision: Float64Array;
  /** Polynomial terms × P. */
  readonly polynomial: Float64Array;
  /** Lengths of the finite differences, one per latent. */
  readonly differences: Float64Array;
}

const SHIFT = 0;
const AMPLITUDE = 1;
const LATENT = 2;
/** Pixels that one step may move. */
const LONGEST_STEP = 1;
/** Pixels from where it began beyond which a candidate has left its minimum. */
const FARTHEST = 6;
const LARGEST_DAMPING = 1e8;
/** Steps end when they gain less χ² than this, far below what an error bar means. */
const LEAST_GAIN = 0.01;

export class Candidate {
  readonly #data: WeightedPixels;
  readonly #model: RefinementModel;
  readonly #size: number;
  readonly #from: number;
  readonly #end: number;
  readonly #start: number;
  #parameters: Float64Array;
  #trial: Float64Array;
  #cost = Number.POSITIVE_INFINITY;
  #chi2 = 0;
  #normal: Float64Array;
  #slope: Float64Array;
  #damping = 1e-3;
  #settled = false;
  #strayed = false;

  /** @param latent where to begin, length Q */
  constructor(
    data: WeightedPixels,
    model: RefinementModel,
    start: { readonly shift: number; readonly amplitude: number; readonly latent: ArrayLike<number> },
  ) {
    this.#data = data;
    this.#model = model;
    this.#size = LATENT + model.latents + POLYNOMIAL_TERMS;
    this.#parameters = new Float64Array(this.#size);
    this.#parameters[SHIFT] = start.shift;
    this.#parameters[AMPLITUDE] = start.amplitude;
    this.#parameters.set(start.latent, LATENT);
    this.#trial = this.#parameters.slice();
    this.#start = start.shift;
    this.#normal = new Float64Array(packedLength(this.#size));
    this.#slope = new Float64Array(this.#size);
    // The same pixels throughout, whatever part of a pixel the shift moves by.
    const clamped = (i: number) => Math.min(Math.max(i, 0), data.pixels);
    this.#from = clamped(Math.ceil(start.shift - data.offset));
    this.#end = Math.max(this.#from, clamped(Math.floor(start.shift - data.offset + model.pixels - 1) + 1));
  }

  /** Done: converged, or not to be saved. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Left the minimum it was to refine. */
  get strayed(): boolean {
    return this.#strayed;
  }

  get shift(): number {
    return this.#parameters[SHIFT];
  }

  get amplitude(): number {
    return this.#parameters[AMPLITUDE];
  }

  get latent(): Float64Array {
    return this.#parameters.slice(LATENT, LATENT + this.#model.latents);
  }

  /** Coefficients of the polynomial, in units of the amplitude. */
  get polynomial(): Float64Array {
    return this.#parameters.slice(LATENT + this.#model.latents);
  }

  /** Σ w r² over the covered pixels. */
  get chi2(): number {
    return this.#chi2;
  }

  /** χ² with the priors of latents and polynomial, plus what the pixels out of reach cost. */
  get cost(): number {
    return this.#cost + this.outsideCost;
  }

  get outsideCost(): number {
    const { outsideCost, pixels } = this.#data;
    return outsideCost[pixels] - (outsideCost[this.#end] - outsideCost[this.#from]);
  }

  get coveredPixels(): number {
    return this.#data.observed[this.#end] - this.#data.observed[this.#from];
  }

  /** Number of free parameters. */
  get size(): number {
    return this.#size;
  }

  /** Standard deviation of the shift, in pixels, from the curvature; null when it has none. */
  shiftError(): number | null {
    const solver = new CholeskySolver(this.#size);
    if (!solver.factor(this.#normal)) return null;
    const unit = new Float64Array(this.#size);
    unit[SHIFT] = 1;
    solver.solve(unit);
    return unit[SHIFT] > 0 ? Math.sqrt(unit[SHIFT]) : null;
  }

  /** Writes the 1 + 2Q points to decode: the trial latents, and a step to either side along each. */
  writePoints(points: Float32Array, at: number): void {
    const { latents, differences } = this.#model;
    for (let point = 0; point < 1 + 2 * latents; point++) {
      for (let q = 0; q < latents; q++) {
        const moved = point === 1 + 2 * q ? 1 : point === 2 + 2 * q ? -1 : 0;
        points[at + point * latents + q] = this.#trial[LATENT + q] + moved * differences[q];
      }
    }
  }

  /** Takes the trial if it is better, and goes on from what stands. @param decoded the spectra at those points */
  advance(decoded: Float32Array, at: number): void {
    if (this.#settled) return;
    const step = this.#evaluate(decoded, at);
    if (step.cost < this.#cost) {
      this.#settled = this.#cost - step.cost < LEAST_GAIN;
      this.#cost = step.cost;
      this.#chi2 = step.chi2;
      this.#normal = step.normal;
      this.#slope = step.slope;
      this.#parameters = this.#trial;
      this.#damping = Math.max(this.#damping / 10, 1e-9);
    } else {
      this.#damping *= 10;
      if (this.#damping > LARGEST_DAMPING) this.#settled = true;
    }
    if (!this.#settled) this.#try();
  }

  #try(): void {
    const solver = new CholeskySolver(this.#size);
    for (; this.#damping <= LARGEST_DAMPING; this.#damping *= 10) {
      const damped = this.#normal.slice();
      for (let a = 0, at = 0; a < this.#size; at += this.#size - a, a++)
        damped[at] += this.#damping * damped[at] + 1e-12;
      if (!solver.factor(damped)) continue;
      const step = this.#slope.slice();
      solver.solve(step);
      const shorten = Math.min(1, LONGEST_STEP / Math.max(Math.abs(step[SHIFT]), 1e-30));
      this.#trial = this.#parameters.map((value, a) => value + shorten * step[a]);
      if (!(this.#trial[AMPLITUDE] > 0)) continue;
      if (Math.abs(this.#trial[SHIFT] - this.#start) > FARTHEST) break;
      return;
    }
    this.#settled = true;
    this.#strayed = this.#damping <= LARGEST_DAMPING;
  }

  /** χ² and its quadratic model about the trial parameters. */
  #evaluate(decoded: Float32Array, at: number) {
    const { flux, weight, offset } = this.#data;
    const { latents, pixels, polynomial, differences } = this.#model;
    const size = this.#size;
    const normal = new Float64Array(packedLength(size));
    const slope = new Float64Array(size);
    const gradient = new Float64Array(size);
    const value = new Float64Array(4);
    const derivative = new Float64Array(4);
    const amplitude = this.#trial[AMPLITUDE];
    const first = LATENT + latents;
    let chi2 = 0;
    for (let i = this.#from; i < this.#end; i++) {
      if (!(weight[i] > 0)) continue;
      const position = i + offset - this.#trial[SHIFT];
      const whole = Math.floor(position);
      cubicWeights(position - whole, value);
      cubicSlopes(position - whole, derivative);
      let shape = weighted(decoded, at, pixels, whole, value);
      let moving = weighted(decoded, at, pixels, whole, derivative);
      for (let k = 0; k < POLYNOMIAL_TERMS; k++) {
        const term = weighted(polynomial, k * pixels, pixels, whole, value);
        shape += this.#trial[first + k] * term;
        moving += this.#trial[first + k] * weighted(polynomial, k * pixels, pixels, whole, derivative);
        gradient[first + k] = amplitude * term;
      }
      gradient[SHIFT] = -amplitude * moving;
      gradient[AMPLITUDE] = shape;
      for (let q = 0; q < latents; q++) {
        const plus = weighted(decoded, at + (1 + 2 * q) * pixels, pixels, whole, value);
        const minus = weighted(decoded, at + (2 + 2 * q) * pixels, pixels, whole, value);
        gradient[LATENT + q] = (amplitude * (plus - minus)) / (2 * differences[q]);
      }
      const residual = flux[i] - amplitude * shape;
      chi2 += weight[i] * residual * residual;
      for (let a = 0, place = 0; a < size; a++) {
        const pull = weight[i] * gradient[a];
        slope[a] += pull * residual;
        for (let b = a; b < size; b++) normal[place++] += pull * gradient[b];
      }
    }
    const prior = this.#addPrior(normal, slope);
    return { cost: chi2 + prior, chi2, normal, slope };
  }

  #addPrior(normal: Float64Array, slope: Float64Array): number {
    const { latents, priorMean, priorPrecision } = this.#model;
    const size = this.#size;
    let cost = 0;
    const places = packedPositions(size);
    const place = (a: number, b: number) => places[a * size + b];
    for (let q = 0, at = 0; q < latents; q++) {
      for (let r = q; r < latents; r++, at++) {
        const [u, v] = [this.#trial[LATENT + q] - priorMean[q], this.#trial[LATENT + r] - priorMean[r]];
        const precision = priorPrecision[at];
        normal[place(LATENT + q, LATENT + r)] += precision;
        slope[LATENT + q] -= precision * v;
        if (r > q) slope[LATENT + r] -= precision * u;
        cost += (r > q ? 2 : 1) * precision * u * v;
      }
    }
    for (let k = LATENT + latents; k < size; k++) {
      const precision = 1 / POLYNOMIAL_SHARE ** 2;
      normal[place(k, k)] += precision;
      slope[k] -= precision * this.#trial[k];
      cost += precision * this.#trial[k] ** 2;
    }
    return cost;
  }
}
