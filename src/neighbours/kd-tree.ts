/**
 * An exact kd-tree (Friedman, Bentley & Finkel 1977) on typed arrays. The tree is balanced and complete: node i has the
 * children 2i + 1 and 2i + 2, all leaves lie on one level, and every node knows its points' tight bounding box, which is
 * what queries prune by. Points are stored once more in the order of the leaves, so that a leaf is one stretch of memory.
 *
 * Axes: N points, D coordinates.
 */
export interface KdTree {
  /** N */
  readonly points: number;
  /** D */
  readonly dimensions: number;
  /** N × D in the order of the leaves. */
  readonly coordinates: Float64Array;
  /** Length N: which point of the input stands at each place of `coordinates`. */
  readonly order: Uint32Array;
  /** Node i holds the places from `start[i]` to `end[i]` − 1. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Nodes × D: corners of the bounding boxes. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Nodes from this number on are leaves. */
  readonly firstLeaf: number;
}

/** Points in a leaf: fewer cost more nodes to visit, more cost more distances; 16–32 were equally fast. */
const LEAF = 24;

/** Coordinates of N points, row-major. */
export interface Points {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/**
 * @param points N × D, all finite
 * @throws RangeError when a coordinate is not a finite number
 */
export function buildKdTree({ rows: n, columns: d, data }: Points): KdTree {
  requireFinite(data.subarray(0, n * d), d);
  const levels = Math.max(0, Math.ceil(Math.log2(Math.max(1, n) / LEAF)));
  const nodes = 2 ** (levels + 1) - 1;
  const firstLeaf = 2 ** levels - 1;
  const start = new Uint32Array(nodes);
  const end = new Uint32Array(nodes);
  const low = new Float64Array(nodes * d);
  const high = new Float64Array(nodes * d);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const keys = new Float64Array(n);
  end[0] = n;
  for (let node = 0; node < nodes; node++) {
    const [from, to] = [start[node], end[node]];
    const axis = boundNode(node, data, d, order.subarray(from, to), low, high);
    if (node >= firstLeaf) continue;
    const middle = (from + to) >>> 1;
    for (let i = from; i < to; i++) keys[i] = data[order[i] * d + axis];
    selectPlace(keys, order, from, to - 1, middle);
    start[2 * node + 1] = from;
    end[2 * node + 1] = middle;
    start[2 * node + 2] = middle;
    end[2 * node + 2] = to;
  }
  const coordinates = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) coordinates[i * d + k] = data[order[i] * d + k];
  }
  return { points: n, dimensions: d, coordinates, order, start, end, low, high, firstLeaf };
}

function requireFinite(data: Float32Array | Float64Array, d: number): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`coordinate ${at % d} of point ${Math.floor(at / d)} is ${data[at]}`);
}

/** Fills the node's box and returns the axis along which its points spread most. */
function boundNode(
  node: number,
  data: Float32Array | Float64Array,
  d: number,
  members: Uint32Array,
  low: Float64Array,
  high: Float64Array,
): number {
  const base = node * d;
  low.fill(Number.POSITIVE_INFINITY, base, base + d);
  high.fill(Number.NEGATIVE_INFINITY, base, base + d);
  for (let i = 0; i < members.length; i++) {
    const row = members[i] * d;
    for (let k = 0; k < d; k++) {
      const value = data[row + k];
      if (value < low[base + k]) low[base + k] = value;
      if (value > high[base + k]) high[base + k] = value;
    }
  }
  let widest = 0;
  for (let k = 1; k < d; k++) {
    if (high[base + k] - low[base + k] > high[base + widest] - low[base + widest]) widest = k;
  }
  return widest;
}

/** Quickselect (Hoare 1961) on keys with their order: afterwards no key before `place` exceeds one from there on. */
function selectPlace(keys: Float64Array, order: Uint32Array, from: number, to: number, place: number): void {
  let left = from;
  let right = to;
  while (left < right) {
    const pivot = medianOfThree(keys[left], keys[(left + right) >>> 1], keys[right]);
    let i = left;
    let j = right;
    while (i <= j) {
      while (keys[i] < pivot) i++;
      while (keys[j] > pivot) j--;
      if (i > j) break;
      const key = keys[i];
      keys[i] = keys[j];
      keys[j] = key;
      const index = order[i];
      order[i] = order[j];
      order[j] = index;
      i++;
      j--;
    }
    if (place <= j) right = j;
    else if (place >= i) left = i;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Squared distance from a point to the box of a node; 0 inside. */
export function squareToBox(tree: KdTree, node: number, point: Float64Array, offset: number): number {
  const { dimensions: d, low, high } = tree;
  const base = node * d;
  let square = 0;
  for (let k = 0; k < d; k++) {
    const value = point[offset + k];
    const below = low[base + k] - value;
    const above = value - high[base + k];
    const gap = below > 0 ? below : above > 0 ? above : 0;
    square += gap * gap;
  }
  return square;
}
