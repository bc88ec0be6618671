import { writeFileSync } from 'node:fs';
import { type Matrix, Random, zeros } from '../../src/base/index.ts';
import { createNodeRuntime } from '../../src/graph/index.node.ts';
import { writeNpy } from '../../src/io/index.ts';
import { type FitData, findModel, lossWeightsOf } from '../../src/models/index.ts';
import { logGrid } from '../../src/spectra/index.ts';
import { benchData } from '../data.ts';
import { type Benchmark, comparison, digits, numberFrom } from '../measure.ts';
import { runPeer } from '../peers.ts';

const SPECTRA = 20_000;
const PIXELS = 1000;
const COMPONENTS = 10;
const ITERATIONS = 50;

/** Weighted NMF with gaps against scikit-learn's (which has neither) and against nearly-NMF as one writes it in numpy. */
export const nmfBenchmark: Benchmark = {
  name: 'nmf',
  title: `${COMPONENTS} non-negative templates of ${SPECTRA} spectra of ${PIXELS} pixels, 20% of them missing`,
  async run(threads) {
    const data = additiveSpectra();
    const peer = runPeer(
      'nmf.py',
      saved('nmf-flux.npy', data.flux),
      saved('nmf-weights.npy', lossWeightsOf(data.flux, data.ivar)),
      COMPONENTS,
      ITERATIONS,
      threads,
    );
    const nearly = await fitted(data, threads, { updates: 'nearly', maxIterations: ITERATIONS, tolerance: 1e-12 });
    const blocks = await fitted(data, threads, {});
    return [
      `blocks until converged, ${blocks.iterations} iterations: ${digits(blocks.seconds)} s to χ²/pixel ${digits(blocks.chi2)} (bar: 60 s)`,
      `${ITERATIONS} multiplicative iterations, weighted: ${comparison(nearly.seconds, numberFrom(peer, 'nearlySeconds'), 's', String(peer.numpy))}; χ²/pixel ${digits(nearly.chi2)}, ${digits(numberFrom(peer, 'nearlyChi2'))}`,
      `${ITERATIONS} multiplicative iterations, theirs unweighted: ${comparison(nearly.seconds, numberFrom(peer, 'sklearnSeconds'), 's', String(peer.library))}`,
      `converged against their ${ITERATIONS} iterations: ${comparison(blocks.seconds, numberFrom(peer, 'sklearnSeconds'), 's', String(peer.library))}`,
    ];
  },
};

async function fitted(train: FitData, threads: number, settings: Readonly<Record<string, unknown>>) {
  const { fitting } = findModel('nmf').configure(
    { pixels: PIXELS, latents: COMPONENTS },
    { background: false, start: 'random', ...settings },
  );
  if (fitting.kind !== 'direct') throw new Error('nmf is fitted directly');
  const valid = { ...train, flux: firstRows(train.flux, 1000), ivar: firstRows(train.ivar, 1000) };
  const start = performance.now();
  const { history } = await fitting.fit(train, valid, {
    runtime: createNodeRuntime({ threads }),
    random: new Random(1),
  });
  const { step, terms } = history[history.length - 1];
  return { seconds: (performance.now() - start) / 1000, iterations: step, chi2: terms.chi2PerPixel };
}

function saved(name: string, { rows, columns, data }: Matrix): string {
  const file = benchData(name);
  writeFileSync(file, writeNpy({ data: Float32Array.from(data), shape: [rows, columns] }));
  return file;
}

function firstRows({ columns, data }: Matrix, rows: number): Matrix {
  return { rows, columns, data: data.subarray(0, rows * columns) };
}

/** Sums of 12 overlapping bumps of random strength, with noise of S/N about 5 that drives some fluxes below zero. */
function additiveSpectra(): FitData {
  const random = new Random(3);
  const [flux, ivar] = [zeros(SPECTRA, PIXELS), zeros(SPECTRA, PIXELS)];
  const bumps = Array.from({ length: 12 }, (_, k) =>
    Float64Array.from({ length: PIXELS }, (_unused, p) => Math.exp(-0.5 * ((p - 80 * (k + 0.5)) / (20 + 15 * k)) ** 2)),
  );
  for (let n = 0, at = 0; n < SPECTRA; n++) {
    const strengths = bumps.map(() => 2 * random.uniform() ** 2);
    for (let p = 0; p < PIXELS; p++, at++) {
      const lost = random.uniform() < 0.2;
      const noise = 0.2 * random.normal();
      for (let k = 0; k < 12; k++) flux.data[at] += lost ? 0 : strengths[k] * bumps[k][p];
      flux.data[at] += lost ? 0 : noise;
      ivar.data[at] = lost ? 0 : 25;
    }
  }
  return { wavelength: logGrid(3388, 8318, PIXELS), flux, ivar };
}
