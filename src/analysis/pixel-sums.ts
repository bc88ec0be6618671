import { type Matrix, row } from '../base/index.ts';
import type { SpectrumDistribution } from '../inference/index.ts';
import { lossWeightsOf } from '../models/index.ts';

/*
 * Sums over observed pixels from which every score of a reconstruction follows. Sums add up, so a survey is scored
 * chunk by chunk and class by class. Axes: N objects, P pixels; x = observed flux, x' = reconstruction, σ² = 1/ivar,
 * s² = variance of the reconstruction.
 */

/** Half widths, in standard deviations, of the intervals that hold 68% and 95% of a normal distribution. */
export const HALF_WIDTH_68 = 0.994457883;
export const HALF_WIDTH_95 = 1.959963985;

/** Spectra as observed; `truth` is the noise-free flux where a survey is simulated. All N × P. */
export interface ObservedSpectra {
  readonly flux: Matrix;
  /** 0 = not observed. */
  readonly ivar: Matrix;
  readonly truth: Matrix | null;
}

export interface PixelSums {
  objects: number;
  /** Observed pixels. */
  pixels: number;
  /** Σ w, with w the weights of the training loss: ivar with the pixel S/N capped at 50. */
  weight: number;
  /** Σ w (x − x')² */
  weightedSquare: number;
  /** Σ ivar (x − x')² */
  chi2: number;
  /** Σ |x − x'| */
  absolute: number;
  /** Pixels with |x − x'| within the 68% and 95% intervals of variance s² + σ². */
  within68: number;
  within95: number;
  /** Observed pixels whose truth is known. */
  truthPixels: number;
  /** Σ w (truth − x')² */
  truthWeightedSquare: number;
  /** Pixels with |truth − x'| within the 68% and 95% intervals of variance s². */
  truthWithin68: number;
  truthWithin95: number;
  /** The same three of pixels that were not observed. */
  unobservedTruthPixels: number;
  unobservedWithin68: number;
  unobservedWithin95: number;
}

export function noPixels(): PixelSums {
  return {
    objects: 0,
    pixels: 0,
    weight: 0,
    weightedSquare: 0,
    chi2: 0,
    absolute: 0,
    within68: 0,
    within95: 0,
    truthPixels: 0,
    truthWeightedSquare: 0,
    truthWithin68: 0,
    truthWithin95: 0,
    unobservedTruthPixels: 0,
    unobservedWithin68: 0,
    unobservedWithin95: 0,
  };
}

/**
 * Adds every object to the sums that `sumsOf` names for it (each to several: all objects, its class).
 *
 * @param sumsOf given a row of the matrices
 */
export function addSpectra(
  observed: ObservedSpectra,
  rebuilt: SpectrumDistribution,
  sumsOf: (object: number) => readonly PixelSums[],
): void {
  const weights = lossWeightsOf(observed.flux, observed.ivar);
  for (let object = 0; object < observed.flux.rows; object++) {
    const own = noPixels();
    own.objects = 1;
    addObserved(own, observed, rebuilt, weights, object);
    if (observed.truth !== null) addTruth(own, observed.truth, rebuilt, weights, object);
    for (const sums of sumsOf(object)) add(sums, own);
  }
}

function addObserved(
  sums: PixelSums,
  observed: ObservedSpectra,
  rebuilt: SpectrumDistribution,
  weights: Matrix,
  object: number,
): void {
  const flux = row(observed.flux, object);
  const ivar = row(observed.ivar, object);
  const mean = row(rebuilt.mean, object);
  const variance = row(rebuilt.variance, object);
  const weight = row(weights, object);
  for (let pixel = 0; pixel < flux.length; pixel++) {
    if (ivar[pixel] === 0) continue;
    const residual = flux[pixel] - mean[pixel];
    const square = residual * residual;
    const total = variance[pixel] + 1 / ivar[pixel];
    sums.pixels += 1;
    sums.weight += weight[pixel];
    sums.weightedSquare += weight[pixel] * square;
    sums.chi2 += ivar[pixel] * square;
    sums.absolute += Math.abs(residual);
    if (square <= HALF_WIDTH_68 ** 2 * total) sums.within68 += 1;
    if (square <= HALF_WIDTH_95 ** 2 * total) sums.within95 += 1;
  }
}

/** Counts observed pixels, those of positive weight, and unobserved ones apart. */
function addTruth(
  sums: PixelSums,
  truths: Matrix,
  rebuilt: SpectrumDistribution,
  weights: Matrix,
  object: number,
): void {
  const truth = row(truths, object);
  const mean = row(rebuilt.mean, object);
  const variance = row(rebuilt.variance, object);
  const weight = row(weights, object);
  for (let pixel = 0; pixel < truth.length; pixel++) {
    const square = (truth[pixel] - mean[pixel]) ** 2;
    const within68 = square <= HALF_WIDTH_68 ** 2 * variance[pixel] ? 1 : 0;
    const within95 = square <= HALF_WIDTH_95 ** 2 * variance[pixel] ? 1 : 0;
    if (weight[pixel] === 0) {
      sums.unobservedTruthPixels += 1;
      sums.unobservedWithin68 += within68;
      sums.unobservedWithin95 += within95;
    } else {
      sums.truthPixels += 1;
      sums.truthWeightedSquare += weight[pixel] * square;
      sums.truthWithin68 += within68;
      sums.truthWithin95 += within95;
    }
  }
}

function add(sums: PixelSums, more: PixelSums): void {
  for (const key of Object.keys(sums) as (keyof PixelSums)[]) sums[key] += more[key];
}
