import { type Matrix, row } from '../../base/index.ts';
import type { Baseline } from './baseline.ts';
import { predictionCost, withHeldOutScatter } from './held-out-scatter.ts';

/** Components at most: spectra of noise have no more to tell of one label. */
const MOST_COMPONENTS = 25;

/** Partial least squares of one label on the filled spectra, every pixel scaled to variance 1 (PLS1, as scikit-learn). */
export const partialLeastSquares: Baseline = {
  name: 'pls',
  title: 'PLS',
  mostObjects: Number.POSITIVE_INFINITY,
  fit(train, valid) {
    const most = Math.min(MOST_COMPONENTS, train.value.length - 2, train.features.filled.columns);
    const fits = plsCoefficients(train.features.filled, train.value, most).map((coefficients) => {
      const estimate = withHeldOutScatter(linearPrediction(valid.features.filled, coefficients), valid);
      return { coefficients, scatter: estimate.scatter, cost: predictionCost(estimate, valid) };
    });
    const best = fits.reduce((found, fit) => (fit.cost < found.cost ? fit : found));
    return {
      chosen: { components: fits.indexOf(best) },
      predict: ({ filled }) => ({
        mean: linearPrediction(filled, best.coefficients),
        variance: new Float64Array(filled.rows).fill(best.scatter),
      }),
    };
  },
};

/** A linear function of the pixels. */
export interface LinearCoefficients {
  /** Length P. */
  readonly slope: Float64Array;
  readonly intercept: number;
}

/**
 * Partial least squares of a label on spectra for 0, 1, … `most` components, by the kernel algorithm of Dayal & MacGregor
 * (1997, algorithm 1): the covariances of pixels and label are deflated, never the spectra. The coefficients are those
 * of NIPALS.
 *
 * @param spectra N × P
 * @param value length N
 * @returns a fit for each number of components, fewer than asked for when nothing is left to fit
 */
export function plsCoefficients(spectra: Matrix, value: Float64Array, most: number): LinearCoefficients[] {
  const { centre, scale } = pixelMoments(spectra);
  const mean = value.reduce((sum, y) => sum + y, 0) / value.length;
  const perScale = scale.map((s) => 1 / s);
  // X̃ᵀ(y − ȳ) with X̃ = (X − centre) / scale.
  const covariance = weightedSum(
    spectra,
    value.map((y) => y - mean),
  ).map((sum, p) => sum * perScale[p]);
  const start = norm(covariance);
  const slope = new Float64Array(spectra.columns);
  const fits = [linear(slope, centre, mean)];
  const loadings: Float64Array[] = [];
  const rotations: Float64Array[] = [];
  for (let a = 0; a < most; a++) {
    const length = norm(covariance);
    if (!(length > 1e-9 * start)) break;
    const rotation = covariance.map((c) => c / length);
    const weight = rotation.slice();
    loadings.forEach((loading, j) => {
      addScaled(rotation, rotations[j], -inner(loading, weight));
    });
    const scores = centredProjection(spectra, rotation, perScale, centre);
    const square = inner(scores, scores);
    if (!(square > 0)) break;
    const loading = weightedSum(spectra, scores).map((sum, p) => (sum * perScale[p]) / square);
    const labelLoading = inner(rotation, covariance) / square;
    addScaled(covariance, loading, -labelLoading * square);
    for (let p = 0; p < slope.length; p++) slope[p] += rotation[p] * perScale[p] * labelLoading;
    loadings.push(loading);
    rotations.push(rotation);
    fits.push(linear(slope, centre, mean));
  }
  return fits;
}

function linear(slope: Float64Array, centre: Float64Array, mean: number): LinearCoefficients {
  return { slope: slope.slice(), intercept: mean - inner(slope, centre) };
}

/** Mean and standard deviation of every pixel; 1 where all spectra have the same flux. */
function pixelMoments(spectra: Matrix): { centre: Float64Array; scale: Float64Array } {
  const { rows, columns } = spectra;
  const centre = new Float64Array(columns);
  const square = new Float64Array(columns);
  for (let n = 0; n < rows; n++) addScaled(centre, row(spectra, n), 1 / rows);
  for (let n = 0; n < rows; n++) {
    const flux = row(spectra, n);
    for (let p = 0; p < columns; p++) square[p] += (flux[p] - centre[p]) ** 2;
  }
  // Float32 flux that is the same but for rounding has no scatter to scale by.
  const least = (p: number) => 1e-12 * centre[p] ** 2;
  const scale = square.map((sum, p) => (sum / (rows - 1) > least(p) ? Math.sqrt(sum / (rows - 1)) : 1));
  return { centre, scale };
}

/** Σ_n factor_n x_n: length P. The factors sum to zero, so that the spectra's mean does not matter. */
function weightedSum(spectra: Matrix, factor: Float64Array): Float64Array {
  const sum = new Float64Array(spectra.columns);
  for (let n = 0; n < spectra.rows; n++) addScaled(sum, row(spectra, n), factor[n]);
  return sum;
}

/** ((x − centre) / scale) · rotation for every spectrum. */
function centredProjection(
  spectra: Matrix,
  rotation: Float64Array,
  perScale: Float64Array,
  centre: Float64Array,
): Float64Array {
  const along = rotation.map((r, p) => r * perScale[p]);
  const offset = inner(centre, along);
  return Float64Array.from({ length: spectra.rows }, (_, n) => inner(row(spectra, n), along) - offset);
}

function linearPrediction(spectra: Matrix, { slope, intercept }: LinearCoefficients): Float64Array {
  return Float64Array.from({ length: spectra.rows }, (_, n) => intercept + inner(row(spectra, n), slope));
}

function inner(a: Float32Array | Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(inner(a, a));
}

function addScaled(into: Float64Array, from: Float32Array | Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i] += factor * from[i];
}
