/** Pairs of axes for the overview, and which objects stand for all where there are many. */
import type { MapPlane } from '../state/explorer-state.ts';

export interface Pair {
  readonly x: number;
  readonly y: number;
}

/** Each pair once, by rows from the top: x < y. */
export function pairsOf(latents: number): readonly Pair[] {
  return Array.from({ length: latents }, (_, y) => Array.from({ length: y }, (__, x) => ({ x, y }))).flat();
}

/** Rows evenly through the dataset, at most `most`. */
export function sampledRows(rows: Uint32Array | null, objects: number, most: number): Uint32Array {
  const count = rows?.length ?? objects;
  const kept = Math.min(count, most);
  return Uint32Array.from({ length: kept }, (_, i) => {
    const at = Math.floor((i * count) / kept);
    return rows === null ? at : rows[at];
  });
}

export function isShownPair(plane: MapPlane, kind: 'turned' | 'own', { x, y }: Pair): boolean {
  return plane.kind === kind && ((plane.x === x && plane.y === y) || (plane.x === y && plane.y === x));
}
