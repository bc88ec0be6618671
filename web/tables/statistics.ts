/** What the values of some objects are like. */
import type { CategoryColumn } from '../data/exhibit-data.ts';

export interface NumberStatistics {
  /** Objects whose value is known. */
  readonly known: number;
  readonly median: number;
  /** Half the width of the middle 68.27%: the standard deviation of a normal distribution, whatever outliers do. */
  readonly scatter: number;
}

const MIDDLE = 0.682689492;

/** @param rows of the dataset; null = all */
export function statisticsOf(values: Float64Array, rows: Uint32Array | null): NumberStatistics {
  const sorted = knownValues(values, rows).sort();
  const [low, high] = [quantile(sorted, (1 - MIDDLE) / 2), quantile(sorted, (1 + MIDDLE) / 2)];
  return { known: sorted.length, median: quantile(sorted, 0.5), scatter: (high - low) / 2 };
}

/** Linear between neighbours; NaN of nothing. */
function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

function knownValues(values: Float64Array, rows: Uint32Array | null): Float64Array {
  const known = new Float64Array(rows?.length ?? values.length);
  let count = 0;
  for (let i = 0; i < known.length; i++) {
    const value = values[rows === null ? i : rows[i]];
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return known.subarray(0, count);
}

export interface ClassCount {
  /** null = not known */
  readonly category: string | null;
  readonly count: number;
}

/** The most frequent first; classes that none of the rows has are left out. */
export function classCounts(
  { codes, categories }: Pick<CategoryColumn, 'codes' | 'categories'>,
  rows: Uint32Array | null,
): ClassCount[] {
  const counts = new Float64Array(categories.length + 1);
  const length = rows?.length ?? codes.length;
  for (let i = 0; i < length; i++) counts[codes[rows === null ? i : rows[i]] + 1]++;
  return [null, ...categories]
    .map((category, i) => ({ category, count: counts[i] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

export interface Histogram {
  readonly low: number;
  readonly high: number;
  /** Objects by bin, bins of one width from low to high; those beyond are counted at the ends. */
  readonly all: Uint32Array;
  readonly chosen: Uint32Array | null;
}

/** Share of the objects beyond each end of a histogram. */
const TAIL = 0.005;
const MOST_SAMPLED = 20_000;

/** @param chosen rows counted apart from all; null = none */
export function histogramOf(values: Float64Array, chosen: Uint32Array | null, bins: number): Histogram | null {
  const stride = Math.max(1, Math.floor(values.length / MOST_SAMPLED));
  const sample = values.filter((value, row) => row % stride === 0 && Number.isFinite(value)).sort();
  if (sample.length === 0) return null;
  let [low, high] = [quantile(sample, TAIL), quantile(sample, 1 - TAIL)];
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const count = (rows: Uint32Array | null): Uint32Array => {
    const counts = new Uint32Array(bins);
    const length = rows?.length ?? values.length;
    for (let i = 0; i < length; i++) {
      const value = values[rows === null ? i : rows[i]];
      if (Number.isNaN(value)) continue;
      counts[Math.max(0, Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low))))]++;
    }
    return counts;
  };
  return { low, high, all: count(null), chosen: chosen === null ? null : count(chosen) };
}
