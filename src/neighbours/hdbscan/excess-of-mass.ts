import type { CondensedTree } from './condensed-tree.ts';

/**
 * The clusters that last longest (excess of mass; Campello, Moulavi & Sander 2013, section 4): of all choices of clusters
 * none of which contains another, the one of greatest total stability Σ over points (λ at which the point leaves − λ at
 * birth). The root, which is everything, is not chosen.
 *
 * @returns by cluster of the tree, whether it is chosen
 */
export function excessOfMass(tree: CondensedTree): boolean[] {
  const { parent } = tree;
  const stability = stabilities(tree);
  const chosen = parent.map(() => true);
  const below = new Float64Array(parent.length);
  for (let cluster = parent.length - 1; cluster > 0; cluster--) {
    if (below[cluster] > stability[cluster]) chosen[cluster] = false;
    below[parent[cluster]] += Math.max(below[cluster], stability[cluster]);
  }
  chosen[0] = false;
  // A chosen cluster hides all below it; parents come before children.
  const covered = parent.map(() => false);
  for (let cluster = 1; cluster < parent.length; cluster++) {
    covered[cluster] = covered[parent[cluster]] || chosen[parent[cluster]];
    if (covered[cluster]) chosen[cluster] = false;
  }
  return chosen;
}

function stabilities({ parent, birth, size, leaves, lambda }: CondensedTree): Float64Array {
  const stability = new Float64Array(parent.length);
  for (let point = 0; point < leaves.length; point++) {
    stability[leaves[point]] += lambda[point] - birth[leaves[point]];
  }
  for (let cluster = 1; cluster < parent.length; cluster++) {
    stability[parent[cluster]] += (birth[cluster] - birth[parent[cluster]]) * size[cluster];
  }
  return stability;
}
