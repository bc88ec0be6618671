/**
 * The point at a share of the way along a path, whose legs count alike however long they are.
 *
 * @param at from 0 at the first point to 1 at the last
 * @returns null for an empty path
 */
export function pointAlong(path: readonly (readonly number[])[], at: number): readonly number[] | null {
  if (path.length === 0) return null;
  const place = Math.min(1, Math.max(0, at)) * (path.length - 1);
  const leg = Math.min(Math.floor(place), path.length - 1);
  const [from, to] = [path[leg], path[Math.min(leg + 1, path.length - 1)]];
  return from.map((value, q) => value + (place - leg) * (to[q] - value));
}
