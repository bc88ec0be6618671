/**
 * The median of the first `count` numbers, which are reordered: the middle one, or the mean of the middle two.
 * Hoare's quickselect, so linear in `count`. NaN when `count` is 0.
 */
export function medianInPlace(values: Float64Array, count: number = values.length): number {
  if (count === 0) return Number.NaN;
  const middle = count >> 1;
  const upper = select(values, middle, count);
  if (count % 2 === 1) return upper;
  let lower = -Infinity;
  // After selection everything before the middle is at most `upper`; its largest is the other middle value.
  for (let i = 0; i < middle; i++) if (values[i] > lower) lower = values[i];
  return 0.5 * (lower + upper);
}

/** Moves the value of the given rank to its place, smaller ones before it, and returns it. */
function select(values: Float64Array, rank: number, count: number): number {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1];
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const held = values[i];
      values[i++] = values[j];
      values[j--] = held;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else return values[rank];
  }
  return values[rank];
}

/** Median of flux × √ivar over observed pixels (ivar above 0); 0 when none is observed. */
export function medianSnr(flux: ArrayLike<number>, ivar: ArrayLike<number>): number {
  const snr = new Float64Array(ivar.length);
  let observed = 0;
  for (let i = 0; i < ivar.length; i++) if (ivar[i] > 0) snr[observed++] = flux[i] * Math.sqrt(ivar[i]);
  return observed === 0 ? 0 : medianInPlace(snr, observed);
}

/** Share of pixels with ivar above 0. */
export function observedShare(ivar: ArrayLike<number>): number {
  let observed = 0;
  for (let i = 0; i < ivar.length; i++) if (ivar[i] > 0) observed++;
  return ivar.length === 0 ? 0 : observed / ivar.length;
}
