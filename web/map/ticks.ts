/** Round values for an axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** About `count` values between `low` and `high`, 1, 2 or 5 times a power of ten apart, with just the digits they need. */
export function ticksBetween(low: number, high: number, count: number): readonly Tick[] {
  const range = high - low;
  if (!(range > 0) || !Number.isFinite(range) || count < 1) return [];
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    // Multiples, not sums: errors would add up. Minus zero is zero.
    const value = (first + i) * step || 0;
    return { value, label: labelled(value, decimals, step) };
  });
}

function labelled(value: number, decimals: number, step: number): string {
  const size = Math.abs(value);
  const isPlain = size < 1e6 && step >= 1e-5;
  const digits = size === 0 ? 0 : Math.max(0, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step) + 1e-9));
  return (isPlain ? value.toFixed(decimals) : value.toExponential(Math.min(20, digits))).replace('-', '−');
}
