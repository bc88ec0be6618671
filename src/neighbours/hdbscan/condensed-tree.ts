import { createForest } from './forest.ts';
import type { SpanningTree } from './spanning-tree.ts';

/**
 * The condensed tree (Campello, Moulavi & Sander 2013; McInnes, Healy & Astels 2017, section 2.4). Clusters are numbered
 * from 0, the root, each parent before its children. λ = 1/distance; a cluster is born where its parent splits into two
 * parts of at least the smallest cluster size, and loses points one by one as λ grows.
 */
export interface CondensedTree {
  /** By cluster; −1 for the root. */
  readonly parent: readonly number[];
  /** By cluster: λ at which it splits off its parent; 0 for the root. */
  readonly birth: readonly number[];
  /** By cluster: points at its birth. */
  readonly size: readonly number[];
  /** By point: the last cluster it belongs to, and λ at which it leaves it. */
  readonly leaves: Int32Array;
  readonly lambda: Float64Array;
}

/**
 * The single-linkage dendrogram: node N + i joins its `parts`, which are points (< N) or earlier nodes. Edges of equal
 * length join at once: ties are common among mutual reachability distances (one core distance is the length of several
 * edges), and taken one after the other they would give the same points to one cluster or another by the order of a sort.
 */
interface Dendrogram {
  readonly points: number;
  readonly parts: readonly (readonly number[])[];
  readonly lambda: readonly number[];
  readonly size: readonly number[];
}

export function condense(tree: SpanningTree, minimumSize: number): CondensedTree {
  const dendrogram = linkage(tree);
  const { points: n } = dendrogram;
  const sizeOf = (node: number): number => (node < n ? 1 : dendrogram.size[node - n]);
  const parent = [-1];
  const birth = [0];
  const size = [n];
  const leaves = new Int32Array(n);
  const lambda = new Float64Array(n);
  // Dendrogram nodes still whole, each with the cluster it belongs to.
  const waiting: [number, number][] = [[n + dendrogram.parts.length - 1, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, cluster] = next;
    const level = dendrogram.lambda[node - n];
    const parts = dendrogram.parts[node - n];
    const splits = parts.filter((part) => sizeOf(part) >= minimumSize).length > 1;
    for (const part of parts) {
      if (sizeOf(part) < minimumSize) {
        for (const point of pointsUnder(dendrogram, part)) {
          leaves[point] = cluster;
          lambda[point] = level;
        }
      } else if (splits) {
        parent.push(cluster);
        birth.push(level);
        size.push(sizeOf(part));
        waiting.push([part, parent.length - 1]);
      } else {
        waiting.push([part, cluster]);
      }
    }
  }
  return { parent, birth, size, leaves, lambda };
}

function linkage({ from, to, length }: SpanningTree): Dendrogram {
  const n = length.length + 1;
  const lambdas = inverses(length);
  const parts: number[][] = [];
  const lambda: number[] = [];
  const size: number[] = [];
  const forest = createForest(n);
  // By representative: the dendrogram node that holds its whole set.
  const node = Int32Array.from({ length: n }, (_, i) => i);
  for (let start = 0, end = 0; start < length.length; start = end) {
    const before = new Set<number>();
    for (end = start; end < length.length && length[end] === length[start]; end++) {
      before.add(forest.find(from[end])).add(forest.find(to[end]));
    }
    for (let edge = start; edge < end; edge++) forest.join(from[edge], to[edge]);
    const joined = new Map<number, number[]>();
    for (const set of before) joined.set(forest.find(set), [...(joined.get(forest.find(set)) ?? []), node[set]]);
    for (const [set, own] of joined) {
      node[set] = n + parts.length;
      parts.push(own);
      lambda.push(lambdas[start]);
      size.push(own.reduce((sum, part) => sum + (part < n ? 1 : size[part - n]), 0));
    }
  }
  return { points: n, parts, lambda, size };
}

/** λ by edge. Duplicates have no distance; they get twice the largest λ of the others, which is as near as any. */
function inverses(length: Float64Array): Float64Array {
  const smallest = length.find((distance) => distance > 0) ?? 1;
  return length.map((distance) => (distance > 0 ? 1 / distance : 2 / smallest));
}

function* pointsUnder({ points: n, parts }: Dendrogram, root: number): Generator<number, void, undefined> {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node < n) yield node;
    else for (const part of parts[node - n]) waiting.push(part);
  }
}
