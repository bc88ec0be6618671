import type { Matrix } from '../base/index.ts';

export interface SpreadShares {
  /** The decoder's own scatter at all sigma points, (N · pointsEach) × C; the first of each object's is at its mean. */
  readonly scatter: Matrix;
  readonly pointsEach: number;
  /** Share of the latents' spread that counts, length N. */
  readonly shares: Float32Array;
  /** N × C: the share counts where this is above 0, all of the spread elsewhere; null = it counts everywhere. */
  readonly of: Float32Array | null;
}

/**
 * Takes the widening of the latents' covariances back where it was fitted to other values: in pixels that were observed,
 * and in labels (models/gplvm/calibration.ts).
 *
 * @param variance N × C, scatter plus spread; changed
 */
export function narrowSpread(variance: Float32Array, { scatter, pointsEach, shares, of }: SpreadShares): void {
  const { columns } = scatter;
  for (let at = 0; at < variance.length; at++) {
    if (of !== null && !(of[at] > 0)) continue;
    const n = Math.floor(at / columns);
    const own = scatter.data[n * pointsEach * columns + (at - n * columns)];
    variance[at] = own + shares[n] * (variance[at] - own);
  }
}
