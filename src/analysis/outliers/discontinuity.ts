import type { SeenObject } from './seen-object.ts';

/** A jump of the flux against the model at the join of two detectors. */
export interface Discontinuity {
  /** Flux red of the join over flux blue of it, in units of the model, minus 1. */
  readonly size: number;
  /** |size| over its standard error. */
  readonly significance: number;
  /** The join, observed ångström. */
  readonly join: number;
  /** Significance over that of the largest jump elsewhere in the spectrum: a step has one place, bands have many. */
  readonly prominence: number;
}

/** Half width of the window in ln λ: ± 480 Å at 6000 Å, wide against lines, narrow against the continuum's shape. */
const HALF_WIDTH = 0.08;
/** Places tried for the largest jump elsewhere, and how far from the join elsewhere begins. */
const STRIDE = 0.02;
const ELSEWHERE = 0.05;
/** Pixels needed on either side. */
const MINIMUM_PIXELS = 12;

/**
 * Finds steps at the joins: in a window around each, flux − model is fitted with model × (a + b ln λ + size × [red of the
 * join]) by weighted least squares. The slope takes up what is smooth, so that only a step counts.
 *
 * @param wavelength rest frame, length P
 * @param joins observed ångström
 */
export function discontinuityFinder(
  wavelength: Float64Array,
  joins: readonly number[],
): (object: SeenObject) => Discontinuity | null {
  const middle = Math.log(wavelength[wavelength.length >> 1]);
  // Centred, so that sums of squares keep their digits.
  const x = wavelength.map((at) => Math.log(at) - middle);
  const sums = Array.from({ length: 6 }, () => new Float64Array(x.length + 1));
  return (object) => {
    fillSums(sums, x, object);
    let best: Discontinuity | null = null;
    for (const join of joins) {
      const place = Math.log(join) - middle - object.shift;
      const jump = jumpAt(sums, x, place);
      if (jump === null) continue;
      const significance = Math.abs(jump.size) / jump.error;
      if (best !== null && significance <= best.significance) continue;
      let elsewhere = 1;
      for (let other = x[0] + HALF_WIDTH; other < x[x.length - 1] - HALF_WIDTH; other += STRIDE) {
        if (Math.abs(other - place) < ELSEWHERE) continue;
        const rival = jumpAt(sums, x, other);
        if (rival !== null) elsewhere = Math.max(elsewhere, Math.abs(rival.size) / rival.error);
      }
      best = { size: jump.size, significance, join, prominence: significance / elsewhere };
    }
    return best;
  };
}

/** Running sums over pixels of w m² {1, x, x²}, w m r {1, x} and of observed pixels, r = flux − model. */
function fillSums(
  sums: readonly Float64Array[],
  x: Float64Array,
  { flux, ordinary: model, continuumWeight: weight }: SeenObject,
): void {
  const [s0, s1, s2, r0, r1, count] = sums;
  for (let p = 0; p < x.length; p++) {
    const square = weight[p] * model[p] * model[p];
    const product = weight[p] * model[p] * (flux[p] - model[p]);
    s0[p + 1] = s0[p] + square;
    s1[p + 1] = s1[p] + square * x[p];
    s2[p + 1] = s2[p] + square * x[p] * x[p];
    r0[p + 1] = r0[p] + product;
    r1[p + 1] = r1[p] + product * x[p];
    count[p + 1] = count[p] + (weight[p] > 0 ? 1 : 0);
  }
}

function jumpAt(sums: readonly Float64Array[], x: Float64Array, place: number): { size: number; error: number } | null {
  const [from, at, to] = [place - HALF_WIDTH, place, place + HALF_WIDTH].map((value) => firstAbove(x, value));
  const counts = sums[5];
  if (counts[at] - counts[from] < MINIMUM_PIXELS || counts[to] - counts[at] < MINIMUM_PIXELS) return null;
  const [s0, s1, s2, r0, r1] = sums.slice(0, 5).map((sum) => sum[to] - sum[from]);
  const [h0, h1] = [sums[0][to] - sums[0][at], sums[1][to] - sums[1][at]];
  const hr = sums[3][to] - sums[3][at];
  // The step's column with level and slope projected out; determinant of the 2 × 2 block of those two.
  const determinant = s0 * s2 - s1 * s1;
  if (!(determinant > 1e-12 * s0 * s2)) return null;
  const level = (s2 * h0 - s1 * h1) / determinant;
  const slope = (s0 * h1 - s1 * h0) / determinant;
  const information = h0 - level * h0 - slope * h1;
  if (!(information > 0)) return null;
  return { size: (hr - level * r0 - slope * r1) / information, error: 1 / Math.sqrt(information) };
}

function firstAbove(x: Float64Array, value: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
