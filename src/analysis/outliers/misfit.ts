import type { SeenObject } from './seen-object.ts';

/** How badly the model rebuilds a spectrum, and where it does so worst. */
export interface Misfit {
  /** Σ w (flux − model)² over observed pixels, per pixel; w holds the model's own scatter, so 1 is usual. */
  readonly chi2: number;
  /** Observed pixels. */
  readonly pixels: number;
  /** First and last pixel of the worst stretch. */
  readonly first: number;
  readonly last: number;
  /** Mean of flux − model over the stretch in standard deviations of a pixel: positive where the object is brighter. */
  readonly excess: number;
}

/** Stretches are this share of the grid: 15 pixels of 1000, a broad line or three narrow ones. */
const STRETCH = 0.015;

export function misfitFinder(pixels: number): (object: SeenObject) => Misfit {
  const length = Math.max(3, Math.round(STRETCH * pixels));
  const squares = new Float64Array(pixels + 1);
  return ({ flux, model, weight }) => {
    let observed = 0;
    for (let p = 0; p < pixels; p++) {
      squares[p + 1] = squares[p] + weight[p] * (flux[p] - model[p]) ** 2;
      if (weight[p] > 0) observed += 1;
    }
    let first = 0;
    for (let p = 1; p + length <= pixels; p++) {
      if (squares[p + length] - squares[p] > squares[first + length] - squares[first]) first = p;
    }
    const last = Math.min(pixels, first + length) - 1;
    let sum = 0;
    for (let p = first; p <= last; p++) sum += Math.sqrt(weight[p]) * (flux[p] - model[p]);
    const chi2 = observed === 0 ? 1 : squares[pixels] / observed;
    return { chi2, pixels: observed, first, last, excess: sum / (last - first + 1) };
  };
}
