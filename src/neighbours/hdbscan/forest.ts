/** Disjoint sets of 0 … n − 1 (union by size, paths halved: Tarjan & van Leeuwen 1984). */
export interface Forest {
  /** The set's representative. */
  find(element: number): number;
  /** Unites two sets; false when they are one already. */
  join(a: number, b: number): boolean;
}

export function createForest(n: number): Forest {
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const size = new Int32Array(n).fill(1);
  function find(element: number): number {
    let at = element;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }
  function join(a: number, b: number): boolean {
    const [rootA, rootB] = [find(a), find(b)];
    if (rootA === rootB) return false;
    const [large, small] = size[rootA] >= size[rootB] ? [rootA, rootB] : [rootB, rootA];
    parent[small] = large;
    size[large] += size[small];
    return true;
  }
  return { find, join };
}
