import type { LabelData } from '../models/index.ts';
import type { LabelRange } from '../runs/index.ts';

/** Share of the measurements beyond `low`, and beyond `high`. */
const TAIL = 0.01;

/** How far objects reach in each of K labels and how well it was measured; null for a label that none of them has. */
export function labelRanges({ value, ivar }: LabelData): (LabelRange | null)[] {
  return Array.from({ length: value.columns }, (_, k) => {
    const values: number[] = [];
    const errors: number[] = [];
    for (let at = k; at < value.data.length; at += value.columns) {
      if (!(ivar.data[at] > 0)) continue;
      values.push(value.data[at]);
      errors.push(1 / Math.sqrt(ivar.data[at]));
    }
    if (values.length === 0) return null;
    values.sort((a, b) => a - b);
    errors.sort((a, b) => a - b);
    const cut = Math.floor(TAIL * values.length);
    return {
      measured: values.length,
      minimum: values[0],
      maximum: values[values.length - 1],
      low: values[cut],
      high: values[values.length - 1 - cut],
      error: errors[errors.length >> 1],
    };
  });
}
