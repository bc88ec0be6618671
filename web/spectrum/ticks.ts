/** Round numbers 1, 2 or 5 times a power of ten apart within a range, at most about `count`. */
export function ticks([low, high]: readonly [number, number], count: number): number[] {
  const step = tickStep(high - low, count);
  if (!(step > 0) || !Number.isFinite(step)) return [];
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
}

function tickStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  if (factor <= 1) return power;
  if (factor <= 2) return 2 * power;
  return factor <= 5 ? 5 * power : 10 * power;
}
