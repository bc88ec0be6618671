import { kmeans } from 'ml-kmeans';
import type { Random } from '../base/index.ts';
import type { Clustering } from './clustering.ts';
import type { Points } from './kd-tree.ts';
import { silhouette } from './silhouette.ts';

export interface KMeansOptions {
  /** How many clusters; when not given, the number from 2 to 10 of the best silhouette. */
  readonly k?: number;
  readonly random: Random;
  /** Starts, of which the tightest clustering is kept; 5 unless told. */
  readonly starts?: number;
}

const STARTS = 5;
const MAXIMUM_ITERATIONS = 300;
const MOST_CLUSTERS = 10;

/** Points by which the number of clusters is chosen. */
const SAMPLE = 4000;

/**
 * K-means (Lloyd 1982) from k-means++ starts (Arthur & Vassilvitskii 2007). The probability is the share of the point's
 * closeness that its own centre has beside the second nearest, d₂ / (d₁ + d₂): 0.5 on the border, 1 at the centre.
 *
 * @param points N × D, finite
 * @throws RangeError unless 1 ≤ k ≤ N
 */
export function kMeans(points: Points, options: KMeansOptions): Clustering {
  const { k, random, starts = STARTS } = options;
  return fixed(points, k ?? bestCount(points, random), random, starts);
}

/** The number of clusters from 2 to 10 whose silhouette is best, tried on a sample of many points. */
function bestCount(points: Points, random: Random): number {
  const sample = sampleOf(points, random.stream('sample'));
  let best = 1;
  let score = Number.NEGATIVE_INFINITY;
  for (let count = 2; count <= Math.min(MOST_CLUSTERS, sample.rows - 1); count++) {
    const found = fixed(sample, count, random.stream(`${count} clusters`), 2);
    const own = silhouette(sample, found, random.stream('silhouette'));
    if (!(own > score)) continue;
    best = count;
    score = own;
  }
  return best;
}

function sampleOf(points: Points, random: Random): Points {
  if (points.rows <= SAMPLE) return points;
  const { columns: d, data } = points;
  const chosen = random.permutation(points.rows).subarray(0, SAMPLE);
  const picked = new Float64Array(SAMPLE * d);
  chosen.forEach((index, i) => {
    for (let k = 0; k < d; k++) picked[i * d + k] = data[index * d + k];
  });
  return { rows: SAMPLE, columns: d, data: picked };
}

function fixed(points: Points, k: number, random: Random, starts: number): Clustering {
  if (!(Number.isInteger(k) && k >= 1 && k <= points.rows))
    throw new RangeError(`${k} clusters of ${points.rows} points`);
  const { columns: d } = points;
  const data = Array.from({ length: points.rows }, (_, i) => Array.from(points.data.subarray(i * d, (i + 1) * d)));
  let best: { centroids: number[][]; within: number } | null = null;
  for (let start = 0; start < starts; start++) {
    const initialization = spreadCentres(data, k, random.stream(`start ${start}`));
    const { centroids } = kmeans(data, k, { initialization, maxIterations: MAXIMUM_ITERATIONS });
    const within = data.reduce((sum, point) => sum + nearestTwo(point, centroids).first ** 2, 0);
    if (best === null || within < best.within) best = { centroids, within };
  }
  return assigned(data, best?.centroids ?? []);
}

/** K-means++: each next centre is a point drawn with probability proportional to its squared distance from the nearest. */
function spreadCentres(data: readonly number[][], k: number, random: Random): number[][] {
  const centres = [data[random.integer(data.length)]];
  const square = new Float64Array(data.length).fill(Number.POSITIVE_INFINITY);
  while (centres.length < k) {
    let total = 0;
    for (let i = 0; i < data.length; i++) {
      square[i] = Math.min(square[i], squaredDistance(data[i], centres[centres.length - 1]));
      total += square[i];
    }
    let left = random.uniform(0, total);
    let chosen = 0;
    // Duplicates of centres have no chance; when all points are, any will do.
    while (chosen < data.length - 1 && (square[chosen] === 0 || left >= square[chosen])) left -= square[chosen++];
    centres.push(data[chosen]);
  }
  return centres;
}

function assigned(data: readonly number[][], centroids: readonly number[][]): Clustering {
  const size = new Int32Array(centroids.length);
  const nearest = data.map((point) => nearestTwo(point, centroids));
  for (const { at } of nearest) size[at]++;
  const bySize = centroids.map((_, c) => c).sort((a, b) => size[b] - size[a] || a - b);
  const name = new Int32Array(centroids.length);
  bySize.forEach((centre, index) => {
    name[centre] = index;
  });
  return {
    clusters: size.filter((members) => members > 0).length,
    cluster: Int32Array.from(nearest, ({ at }) => name[at]),
    probability: Float64Array.from(nearest, ({ first, second }) =>
      second === Number.POSITIVE_INFINITY || first + second === 0 ? 1 : second / (first + second),
    ),
  };
}

function nearestTwo(point: readonly number[], centroids: readonly number[][]) {
  let [at, first, second] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  centroids.forEach((centre, index) => {
    const square = squaredDistance(point, centre);
    if (square < first) [at, second, first] = [index, first, square];
    else if (square < second) second = square;
  });
  return { at, first: Math.sqrt(first), second: Math.sqrt(second) };
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
