import { CholeskySolver, packedLength, packedPositions } from '../../linalg/index.ts';
import { medianInPlace } from '../../spectra/index.ts';
import type { ObservedPixels } from './observed-pixels.ts';

/** Distance of the knots in ln λ, some 30,000 km/s: wider than any line, narrower than what dust and calibration bend. */
const KNOT_SPACING = 0.1;
const REWEIGHTINGS = 6;
/** Residuals of this many times their typical size count half. */
const HALF_WEIGHT = 3;
/** Precision of the second differences of neighbouring coefficients, in units of the typical flux: holds gaps. */
const STIFFNESS = 1;

/**
 * What can be said of a spectrum without a model and a redshift: a cubic spline through it, blind to lines because
 * pixels far from it lose their weight (Cauchy weights, reiterated). Length of the data.
 */
export function smoothContinuum({ flux, ivar, pixels, step }: ObservedPixels): Float64Array {
  const intervals = Math.max(1, Math.round((pixels * step) / KNOT_SPACING));
  const size = intervals + 3;
  const solver = new CholeskySolver(size);
  const packed = new Float64Array(packedLength(size));
  const places = packedPositions(size);
  const coefficients = new Float64Array(size);
  const continuum = new Float64Array(pixels);
  const weights = new Float64Array(4);
  const residual = new Float64Array(pixels);
  for (let round = 0; round <= REWEIGHTINGS; round++) {
    const half = HALF_WEIGHT * residualsInSigma(residual, flux, ivar, continuum);
    packed.fill(0);
    coefficients.fill(0);
    addStiffness(packed, places, size);
    for (let i = 0; i < pixels; i++) {
      if (!(ivar[i] > 0)) continue;
      const weight = round === 0 ? ivar[i] : ivar[i] / (1 + (residual[i] / half) ** 2);
      const at = splineWeights(i, pixels, intervals, weights);
      for (let a = 0; a < 4; a++) {
        coefficients[at + a] += weight * weights[a] * flux[i];
        for (let b = a; b < 4; b++) packed[places[(at + a) * size + at + b]] += weight * weights[a] * weights[b];
      }
    }
    if (!solver.factor(packed)) return continuum;
    solver.solve(coefficients);
    for (let i = 0; i < pixels; i++) {
      const at = splineWeights(i, pixels, intervals, weights);
      let sum = 0;
      for (let a = 0; a < 4; a++) sum += weights[a] * coefficients[at + a];
      continuum[i] = sum;
    }
  }
  return continuum;
}

/** Writes (flux − continuum) / σ, 0 where unobserved; returns their median size, at least 1. */
function residualsInSigma(into: Float64Array, flux: Float64Array, ivar: Float64Array, continuum: Float64Array): number {
  const sizes = new Float64Array(into.length);
  let observed = 0;
  for (let i = 0; i < into.length; i++) {
    into[i] = (flux[i] - continuum[i]) * Math.sqrt(ivar[i]);
    if (ivar[i] > 0) sizes[observed++] = Math.abs(into[i]);
  }
  return observed === 0 ? 1 : Math.max(1, medianInPlace(sizes, observed));
}

/** The four cubic B-splines that do not vanish at pixel i; the first one's number is returned. */
function splineWeights(i: number, pixels: number, intervals: number, into: Float64Array): number {
  const x = (intervals * (i + 0.5)) / pixels;
  const interval = Math.min(Math.floor(x), intervals - 1);
  const t = x - interval;
  into[0] = (1 - t) ** 3 / 6;
  into[1] = (4 + t * t * (3 * t - 6)) / 6;
  into[2] = (1 + 3 * t * (1 + t * (1 - t))) / 6;
  into[3] = t ** 3 / 6;
  return interval;
}

function addStiffness(packed: Float64Array, places: Int32Array, size: number): void {
  const difference = [1, -2, 1];
  for (let k = 0; k + 2 < size; k++) {
    for (let a = 0; a < 3; a++) {
      for (let b = a; b < 3; b++) packed[places[(k + a) * size + k + b]] += STIFFNESS * difference[a] * difference[b];
    }
  }
  // Two more, so that an empty end does not leave the system singular.
  packed[0] += 1e-6;
  packed[packed.length - 1] += 1e-6;
}
