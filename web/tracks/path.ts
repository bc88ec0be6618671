/** Paths through latent space: straight from point to point. */
import { pointAlong } from '../map/track-point.ts';

export type LatentPoint = readonly number[];

/** Where the points of a path are passed, from 0 for the first to 1 for the last: each leg takes as long as any other. */
export function sharesOf(points: readonly LatentPoint[]): number[] {
  return points.map((_, at) => at / Math.max(1, points.length - 1));
}

const FRAMES_EACH = 16;
const MOST_FRAMES = 160;

/** Points close enough together that the spectra between them may be mixed: equally many on each leg. */
export function framesOf(points: readonly LatentPoint[]): LatentPoint[] {
  const each = Math.max(1, Math.min(FRAMES_EACH, Math.floor(MOST_FRAMES / (points.length - 1))));
  const count = each * (points.length - 1) + 1;
  return Array.from({ length: count }, (_, k) => pointAlong(points, k / (count - 1)) ?? points[0]);
}

/** The mixture of the two frames about a share of the path. */
export function mixed(frames: readonly Float32Array[], at: number): Float32Array {
  const place = Math.min(1, Math.max(0, at)) * (frames.length - 1);
  const before = Math.min(Math.floor(place), frames.length - 2);
  if (before < 0) return frames[0].slice();
  const [one, other, part] = [frames[before], frames[before + 1], place - before];
  return one.map((value, p) => value + part * (other[p] - value));
}
