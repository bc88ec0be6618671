/*
 * How far out of the ordinary a measure is, in a unit that all measures share: the survey itself says how often a value
 * as odd is to be expected. A strength of 3 is one object in a thousand.
 */

/** Beyond the first share the tail is taken to fall exponentially, at the rate it has between the two. */
const TAIL_FROM = 0.8;
const TAIL_TO = 0.97;

/**
 * −log₁₀ of the share of the survey that is expected to have a value as large. Up to its 80th percentile the share is
 * counted; beyond, it falls exponentially as between the 80th and the 97th percentile, so that a few per cent of odd
 * objects do not set the scale by which they are judged. Measures with long tails are to be given as logarithms.
 *
 * @param values one an object; NaN = not measured, which is ordinary
 * @returns strengths, at least 0; 0 where not measured. A measure whose tail has no width (a survey without gaps) is
 *   counted throughout.
 */
export function strengths(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return new Float64Array(values.length);
  const from = quantile(sorted, TAIL_FROM);
  const width = quantile(sorted, TAIL_TO) - from;
  const rate = Math.log10((1 - TAIL_FROM) / (1 - TAIL_TO)) / width;
  return values.map((value) => {
    if (Number.isNaN(value)) return 0;
    if (value > from && width > 0) return -Math.log10(1 - TAIL_FROM) + rate * (value - from);
    // Of equal values the largest count: a value that most objects share is ordinary.
    return Math.log10(sorted.length / (sorted.length - countBelow(sorted, value)));
  });
}

/** Linear between the sorted values. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
