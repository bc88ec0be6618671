import { medianInPlace } from '../spectra/index.ts';

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

/** Not measured. */
export const UNMEASURED: Label = { value: 0, ivar: 0 };

/**
 * One label of N objects from the values and errors of a table. A value that is missing or not finite is not
 * measured; an error that is missing, not finite or not above 0 becomes the nominal one (see NOMINAL_ERROR).
 *
 * @param errors standard deviations, or null when the table has none for this label
 * @returns length N
 */
export function measurements(
  values: ArrayLike<number | null>,
  errors: ArrayLike<number | null> | null,
): readonly Label[] {
  const nominal = nominalError(values, errors);
  return Array.from(values, (value, i) => {
    if (value === null || !Number.isFinite(value)) return UNMEASURED;
    const given = errors?.[i] ?? null;
    return { value, ivar: 1 / (isError(given) ? given : nominal) ** 2 };
  });
}

function isError(error: number | null): error is number {
  return error !== null && error > 0 && error < Infinity;
}

function nominalError(values: ArrayLike<number | null>, errors: ArrayLike<number | null> | null): number {
  const known = new Float64Array(values.length);
  let given = 0;
  let [count, mean, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || !Number.isFinite(value)) continue;
    // Welford's running mean and sum of squares, which does not cancel for labels far from 0.
    const step = value - mean;
    mean += step / ++count;
    squares += step * (value - mean);
    const error = errors?.[i] ?? null;
    if (isError(error)) known[given++] = error;
  }
  if (given > 0) return medianInPlace(known, given);
  const scatter = Math.sqrt(squares / count);
  // A constant label has no scatter to go by; a hundredth of its size, or of one, stands in.
  return NOMINAL_ERROR * (scatter > 0 ? scatter : Math.abs(mean) || 1);
}
