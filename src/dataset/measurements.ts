/** A label and its inverse variance; an ivar of 0 means not measured, and the value is then ignored. */
export interface Label {
  readonly value: number;
  readonly ivar: number;
}

/**
 * Where a label has a value but no error, one has to be chosen, since every label carries an inverse variance:
 * the median of the errors that others give for it, or, when none is given at all, a hundredth of the label's
 * standard deviation over the objects. Models with a noise term of their own then learn the real scatter.
 */
export const NOMINAL_ERROR = 0.01;

/**
 * One label of N objects from the values and errors of a table. A value that is missing or not finite is not
 * measured; an error that is missing, not finite or not above 0 becomes the nominal one (see NOMINAL_ERROR).
 *
 * @param errors standard deviations, or null when the table has none for this label
 * @returns length N; null = not measured
 */
export function measurements(
  values: ArrayLike<number | null>,
  errors: ArrayLike<number | null> | null,
): (Label | null)[] {
  const known: number[] = [];
  const measured: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || !Number.isFinite(value)) continue;
    measured.push(value);
    const error = errors?.[i] ?? null;
    if (isError(error)) known.push(error);
  }
  const nominal = nominalError(measured, known);
  return Array.from(values, (value, i) => {
    if (value === null || !Number.isFinite(value)) return null;
    const given = errors?.[i] ?? null;
    return { value, ivar: 1 / (isError(given) ? given : nominal) ** 2 };
  });
}

function isError(error: number | null): error is number {
  return error !== null && error > 0 && error < Infinity;
}

function nominalError(measured: readonly number[], known: number[]): number {
  if (known.length > 0) return known.sort((a, b) => a - b)[known.length >> 1];
  const n = measured.length;
  const mean = measured.reduce((sum, value) => sum + value, 0) / n;
  const scatter = Math.sqrt(measured.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
  // A constant label has no scatter to go by; a hundredth of its size, or of one, stands in.
  return NOMINAL_ERROR * (scatter > 0 ? scatter : Math.abs(mean) || 1);
}
