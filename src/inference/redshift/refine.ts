import { type Matrix, row, zeros } from '../../base/index.ts';
import { CholeskySolver, packedLength, packedPositions } from '../../linalg/index.ts';
import type { OpenRun } from '../open-run.ts';
import { Candidate, type RefinementModel } from './candidate.ts';
import type { WeightedPixels } from './evidence.ts';
import { cubicWeights, weighted } from './interpolation.ts';
import { type LinearBasis, POLYNOMIAL_TERMS } from './linear-basis.ts';

const MOST_STEPS = 25;
/** As in the linear scan: standard deviations of the population that count as one. */
const PRIOR_WIDTH = 2;
/** Finite differences, in standard deviations of the population. */
const DIFFERENCE = 0.05;
/** Decoded training spectra that a candidate may begin from. */
const MOST_ARCHETYPES = 200;

/** What refinement needs of a run, once for all spectra. */
export function refinementModel(basis: LinearBasis): RefinementModel {
  const { latents, vectors, pixels } = basis;
  const { mean, covariance } = moments(latents);
  const places = packedPositions(mean.length);
  const spread = mean.map((_, q) => Math.sqrt(covariance[places[q * (mean.length + 1)]]));
  const solver = new CholeskySolver(mean.length);
  const precision = new Float64Array(covariance.length);
  if (!solver.factor(covariance)) throw new RangeError('the covariance of training latents is not positive definite');
  solver.inverse(precision);
  return {
    pixels,
    latents: mean.length,
    priorMean: mean,
    priorPrecision: precision.map((value) => value / PRIOR_WIDTH ** 2),
    polynomial: vectors.data.slice((vectors.rows - POLYNOMIAL_TERMS) * pixels),
    differences: spread.map((value) => DIFFERENCE * value),
  };
}

/**
 * Refines candidates side by side: all their spectra are decoded in one call a step.
 *
 * @param shifts where to begin, in pixels of the grid
 */
export async function refine(
  run: OpenRun,
  basis: LinearBasis,
  model: RefinementModel,
  data: WeightedPixels,
  shifts: readonly number[],
): Promise<Candidate[]> {
  const candidates = shifts.map((shift) => new Candidate(data, model, bestArchetype(basis, data, shift)));
  const pointsEach = 1 + 2 * model.latents;
  for (let step = 0; step < MOST_STEPS; step++) {
    const open = candidates.filter(({ settled }) => !settled);
    if (open.length === 0) break;
    const points = zeros(open.length * pointsEach, model.latents);
    open.forEach((candidate, n) => {
      candidate.writePoints(points.data, n * pointsEach * model.latents);
    });
    const { mean } = await run.decode(points);
    open.forEach((candidate, n) => {
      candidate.advance(mean.data, n * pointsEach * model.pixels);
    });
  }
  return candidates;
}

/** The decoded training spectrum that, scaled, comes closest to the data at a shift. */
function bestArchetype(basis: LinearBasis, data: WeightedPixels, shift: number) {
  const { archetypes, latents, pixels } = basis;
  const moved = dataOnModelPixels(data, shift, pixels);
  const every = Math.max(1, Math.floor(archetypes.rows / MOST_ARCHETYPES));
  let best = { explained: Number.NEGATIVE_INFINITY, amplitude: 1, row: 0 };
  for (let n = 0; n < archetypes.rows; n += every) {
    const spectrum = row(archetypes, n);
    let product = 0;
    let square = 0;
    for (let p = 0; p < pixels; p++) {
      const pull = moved.weight[p] * spectrum[p];
      product += pull * moved.flux[p];
      square += pull * spectrum[p];
    }
    if (!(product > 0 && square > 0)) continue;
    const explained = (product * product) / square;
    if (explained > best.explained) best = { explained, amplitude: product / square, row: n };
  }
  return { shift, amplitude: best.amplitude, latent: row(latents, best.row) };
}

/** The data at the model's pixels, to the nearest pixel: enough to choose where to begin. */
function dataOnModelPixels({ flux, weight, offset, pixels: length }: WeightedPixels, shift: number, pixels: number) {
  const moved = { flux: new Float64Array(pixels), weight: new Float64Array(pixels) };
  const by = Math.round(shift) - offset;
  for (let p = 0; p < pixels; p++) {
    const i = p + by;
    if (i < 0 || i >= length) continue;
    moved.flux[p] = flux[i];
    moved.weight[p] = weight[i];
  }
  return moved;
}

function moments({ rows, columns, data }: Matrix): { mean: Float64Array; covariance: Float64Array } {
  const mean = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) mean[at % columns] += data[at] / rows;
  const covariance = new Float64Array(packedLength(columns));
  for (let n = 0; n < rows; n++) {
    for (let q = 0, at = 0; q < columns; q++) {
      for (let r = q; r < columns; r++, at++) {
        covariance[at] += ((data[n * columns + q] - mean[q]) * (data[n * columns + r] - mean[r])) / rows;
      }
    }
  }
  // A latent that never varies is held where it is.
  const places = packedPositions(columns);
  const diagonal = Array.from(mean, (_, q) => places[q * (columns + 1)]);
  const largest = Math.max(...diagonal.map((place) => covariance[place]));
  for (const place of diagonal) covariance[place] += 1e-6 * largest + 1e-30;
  return { mean, covariance };
}

/** A decoded spectrum on the data's pixels; NaN out of reach. */
export function onDataPixels(data: WeightedPixels, spectrum: ArrayLike<number>, shift: number): Float64Array {
  const weights = new Float64Array(4);
  return Float64Array.from({ length: data.pixels }, (_, i) => {
    const position = i + data.offset - shift;
    if (position < 0 || position > spectrum.length - 1) return Number.NaN;
    const whole = Math.floor(position);
    cubicWeights(position - whole, weights);
    return weighted(spectrum, 0, spectrum.length, whole, weights);
  });
}
