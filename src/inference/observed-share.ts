import type { Matrix } from '../base/index.ts';

export interface ObservedShares {
  /** The decoder's own scatter at all sigma points, (N · pointsEach) × P; the first of each spectrum's is at its mean. */
  readonly scatter: Matrix;
  readonly pointsEach: number;
  /** Share of the latents' spread that counts in observed pixels, length N. */
  readonly shares: Float32Array;
}

/**
 * Takes the widening of the latents' covariances back where a pixel was observed: it was fitted to what is not
 * (models/gplvm/calibration.ts).
 *
 * @param variance N × P, scatter plus spread; changed
 * @param ivar N × P; 0 = not observed
 */
export function narrowObserved(variance: Float32Array, ivar: Float32Array, shares: ObservedShares): void {
  const { scatter, pointsEach } = shares;
  const pixels = scatter.columns;
  for (let at = 0; at < variance.length; at++) {
    if (!(ivar[at] > 0)) continue;
    const n = Math.floor(at / pixels);
    const own = scatter.data[n * pointsEach * pixels + (at - n * pixels)];
    variance[at] = own + shares.shares[n] * (variance[at] - own);
  }
}
