import { InterruptedError, type LongWorkOptions } from '../base/index.ts';
import { type KdTree, type Points, squareToBox } from './kd-tree.ts';

/** The k nearest points of each of N points, nearest first; equally near ones in the order of the input. */
export interface NearestNeighbours {
  readonly k: number;
  /** N × k: numbers of the points as given. */
  readonly index: Uint32Array;
  /** N × k: Euclidean distances. */
  readonly distance: Float64Array;
}

const REPORT_EVERY = 4096;

/**
 * Exact k nearest neighbours of every point of the tree among the others: a point is not its own neighbour, a duplicate
 * of it is.
 *
 * @throws RangeError unless 1 ≤ k < N
 * @throws InterruptedError when `options.signal` fires
 */
export function nearestNeighbours(tree: KdTree, k: number, options: LongWorkOptions = {}): NearestNeighbours {
  const n = tree.points;
  if (!(Number.isInteger(k) && k >= 1 && k < n)) throw new RangeError(`${k} neighbours among ${n} points`);
  const index = new Uint32Array(n * k);
  const distance = new Float64Array(n * k);
  const search = createSearch(tree, k);
  // In the order of the leaves: one query after another finds its nodes in the cache.
  for (let place = 0; place < n; place++) {
    if (place % REPORT_EVERY === 0) {
      if (options.signal?.aborted) throw new InterruptedError('the search for neighbours was interrupted');
      options.onProgress?.({ stage: 'finding neighbours', done: place, total: n });
    }
    search({ point: tree.coordinates, offset: place * tree.dimensions, place }, index, distance, tree.order[place] * k);
  }
  options.onProgress?.({ stage: 'finding neighbours', done: n, total: n });
  return { k, index, distance };
}

/**
 * Exact k nearest points of the tree to each of N others; one that coincides with a point of the tree has it for a
 * neighbour.
 *
 * @param points N × D
 * @throws RangeError unless 1 ≤ k ≤ the tree's number of points, and D is the tree's
 */
export function nearestTo(tree: KdTree, points: Points, k: number): NearestNeighbours {
  const { rows, columns } = points;
  if (!(Number.isInteger(k) && k >= 1 && k <= tree.points)) throw new RangeError(`${k} of ${tree.points} points`);
  if (columns !== tree.dimensions) throw new RangeError(`${columns} coordinates in a tree of ${tree.dimensions}`);
  const index = new Uint32Array(rows * k);
  const distance = new Float64Array(rows * k);
  const search = createSearch(tree, k);
  const point = Float64Array.from(points.data);
  for (let n = 0; n < rows; n++) search({ point, offset: n * columns, place: NOWHERE }, index, distance, n * k);
  return { k, index, distance };
}

/** No place of a tree. */
const NOWHERE = -1;

/** What is asked for: coordinates from `offset` on, and the point's own place in the tree, which does not count. */
interface Query {
  readonly point: Float64Array;
  readonly offset: number;
  readonly place: number;
}

/** A search, which writes k indices and distances from `into` on. */
function createSearch(tree: KdTree, k: number) {
  const { coordinates, dimensions: d, order, start, end, firstLeaf } = tree;
  const squares = new Float64Array(k);
  const found = new Uint32Array(k);
  const stack = new Int32Array(2 * 64);
  const bounds = new Float64Array(2 * 64);

  function keep(square: number, index: number): void {
    let slot = k - 1;
    while (slot > 0 && (squares[slot - 1] > square || (squares[slot - 1] === square && found[slot - 1] > index))) {
      squares[slot] = squares[slot - 1];
      found[slot] = found[slot - 1];
      slot--;
    }
    squares[slot] = square;
    found[slot] = index;
  }

  function visitLeaf(node: number, { point, offset, place }: Query): void {
    for (let other = start[node]; other < end[node]; other++) {
      if (other === place) continue;
      const base = other * d;
      const limit = squares[k - 1];
      let square = 0;
      for (let axis = 0; axis < d; axis++) {
        const gap = point[offset + axis] - coordinates[base + axis];
        square += gap * gap;
      }
      if (square < limit || (square === limit && order[other] < found[k - 1])) keep(square, order[other]);
    }
  }

  return (query: Query, index: Uint32Array, distance: Float64Array, into: number): void => {
    squares.fill(Number.POSITIVE_INFINITY);
    found.fill(0xffffffff);
    let depth = 1;
    stack[0] = 0;
    bounds[0] = 0;
    while (depth > 0) {
      depth--;
      const node = stack[depth];
      // Not ≥: a point as near as the farthest kept may have the smaller number.
      if (bounds[depth] > squares[k - 1]) continue;
      if (node >= firstLeaf) {
        visitLeaf(node, query);
        continue;
      }
      const [left, right] = [2 * node + 1, 2 * node + 2];
      const toLeft = squareToBox(tree, left, query.point, query.offset);
      const toRight = squareToBox(tree, right, query.point, query.offset);
      const near = toLeft <= toRight ? left : right;
      stack[depth] = near === left ? right : left;
      bounds[depth++] = Math.max(toLeft, toRight);
      stack[depth] = near;
      bounds[depth++] = Math.min(toLeft, toRight);
    }
    for (let slot = 0; slot < k; slot++) {
      index[into + slot] = found[slot];
      distance[into + slot] = Math.sqrt(squares[slot]);
    }
  };
}
