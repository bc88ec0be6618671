/**
 * χ² of a linear model at every redshift at once. On pixels evenly spaced in ln λ a redshift is a shift, so the normal
 * equations of weighted least squares at shift t,
 *
 *     A_ab(t) = Σ_m w[m+t] B_a[m] B_b[m],     b_a(t) = Σ_m w[m+t] f[m+t] B_a[m],
 *
 * are correlations of the weights w with the M(M+1)/2 products of basis vectors, and of w f with the M vectors: each is
 * one Fourier transform back, and two of them go through one complex transform (redrock, Bailey et al., solves them
 * redshift by redshift). Shifts between whole pixels come from a basis moved by a part of a pixel.
 */
import { CholeskySolver, packedIndices, packedLength } from '../../linalg/index.ts';
import type { WeightedPixels } from './evidence.ts';
import { FourierTransform } from './fourier.ts';
import { cubicWeights, weighted } from './interpolation.ts';
import type { LinearBasis } from './linear-basis.ts';

/** Steps of the scan within one pixel. */
const PHASES = 3;

/** One redshift each, rising. */
export interface Scan {
  readonly z: Float64Array;
  /** What all pixels cost there: χ² and prior of the best linear model where it reaches, the continuum elsewhere. */
  readonly cost: Float64Array;
  /** Amplitude of the mean spectrum, in units of the pixels' flux; not positive = no model of positive flux fits. */
  readonly amplitude: Float64Array;
  /** Observed pixels within the model's reach. */
  readonly covered: Float64Array;
  /** Cost of the continuum alone, over all pixels. */
  readonly continuumCost: number;
}

export interface ScanRange {
  readonly zmin: number;
  readonly zmax: number;
  /** Fewest observed pixels within the model's reach. */
  readonly minimumPixels: number;
}

interface Phase {
  /** The basis moved by `fraction` of a pixel to the red; M rows of P + 1 pixels. */
  readonly fraction: number;
  /** Pixels of those rows that lie within the grid: from … end − 1. */
  readonly from: number;
  readonly end: number;
  readonly rows: Float64Array;
  /** Transforms of products and vectors, two to a complex series, by length of the transform. */
  readonly spectra: Map<number, Spectra>;
}

interface Spectra {
  readonly products: readonly Series[];
  readonly vectors: readonly Series[];
}

interface Series {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export class RedshiftScanner {
  readonly #basis: LinearBasis;
  readonly #phases: readonly Phase[];
  readonly #transforms = new Map<number, FourierTransform>();
  readonly #solver: CholeskySolver;

  constructor(basis: LinearBasis) {
    this.#basis = basis;
    this.#phases = Array.from({ length: PHASES }, (_, j) => phaseOf(basis, j / PHASES));
    this.#solver = new CholeskySolver(basis.vectors.rows);
  }

  /** The scan over the shifts within `range`; empty when the model nowhere reaches enough observed pixels. */
  scan(data: WeightedPixels, range: ScanRange): Scan {
    const shifts = this.#shifts(data, range);
    const z: number[] = [];
    const cost: number[] = [];
    const amplitude: number[] = [];
    const covered: number[] = [];
    const total = data.outsideCost[data.pixels];
    if (shifts.last >= shifts.first) {
      const work = this.#workspace(data, range.minimumPixels);
      const perPhase = this.#phases.map((phase) => this.#correlate(phase, work));
      for (let shift = shifts.first; shift <= shifts.last; shift++) {
        for (const [j, phase] of this.#phases.entries()) {
          const redshift = Math.exp((shift + phase.fraction) * data.step) - 1;
          const reach = reachAt(data, phase, shift);
          if (redshift < range.zmin || redshift > range.zmax || reach.observed < range.minimumPixels) continue;
          const fitted = this.#solve(perPhase[j], wrapped(shift - data.offset, work.length));
          const within = data.energy[reach.end] - data.energy[reach.from] - fitted.explained;
          const outside = total - (data.outsideCost[reach.end] - data.outsideCost[reach.from]);
          z.push(redshift);
          cost.push(fitted.amplitude > 0 ? within + outside : Math.max(within + outside, total));
          amplitude.push(fitted.amplitude);
          covered.push(reach.observed);
        }
      }
    }
    return {
      z: Float64Array.from(z),
      cost: Float64Array.from(cost),
      amplitude: Float64Array.from(amplitude),
      covered: Float64Array.from(covered),
      continuumCost: total,
    };
  }

  /** Whole-pixel shifts t, ln(1 + z) = t · step, at which model and data can overlap enough. */
  #shifts(data: WeightedPixels, { zmin, zmax, minimumPixels }: ScanRange): { first: number; last: number } {
    const { pixels } = this.#basis;
    const lowest = data.offset - pixels + minimumPixels;
    const highest = data.offset + data.pixels - minimumPixels;
    return {
      first: Math.max(Math.floor(Math.log1p(Math.max(zmin, -0.999)) / data.step) - 1, lowest),
      last: Math.min(Math.ceil(Math.log1p(zmax) / data.step) + 1, highest),
    };
  }

  /** Transforms of w and w f, long enough that shifts which overlap by `minimumPixels` do not wrap into others. */
  #workspace(data: WeightedPixels, minimumPixels: number): Workspace {
    const needed = Math.max(data.pixels + this.#basis.pixels + 1 - minimumPixels, data.pixels, this.#basis.pixels + 1);
    const length = 2 ** Math.ceil(Math.log2(needed));
    let transform = this.#transforms.get(length);
    if (transform === undefined) {
      transform = new FourierTransform(length);
      this.#transforms.set(length, transform);
    }
    const weight = series(length);
    const flux = series(length);
    weight.real.set(data.weight);
    for (let i = 0; i < data.pixels; i++) flux.real[i] = data.weight[i] * data.flux[i];
    transform.forward(weight.real, weight.imaginary);
    transform.forward(flux.real, flux.imaginary);
    return { length, transform, weight, flux };
  }

  /** Normal equations at every shift: M(M+1)/2 and M rows of `length` numbers, shift t at place t modulo length. */
  #correlate(phase: Phase, work: Workspace): Correlations {
    const { length, transform } = work;
    const size = this.#basis.vectors.rows;
    const spectra = this.#spectraOf(phase, transform);
    const matrix = new Float64Array(2 * spectra.products.length * length);
    const vector = new Float64Array(2 * spectra.vectors.length * length);
    correlateAll(spectra.products, work.weight, transform, matrix);
    correlateAll(spectra.vectors, work.flux, transform, vector);
    return { length, size, matrix, vector };
  }

  #spectraOf(phase: Phase, transform: FourierTransform): Spectra {
    const known = phase.spectra.get(transform.length);
    if (known !== undefined) return known;
    const size = this.#basis.vectors.rows;
    const stride = this.#basis.pixels + 1;
    const { rows: first, columns: second } = packedIndices(size);
    const vectorOf = (a: number) => phase.rows.subarray(a * stride, (a + 1) * stride);
    const products = Array.from({ length: packedLength(size) }, (_, ab) => {
      const [u, v] = [vectorOf(first[ab]), vectorOf(second[ab])];
      return u.map((value, m) => value * v[m]);
    });
    const vectors = Array.from({ length: size }, (_, a) => vectorOf(a));
    const spectra = { products: inPairs(products, transform), vectors: inPairs(vectors, transform) };
    phase.spectra.set(transform.length, spectra);
    return spectra;
  }

  /** (A + R)⁻¹ b at one place, R the prior's precision in units of the amplitude, and how much of f² w it explains. */
  #solve({ length, size, matrix, vector }: Correlations, place: number): { explained: number; amplitude: number } {
    const packed = SCRATCH.packed(packedLength(size));
    const solution = SCRATCH.solution(size);
    for (let ab = 0; ab < packed.length; ab++) packed[ab] = matrix[ab * length + place];
    for (let a = 0; a < size; a++) solution[a] = vector[a * length + place];
    // The mean spectrum alone says how bright the object is.
    const brightness = packed[0] > 0 ? solution[0] / packed[0] : 0;
    if (!(brightness > 0)) return { explained: 0, amplitude: 0 };
    const right = Float64Array.from(solution);
    for (let a = 0, at = 0; a < size; at += size - a, a++) {
      packed[at] += this.#basis.priorPrecision[a] / brightness ** 2;
    }
    if (!this.#solver.factor(packed)) return { explained: 0, amplitude: 0 };
    this.#solver.solve(solution);
    let explained = 0;
    for (let a = 0; a < size; a++) explained += right[a] * solution[a];
    return { explained, amplitude: solution[0] };
  }
}

/** Transforms of w and w f. */
interface Workspace {
  readonly length: number;
  readonly transform: FourierTransform;
  readonly weight: Series;
  readonly flux: Series;
}

interface Correlations {
  readonly length: number;
  readonly size: number;
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
}

/** Arrays used again at every redshift. */
const SCRATCH = {
  packed: reused(),
  solution: reused(),
};

function reused(): (length: number) => Float64Array {
  let held = new Float64Array(0);
  return (length) => {
    if (held.length !== length) held = new Float64Array(length);
    return held;
  };
}

/** The first and the one-past-last pixel of the data within the model's reach, and how many of them were observed. */
function reachAt(data: WeightedPixels, phase: Phase, shift: number): { from: number; end: number; observed: number } {
  const clamped = (i: number) => Math.min(Math.max(i, 0), data.pixels);
  const from = clamped(phase.from + shift - data.offset);
  const end = Math.max(from, clamped(phase.end + shift - data.offset));
  return { from, end, observed: data.observed[end] - data.observed[from] };
}

function phaseOf({ vectors, pixels }: LinearBasis, fraction: number): Phase {
  const stride = pixels + 1;
  const rows = new Float64Array(vectors.rows * stride);
  const from = fraction === 0 ? 0 : 1;
  const end = pixels;
  const weights = new Float64Array(4);
  for (let m = from; m < end; m++) {
    const position = m - fraction;
    const whole = Math.floor(position);
    cubicWeights(position - whole, weights);
    for (let a = 0; a < vectors.rows; a++) {
      rows[a * stride + m] = weighted(vectors.data, a * pixels, pixels, whole, weights);
    }
  }
  return { fraction, from, end, rows, spectra: new Map() };
}

function series(length: number): Series {
  return { real: new Float64Array(length), imaginary: new Float64Array(length) };
}

/** Y(−f) of y = first + i · second for each pair of rows; the last may stand alone. */
function inPairs(rows: readonly Float64Array[], transform: FourierTransform): Series[] {
  const pairs: Series[] = [];
  for (let k = 0; k < rows.length; k += 2) {
    const pair = series(transform.length);
    pair.real.set(rows[k]);
    if (k + 1 < rows.length) pair.imaginary.set(rows[k + 1]);
    transform.backward(pair.real, pair.imaginary);
    pairs.push(pair);
  }
  return pairs;
}

/** Σ_m x[m + t] y[m] for every pair, its first to row 2k of `into` and its second to row 2k + 1. */
function correlateAll(pairs: readonly Series[], x: Series, transform: FourierTransform, into: Float64Array): void {
  const n = transform.length;
  pairs.forEach((pair, k) => {
    const real = into.subarray(2 * k * n, (2 * k + 1) * n);
    const imaginary = into.subarray((2 * k + 1) * n, (2 * k + 2) * n);
    for (let f = 0; f < n; f++) {
      real[f] = (x.real[f] * pair.real[f] - x.imaginary[f] * pair.imaginary[f]) / n;
      imaginary[f] = (x.real[f] * pair.imaginary[f] + x.imaginary[f] * pair.real[f]) / n;
    }
    transform.backward(real, imaginary);
  });
}

function wrapped(shift: number, length: number): number {
  return ((shift % length) + length) % length;
}
