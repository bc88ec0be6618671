import type { LongWorkOptions } from '../../base/index.ts';
import type { Clustering } from '../clustering.ts';
import { buildKdTree, type Points } from '../kd-tree.ts';
import { nearestNeighbours } from '../nearest.ts';
import { type CondensedTree, condense } from './condensed-tree.ts';
import { excessOfMass } from './excess-of-mass.ts';
import { spanningTree } from './spanning-tree.ts';

export interface HdbscanOptions extends LongWorkOptions {
  /** Fewer points together are not a cluster; at least 2. */
  readonly minimumClusterSize: number;
  /** A point's core distance is that to this neighbour, itself the first; as `minimumClusterSize` unless told. */
  readonly minimumSamples?: number;
}

/**
 * HDBSCAN (Campello, Moulavi & Sander 2013) with excess of mass: clusters of any shape and density; points between them
 * are noise. The probability is λ at which a point leaves its cluster over that of the cluster's densest point.
 *
 * @param points N × D, finite
 * @throws RangeError when a size is below 2, or above N
 * @throws InterruptedError when `options.signal` fires
 */
export function hdbscan(points: Points, options: HdbscanOptions): Clustering {
  const { minimumClusterSize, minimumSamples = minimumClusterSize } = options;
  const n = points.rows;
  if (!(minimumClusterSize >= 2 && minimumSamples >= 2 && Math.max(minimumClusterSize, minimumSamples) <= n)) {
    throw new RangeError(`clusters of ${minimumClusterSize} with ${minimumSamples} samples among ${n} points`);
  }
  const kdTree = buildKdTree(points);
  const neighbours = nearestNeighbours(kdTree, minimumSamples - 1, options);
  const core = Float64Array.from({ length: n }, (_, i) => neighbours.distance[(i + 1) * neighbours.k - 1]);
  const tree = condense(spanningTree(kdTree, core, options), minimumClusterSize);
  return labelled(tree, excessOfMass(tree));
}

/** Largest cluster first. */
function labelled(tree: CondensedTree, chosen: readonly boolean[]): Clustering {
  const { parent, size, leaves, lambda } = tree;
  const clusters = parent.map((_, cluster) => cluster).filter((cluster) => chosen[cluster]);
  clusters.sort((a, b) => size[b] - size[a] || a - b);
  const name = new Map(clusters.map((cluster, index) => [cluster, index]));
  // The chosen cluster that each cluster of the tree lies in; parents come before children.
  const within = parent.map(() => -1);
  parent.forEach((above, cluster) => {
    within[cluster] = name.get(cluster) ?? (above < 0 ? -1 : within[above]);
  });
  // A point that stayed on in a part of its cluster counts as the densest: it left the cluster only when that split.
  const densest = new Float64Array(parent.length);
  for (let point = 0; point < leaves.length; point++) {
    densest[leaves[point]] = Math.max(densest[leaves[point]], lambda[point]);
  }
  for (let cluster = 1; cluster < parent.length; cluster++) {
    densest[parent[cluster]] = Math.max(densest[parent[cluster]], tree.birth[cluster]);
  }
  const cluster = Int32Array.from(leaves, (last) => within[last]);
  const probability = Float64Array.from(leaves, (last, point) => {
    if (within[last] < 0) return 0;
    return Math.min(1, lambda[point] / densest[clusters[within[last]]]);
  });
  return { clusters: clusters.length, cluster, probability };
}
