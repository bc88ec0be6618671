/** Paths through latent space: straight from point to point, walked at an even pace. */

export type LatentPoint = readonly number[];

/** Shares of the whole length at which the points of a path lie: 0 for the first, 1 for the last. */
export function sharesOf(points: readonly LatentPoint[]): number[] {
  const lengths = [0];
  for (let at = 1; at < points.length; at++) {
    lengths.push(lengths[at - 1] + Math.hypot(...points[at].map((value, q) => value - points[at - 1][q])));
  }
  const whole = lengths[lengths.length - 1];
  return lengths.map((length, at) => (whole > 0 ? length / whole : at / Math.max(1, points.length - 1)));
}

/** Where a share of a path lies. @param at from 0 to 1; beyond, the ends */
export function latentAt(points: readonly LatentPoint[], at: number): number[] {
  const shares = sharesOf(points);
  const next = shares.findIndex((share) => share >= at);
  if (next <= 0) return [...(next === 0 ? points[0] : points[points.length - 1])];
  const width = shares[next] - shares[next - 1];
  const part = width > 0 ? (at - shares[next - 1]) / width : 1;
  return points[next].map((value, q) => points[next - 1][q] + part * (value - points[next - 1][q]));
}

const FRAMES_EACH = 16;
const MOST_FRAMES = 161;

/** Points close enough together that the spectra between them may be mixed: equally spaced along the path. */
export function framesOf(points: readonly LatentPoint[]): number[][] {
  const count = Math.min(MOST_FRAMES, FRAMES_EACH * (points.length - 1) + 1);
  return Array.from({ length: count }, (_, k) => latentAt(points, k / (count - 1)));
}

/** The mixture of the two frames about a share of the path. */
export function mixed(frames: readonly Float32Array[], at: number): Float32Array {
  const place = Math.min(1, Math.max(0, at)) * (frames.length - 1);
  const before = Math.min(Math.floor(place), frames.length - 2);
  if (before < 0) return frames[0].slice();
  const [one, other, part] = [frames[before], frames[before + 1], place - before];
  return one.map((value, p) => value + part * (other[p] - value));
}
