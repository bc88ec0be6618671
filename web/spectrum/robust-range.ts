import { lowerBound, type Range, type Trace } from './trace.ts';

/** Share of the pixels that may lie beyond the picture on either side before noise is thought of. */
const TAIL = 0.005;
/** How far beyond the bulk, in widths of it, what noise alone throws out is still shown. */
const REACH = 0.5;
const MARGIN = 0.06;

/**
 * The range of flux to show: models whole, since their lines are what one looks for; of what is observed the bulk, since
 * one wild pixel would press everything else flat. Clip marks say where something is beyond.
 *
 * @param noisy traces of which wild pixels may be cut off
 * @param models traces that are shown whole
 */
export function fluxRange(noisy: readonly Trace[], models: readonly Trace[], shown: Range): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const trace of models) {
    for (const edge of edgesOf(trace)) {
      for (const value of valuesOf(edge, shown)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  for (const trace of noisy) {
    const sorted = valuesOf(trace, shown).sort();
    if (sorted.length === 0) continue;
    const cut = Math.floor(sorted.length * TAIL);
    const [lower, upper] = [sorted[cut], sorted[sorted.length - 1 - cut]];
    const reach = REACH * (upper - lower);
    low = Math.min(low, Math.max(sorted[0], lower - reach));
    high = Math.max(high, Math.min(sorted[sorted.length - 1], upper + reach));
  }
  return withMargin([low, high]);
}

export function withMargin([low, high]: Range): Range {
  if (!(low <= high)) return [0, 1];
  const margin = low === high ? Math.abs(low) / 2 || 0.5 : MARGIN * (high - low);
  return [low - margin, high + margin];
}

/** What of a model has room: its line, and the bands that were asked for. */
function edgesOf(trace: Trace): Trace[] {
  const { y, error, sigmas } = trace;
  if (error === null || sigmas === undefined) return [trace];
  const widest = Math.max(...sigmas);
  return [-widest, widest].map((k) => ({ ...trace, y: y.map((value, p) => value + k * error[p]) }));
}

function valuesOf({ x, y, offset }: Trace, [low, high]: Range): Float32Array {
  const [from, to] = [lowerBound(x, low), Math.min(x.length, lowerBound(x, high) + 1)];
  return y
    .subarray(from, to)
    .filter((value) => Number.isFinite(value))
    .map((value) => value + offset);
}
