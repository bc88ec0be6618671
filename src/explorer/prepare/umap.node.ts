/**
 * UMAP of latent means (McInnes, Healy & Melville 2018): a map of neighbourhoods, for spaces of more than two latents.
 * It is fitted to at most 5,000 objects, in another thread; the others are placed amid their nearest fitted ones.
 * Axes: N objects, F fitted ones, Q latents.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { InterruptedError, type LongWorkOptions, type Matrix, Random } from '../../base/index.ts';
import { gatherRows } from '../../dataset/index.ts';
import { buildKdTree, nearestTo } from '../../neighbours/index.ts';

/** The thread has no place of its own from which to find a library. */
const require = createRequire(import.meta.url);

/** Fewer make no map. */
export const FEWEST_MAPPED = 10;
const MOST_FITTED = 5000;
/** As umap-learn has it. */
const NEIGHBOURS = 15;
/** Fitted objects amid which another is placed. */
const PLACED_BY = 5;
const SEED = 1;

/** The thread's whole program: as a text it needs no loader of TypeScript. Its generator is mulberry32. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { UMAP } = require(workerData.library);
let state = workerData.seed;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let z = Math.imul(state ^ (state >>> 15), 1 | state);
  z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
  return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
};
const { points, index, distance, neighbours, latents } = workerData;
const rows = (data, width) =>
  Array.from({ length: data.length / width }, (_, n) => Array.from(data.subarray(n * width, (n + 1) * width)));
const umap = new UMAP({ nComponents: 2, nNeighbors: neighbours, minDist: 0.1, random });
umap.setPrecomputedKNN(rows(index, neighbours), rows(distance, neighbours));
parentPort.postMessage(Float32Array.from(umap.fit(rows(points, latents)).flat()));
`;

export interface UmapOptions extends Pick<LongWorkOptions, 'signal'> {
  /** Objects that the map is fitted to; 5,000 unless told. */
  readonly mostFitted?: number;
}

/**
 * @param means N × Q, N at least 10
 * @returns N × 2, row-major; the same for the same means
 * @throws InterruptedError when `options.signal` fires
 */
export async function umapOf(means: Matrix, options: UmapOptions = {}): Promise<Float32Array> {
  const { signal, mostFitted = MOST_FITTED } = options;
  const chosen = new Random(SEED).stream('umap').permutation(means.rows).subarray(0, mostFitted).sort();
  const fitted = gatherRows(means, chosen);
  const tree = buildKdTree(fitted);
  const neighbours = Math.min(NEIGHBOURS, fitted.rows);
  // Each point is its own first neighbour, as UMAP expects.
  const { index, distance } = nearestTo(tree, fitted, neighbours);
  const data = { points: fitted.data, index, distance, neighbours, latents: means.columns, seed: SEED };
  const map = await inThread(data, signal);
  return fitted.rows === means.rows ? map : placedAmid(map, nearestTo(tree, means, PLACED_BY), means.rows);
}

function inThread(data: object, signal: AbortSignal | undefined): Promise<Float32Array> {
  const library = require.resolve('umap-js');
  return new Promise((resolve, reject) => {
    const worker = new Worker(PROGRAM, { eval: true, execArgv: [], workerData: { library, ...data } });
    const stop = () => {
      reject(new InterruptedError('UMAP was interrupted'));
      worker.terminate().catch(reject);
    };
    worker.once('message', (map: unknown) => {
      if (map instanceof Float32Array) resolve(map);
      else reject(new TypeError('the thread that maps by UMAP answered something else than a map'));
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop);
      reject(new Error('the thread that maps by UMAP ended without an answer'));
    });
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
  });
}

/** The mean of the nearest fitted objects' places by the inverse of their distances; a fitted object stays where it is. */
function placedAmid(
  map: Float32Array,
  { k, index, distance }: ReturnType<typeof nearestTo>,
  rows: number,
): Float32Array {
  const placed = new Float32Array(2 * rows);
  for (let n = 0; n < rows; n++) {
    const slots = Array.from({ length: k }, (_, slot) => n * k + slot);
    const coinciding = slots.find((slot) => distance[slot] === 0);
    const used = coinciding === undefined ? slots : [coinciding];
    const weights = used.map((slot) => (distance[slot] === 0 ? 1 : 1 / distance[slot]));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    used.forEach((slot, at) => {
      for (const axis of [0, 1]) placed[2 * n + axis] += (weights[at] / sum) * map[2 * index[slot] + axis];
    });
  }
  return placed;
}
