import { writeFileSync } from 'node:fs';
import { Random } from '../../src/base/index.ts';
import { writeNpy } from '../../src/io/index.ts';
import { hdbscan, localOutlierFactor } from '../../src/neighbours/index.ts';
import { benchData } from '../data.ts';
import { type Benchmark, comparison, type Line, numberFrom } from '../measure.ts';
import { runPeer } from '../peers.ts';

const POINTS = 100_000;
/** Prim's algorithm of the peer grows with the square of the number: at 100,000 it takes longer than a benchmark may. */
const CLUSTERED = 20_000;
const NEIGHBOURS = 20;
const SMALLEST_CLUSTER = 100;

/** The local outlier factor and HDBSCAN of clustered points against scikit-learn on the same points. */
export const lofBenchmark: Benchmark = {
  name: 'lof',
  title: `neighbours of ${POINTS.toLocaleString('en')} points, one thread`,
  async run(threads) {
    return [...(await compared(6, threads)), ...(await compared(10, threads))];
  },
};

async function compared(columns: number, threads: number): Promise<Line[]> {
  const points = clusteredPoints(columns);
  const file = benchData(`points-${columns}.npy`);
  writeFileSync(file, writeNpy({ data: points.data, shape: [points.rows, columns] }));
  const start = performance.now();
  const factor = localOutlierFactor(points, NEIGHBOURS);
  const middle = performance.now();
  const fewer = { ...points, rows: CLUSTERED, data: points.data.subarray(0, CLUSTERED * columns) };
  const { clusters } = hdbscan(fewer, { minimumClusterSize: SMALLEST_CLUSTER, minimumSamples: NEIGHBOURS });
  const [lof, clustering] = [(middle - start) / 1000, (performance.now() - middle) / 1000];
  const peer = runPeer('lof.py', file, NEIGHBOURS, CLUSTERED, SMALLEST_CLUSTER, threads);
  const agreement = Math.abs(Math.max(...factor) / numberFrom(peer, 'largest') - 1);
  const library = String(peer.library);
  return [
    `LOF k=${NEIGHBOURS}, ${columns} dimensions: ${comparison(lof, numberFrom(peer, 'lofSeconds'), 's', library)}; largest factor differs by ${agreement.toExponential(0)}`,
    `HDBSCAN of ${CLUSTERED.toLocaleString('en')}, ${columns} dimensions: ${comparison(clustering, numberFrom(peer, 'hdbscanSeconds'), 's', library)}; ${clusters} clusters, ${numberFrom(peer, 'clusters')} by the peer`,
  ];
}

/** Three clouds of unlike width with a tenth of the points spread wide between them. */
function clusteredPoints(columns: number) {
  const random = new Random(5);
  const data = new Float64Array(POINTS * columns);
  for (let i = 0; i < POINTS; i++) {
    const cloud = i % 3;
    const width = i % 10 === 0 ? 4 : 0.5 + 0.5 * cloud;
    for (let k = 0; k < columns; k++) data[i * columns + k] = random.normal(k === cloud ? 7 : 0, width);
  }
  return { rows: POINTS, columns, data };
}
