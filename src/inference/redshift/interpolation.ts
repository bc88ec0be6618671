/**
 * A spectrum between its pixels: cubic convolution (Keys 1981), exact for quadratics. Positions count in pixels from the
 * first one's centre; beyond the ends the outermost pixel stands for its neighbours.
 */

/** Weights of the pixels floor(x) − 1 … floor(x) + 2 at the fraction t = x − floor(x). */
export function cubicWeights(t: number, into: Float64Array): void {
  into[0] = t * (-0.5 + t * (1 - 0.5 * t));
  into[1] = 1 + t * t * (-2.5 + 1.5 * t);
  into[2] = t * (0.5 + t * (2 - 1.5 * t));
  into[3] = t * t * (-0.5 + 0.5 * t);
}

/** Their derivatives with respect to x. */
export function cubicSlopes(t: number, into: Float64Array): void {
  into[0] = -0.5 + t * (2 - 1.5 * t);
  into[1] = t * (-5 + 4.5 * t);
  into[2] = 0.5 + t * (4 - 4.5 * t);
  into[3] = t * (-1 + 1.5 * t);
}

/** Σ_j weights_j · values[from + whole − 1 + j] for a row of `length` values that starts at `from`. */
export function weighted(
  values: ArrayLike<number>,
  from: number,
  length: number,
  whole: number,
  weights: Float64Array,
): number {
  if (whole >= 1 && whole + 2 < length) {
    const at = from + whole - 1;
    return (
      weights[0] * values[at] + weights[1] * values[at + 1] + weights[2] * values[at + 2] + weights[3] * values[at + 3]
    );
  }
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const pixel = Math.min(Math.max(whole - 1 + j, 0), length - 1);
    sum += weights[j] * values[from + pixel];
  }
  return sum;
}
