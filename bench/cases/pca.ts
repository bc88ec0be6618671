import { writeFileSync } from 'node:fs';
import { type Matrix, Random, row, zeros } from '../../src/base/index.ts';
import { createNodeRuntime } from '../../src/graph/index.node.ts';
import { writeNpy } from '../../src/io/index.ts';
import { type FitData, findModel } from '../../src/models/index.ts';
import { logGrid } from '../../src/spectra/index.ts';
import { benchData } from '../data.ts';
import { type Benchmark, comparison, digits, numberFrom } from '../measure.ts';
import { runPeer } from '../peers.ts';

const PIXELS = 1000;
const COMPONENTS = 10;

/** Classical PCA against scikit-learn's randomised solver, and what no peer has: weights and gaps. */
export const pcaBenchmark: Benchmark = {
  name: 'pca',
  title: `${COMPONENTS} components of spectra of ${PIXELS} pixels`,
  async run(threads) {
    const complete = lowRankSpectra(47_000, 0);
    const file = benchData('pca-flux.npy');
    writeFileSync(file, writeNpy({ data: Float32Array.from(complete.flux.data), shape: [complete.flux.rows, PIXELS] }));
    const peer = runPeer('pca.py', file, COMPONENTS, threads);
    const classical = await fitSeconds('classical', complete, threads);
    const em = await fitSeconds('em', lowRankSpectra(20_000, 0.2), threads);
    const memory = process.resourceUsage().maxRSS / 2 ** 20;
    return [
      `classical, 47,000 spectra: ${comparison(classical, numberFrom(peer, 'seconds'), 's', String(peer.library))}`,
      `noise-weighted with 20% of pixels missing, 20,000 spectra: ${digits(em)} s (bar: 60 s)`,
      `peak memory of this process so far: ${digits(memory)} GiB`,
    ];
  },
};

async function fitSeconds(method: string, train: FitData, threads: number): Promise<number> {
  const { fitting } = findModel('pca').configure({ pixels: PIXELS, latents: COMPONENTS }, { method });
  if (fitting.kind !== 'direct') throw new Error('pca is fitted directly');
  const valid = { ...train, flux: firstRows(train.flux, 1000), ivar: firstRows(train.ivar, 1000) };
  const start = performance.now();
  await fitting.fit(train, valid, { runtime: createNodeRuntime({ threads }), random: new Random(1) });
  return (performance.now() - start) / 1000;
}

function firstRows({ columns, data }: Matrix, rows: number): Matrix {
  return { rows, columns, data: data.subarray(0, rows * columns) };
}

/** Spectra of 12 smooth components of falling strength with noise of S/N 20, a share of the pixels unobserved. */
function lowRankSpectra(rows: number, missing: number): FitData {
  const random = new Random(2);
  const wavelength = logGrid(3388, 8318, PIXELS);
  const [flux, ivar] = [zeros(rows, PIXELS), zeros(rows, PIXELS)];
  for (let n = 0; n < rows; n++) {
    const spectrum = row(flux, n);
    spectrum.fill(1);
    for (let k = 1; k <= 12; k++) {
      const strength = random.normal() / k;
      for (let p = 0; p < PIXELS; p++) spectrum[p] += strength * Math.sin((k * Math.PI * p) / PIXELS);
    }
    const weights = row(ivar, n);
    for (let p = 0; p < PIXELS; p++) {
      spectrum[p] += 0.05 * random.normal();
      weights[p] = random.uniform() < missing ? 0 : 400;
      if (weights[p] === 0) spectrum[p] = 0;
    }
  }
  return { wavelength, flux, ivar };
}
