import { InterruptedError, type LongWorkOptions } from '../../base/index.ts';
import { type KdTree, squareToBox } from '../kd-tree.ts';
import { createForest } from './forest.ts';

/** The edges of a spanning tree of N points: length N − 1 each, by rising length. */
export interface SpanningTree {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly length: Float64Array;
}

/**
 * Exact minimum spanning tree of the mutual reachability distances max(core(a), core(b), |a − b|) by Borůvka's algorithm:
 * every round joins each component to its nearest other one. The kd-tree makes the rounds cheap (March, Ram & Gray
 * 2010): nodes wholly of one's own component, or farther than the component's best edge so far, are not entered; and a
 * point's nearest stranger stays its nearest until the two components meet.
 *
 * @param core length N, by point as given to the tree
 * @throws InterruptedError when `options.signal` fires
 */
export function spanningTree(tree: KdTree, core: Float64Array, options: LongWorkOptions = {}): SpanningTree {
  const n = tree.points;
  const edges = { from: new Uint32Array(n - 1), to: new Uint32Array(n - 1), length: new Float64Array(n - 1) };
  const forest = createForest(n);
  const search = createSearch(tree, core);
  const best = { edge: new Int32Array(n), length: new Float64Array(n) };
  let count = 0;
  while (count < n - 1) {
    search.label((place) => forest.find(place));
    best.edge.fill(-1);
    best.length.fill(Number.POSITIVE_INFINITY);
    for (let place = 0; place < n; place++) {
      if (place % 4096 === 0 && options.signal?.aborted) throw new InterruptedError('clustering was interrupted');
      search.nearestStranger(place, best);
    }
    for (let component = 0; component < n; component++) {
      const place = best.edge[component];
      if (place < 0 || !forest.join(place, search.stranger[place])) continue;
      edges.from[count] = tree.order[place];
      edges.to[count] = tree.order[search.stranger[place]];
      edges.length[count++] = search.reach[place];
    }
    options.onProgress?.({ stage: 'joining neighbours', done: count, total: n - 1 });
  }
  return sorted(edges);
}

interface BestEdges {
  /** By component: the place its shortest edge so far starts from, −1 for none. */
  readonly edge: Int32Array;
  readonly length: Float64Array;
}

const MIXED = -1;

function createSearch(tree: KdTree, core: Float64Array) {
  const { points: n, coordinates, dimensions: d, order, start, end, firstLeaf } = tree;
  const coreAt = Float64Array.from(order, (index) => core[index]);
  const smallestCore = smallestInNodes(tree, coreAt);
  const component = new Int32Array(n);
  const nodeComponent = new Int32Array(start.length);
  // By place: its nearest known stranger and the mutual reachability distance to it, a lower bound once they have met.
  const stranger = new Int32Array(n).fill(-1);
  const reach = new Float64Array(n);
  const stack = new Int32Array(128);
  const bounds = new Float64Array(128);

  function label(find: (place: number) => number): void {
    for (let place = 0; place < n; place++) component[place] = find(place);
    for (let node = start.length - 1; node >= 0; node--) {
      if (node < firstLeaf) {
        const left = nodeComponent[2 * node + 1];
        nodeComponent[node] = left === nodeComponent[2 * node + 2] ? left : MIXED;
        continue;
      }
      let own = component[start[node]];
      for (let place = start[node] + 1; place < end[node]; place++) if (component[place] !== own) own = MIXED;
      nodeComponent[node] = own;
    }
  }

  /** Lower bound on the mutual reachability distance from a place to any point of a node. */
  function bound(node: number, place: number): number {
    const straight = Math.sqrt(squareToBox(tree, node, coordinates, place * d));
    return Math.max(straight, coreAt[place], smallestCore[node]);
  }

  function visitLeaf(node: number, place: number, own: number, limit: number): number {
    let shortest = limit;
    for (let other = start[node]; other < end[node]; other++) {
      if (component[other] === own || coreAt[other] >= shortest) continue;
      let square = 0;
      for (let k = 0; k < d; k++) {
        const gap = coordinates[place * d + k] - coordinates[other * d + k];
        square += gap * gap;
      }
      const length = Math.max(Math.sqrt(square), coreAt[place], coreAt[other]);
      if (length >= shortest) continue;
      shortest = length;
      stranger[place] = other;
      reach[place] = length;
    }
    return shortest;
  }

  function nearestStranger(place: number, best: BestEdges): void {
    const own = component[place];
    const limit = best.length[own];
    if (Math.max(reach[place], coreAt[place]) >= limit) return;
    const known = stranger[place];
    let shortest = limit;
    if (known >= 0 && component[known] !== own) {
      shortest = reach[place];
    } else {
      shortest = descend(place, own, limit);
      // Nothing nearer than the component's best: remembered as a bound for later rounds.
      if (shortest === limit) {
        reach[place] = limit;
        stranger[place] = -1;
        return;
      }
    }
    best.length[own] = shortest;
    best.edge[own] = place;
  }

  function descend(place: number, own: number, limit: number): number {
    let shortest = limit;
    let depth = 1;
    stack[0] = 0;
    bounds[0] = 0;
    while (depth > 0) {
      depth--;
      const node = stack[depth];
      if (bounds[depth] >= shortest || nodeComponent[node] === own) continue;
      if (node >= firstLeaf) {
        shortest = visitLeaf(node, place, own, shortest);
        continue;
      }
      const [left, right] = [2 * node + 1, 2 * node + 2];
      const [toLeft, toRight] = [bound(left, place), bound(right, place)];
      const near = toLeft <= toRight ? left : right;
      stack[depth] = near === left ? right : left;
      bounds[depth++] = Math.max(toLeft, toRight);
      stack[depth] = near;
      bounds[depth++] = Math.min(toLeft, toRight);
    }
    return shortest;
  }

  return { stranger, reach, label, nearestStranger };
}

function smallestInNodes({ start, end, firstLeaf }: KdTree, values: Float64Array): Float64Array {
  const smallest = new Float64Array(start.length).fill(Number.POSITIVE_INFINITY);
  for (let node = start.length - 1; node >= 0; node--) {
    if (node < firstLeaf) smallest[node] = Math.min(smallest[2 * node + 1], smallest[2 * node + 2]);
    else for (let i = start[node]; i < end[node]; i++) smallest[node] = Math.min(smallest[node], values[i]);
  }
  return smallest;
}

function sorted({ from, to, length }: SpanningTree): SpanningTree {
  const order = Uint32Array.from(length, (_, edge) => edge).sort((a, b) => length[a] - length[b] || a - b);
  return {
    from: Uint32Array.from(order, (edge) => from[edge]),
    to: Uint32Array.from(order, (edge) => to[edge]),
    length: Float64Array.from(order, (edge) => length[edge]),
  };
}
