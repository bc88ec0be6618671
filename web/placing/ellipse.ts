/** Where a dropped spectrum lies on the map, and how surely. Axes: Q latents. */
import type { RunEntry } from '../../src/explorer/index.ts';
import { turned } from '../generate/latent-axes.ts';
import type { MapPlane } from '../state/explorer-state.ts';

/** Half axes of one standard deviation, and the angle of the longer one from the x-axis, in radians. */
export interface Ellipse {
  readonly major: number;
  readonly minor: number;
  readonly angle: number;
}

export interface PlacedLatent {
  readonly latentMean: readonly number[];
  /** Q × Q */
  readonly latentCovariance: readonly number[];
}

export interface PlaneMark extends Ellipse {
  readonly x: number;
  readonly y: number;
}

/** null on a plane that was not made from latents by a formula. */
export function markOnPlane(
  { latentMean, latentCovariance }: PlacedLatent,
  axes: RunEntry['axes'],
  plane: MapPlane,
): PlaneMark | null {
  if (plane.kind === 'umap') return null;
  const q = latentMean.length;
  const isTurned = plane.kind === 'turned';
  const mean = isTurned ? turned(axes, latentMean) : latentMean;
  const direction = (axis: number) =>
    Array.from({ length: q }, (_, j) => (isTurned ? axes.vectors[axis * q + j] : Number(j === axis)));
  const [across, up] = [direction(plane.x), direction(plane.y)];
  const covariance = (a: readonly number[], b: readonly number[]) => {
    let sum = 0;
    for (let i = 0; i < q; i++) for (let j = 0; j < q; j++) sum += a[i] * latentCovariance[i * q + j] * b[j];
    return sum;
  };
  return {
    x: mean[plane.x],
    y: mean[plane.y],
    ...ellipseOf(covariance(across, across), covariance(across, up), covariance(up, up)),
  };
}

/** Of a 2 × 2 covariance, by its eigenvalues. */
export function ellipseOf(xx: number, xy: number, yy: number): Ellipse {
  const [middle, half] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  return {
    major: Math.sqrt(Math.max(0, middle + half)),
    minor: Math.sqrt(Math.max(0, middle - half)),
    angle: Math.atan2(2 * xy, xx - yy) / 2,
  };
}
