import { smoothContinuum } from './continuum.ts';
import type { ObservedPixels } from './observed-pixels.ts';

/** Beyond this a pixel's cost outside the model grows with its logarithm only. */
const SOFT_COST = 50;

/**
 * Models know where lines are better than how strong: they need be right only to this share of the difference between
 * flux and continuum, and so one pixel of a line can speak for or against a redshift with 1/0.15² = 44 at most.
 */
const LINE_SHARE = 0.15;

/** The pixels with the weights that every χ² here takes, and what they cost where no model reaches them. */
export interface WeightedPixels extends ObservedPixels {
  /** 1 / (noise² + (noiseFloor · continuum)² + (LINE_SHARE · (flux − continuum))²); 0 = not observed. */
  readonly weight: Float64Array;
  /** What a spline blind to lines makes of the flux. */
  readonly continuum: Float64Array;
  /** Σ over pixels before i of the cost of a smooth continuum; length pixels + 1. */
  readonly outsideCost: Float64Array;
  /** Σ over pixels before i of weight · flux²; length pixels + 1. */
  readonly energy: Float64Array;
  /** Number of observed pixels before i; length pixels + 1. */
  readonly observed: Float64Array;
}

/**
 * A model covers other pixels at every redshift, and χ² over different pixels cannot be compared. So every pixel is
 * always counted: where the model does not reach, a smooth continuum stands in for it, at a cost of r² sigma squared,
 * softened beyond some seven sigma, τ ln(1 + r²/τ): a line that the continuum cannot follow costs the redshifts that
 * push it off the model, yet not so much that a model which explains it imperfectly loses to them. To that comes ln v
 * a pixel, with v the mean of those costs: what a Gaussian wide enough for the lines of this spectrum loses to a model
 * that foretells them (without it 5 of 67 SDSS quasars went to redshifts that leave most of the spectrum out). The
 * continuum and the weights follow from the data alone, so they are the same at every redshift.
 *
 * @param noiseFloor scatter of true spectra about the model, as a share of the continuum: bright pixels are not
 *   credited with more than the model can know
 */
export function weightedPixels(pixels: ObservedPixels, noiseFloor: number): WeightedPixels {
  const { flux, ivar } = pixels;
  const continuum = smoothContinuum(pixels);
  const weight = ivar.map((value, i) => {
    const line = LINE_SHARE * (flux[i] - continuum[i]);
    return value / (1 + value * ((noiseFloor * continuum[i]) ** 2 + line ** 2));
  });
  const misfit = (i: number) => SOFT_COST * Math.log1p((weight[i] * (flux[i] - continuum[i]) ** 2) / SOFT_COST);
  const observed = runningSum(flux.length, (i) => (weight[i] > 0 ? 1 : 0));
  const spread = runningSum(flux.length, misfit)[flux.length] / Math.max(1, observed[flux.length]);
  const blindness = Math.log(Math.max(1, spread));
  const outside = (i: number) => (weight[i] > 0 ? misfit(i) + blindness : 0);
  return {
    ...pixels,
    weight,
    continuum,
    outsideCost: runningSum(flux.length, outside),
    energy: runningSum(flux.length, (i) => weight[i] * flux[i] ** 2),
    observed,
  };
}

function runningSum(length: number, term: (i: number) => number): Float64Array {
  const sums = new Float64Array(length + 1);
  for (let i = 0; i < length; i++) sums[i + 1] = sums[i] + term(i);
  return sums;
}
