import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../src/base/index.ts';
import { type NpyArray, npyNumbers, readNpz, writeNpz } from '../../src/io/index.ts';
import { midpointEdges } from '../../src/spectra/edges.ts';
import { logGrid, resampleInto } from '../../src/spectra/index.ts';
import { type Benchmark, comparison, medianMilliseconds, numberFrom } from '../measure.ts';
import { runPeer } from '../peers.ts';

const SPECTRA = 100;
const INPUT_PIXELS = 4000;
const OUTPUT_PIXELS = 1000;

/** Flux-conserving resampling of SDSS-like spectra onto the galaxies grid: same numbers as the peers, and how fast. */
export const resampleBenchmark: Benchmark = {
  name: 'resample',
  title: `flux-conserving resampling, ${INPUT_PIXELS} to ${OUTPUT_PIXELS} pixels, one thread`,
  async run() {
    const random = new Random(1);
    const wave = logGrid(3300, 9000, INPUT_PIXELS);
    const grid = logGrid(3388, 8318, OUTPUT_PIXELS);
    const flux = Float64Array.from({ length: SPECTRA * INPUT_PIXELS }, () => 1 + 0.1 * random.normal());
    const sigma = Float64Array.from(flux, () => random.uniform(0.05, 0.15));
    const ivar = sigma.map((value) => 1 / value ** 2);
    const ours = { flux: new Float64Array(SPECTRA * OUTPUT_PIXELS), ivar: new Float64Array(SPECTRA * OUTPUT_PIXELS) };
    const oursMs = await medianMilliseconds(() => resampleAll(wave, flux, ivar, grid, ours), 20, 3);

    const folder = mkdtempSync(join(tmpdir(), 'lightfold-bench-'));
    const [input, output] = [join(folder, 'in.npz'), join(folder, 'out.npz')];
    const shape = [SPECTRA, INPUT_PIXELS];
    const arrays = {
      wave: { data: Float64Array.from(wave) },
      flux: { data: flux, shape },
      sigma: { data: sigma, shape },
      grid: { data: Float64Array.from(grid) },
    };
    writeFileSync(input, writeNpz(arrays));
    const peer = runPeer('resample.py', input, output);
    const theirs = readNpz(readFileSync(output), output);
    const column = (name: string): Float64Array => npyNumbers(theirs.get(name) ?? missing(name), output, name);
    const oursSigma = ours.ivar.map((value) => 1 / Math.sqrt(value));
    return [
      comparison(oursMs / SPECTRA, numberFrom(peer, 'spectresMs'), 'ms', 'spectres'),
      comparison(oursMs / SPECTRA, numberFrom(peer, 'specutilsMs'), 'ms', 'specutils'),
      `largest relative difference of flux: spectres ${largestDifference(ours.flux, column('spectresFlux'))}, specutils ${largestDifference(ours.flux, column('specutilsFlux'))}`,
      `largest relative difference of sigma: spectres ${largestDifference(oursSigma, column('spectresSigma'))}`,
    ];
  },
};

type Resampled = { readonly flux: Float64Array; readonly ivar: Float64Array };

function resampleAll(
  wave: Float64Array,
  flux: Float64Array,
  ivar: Float64Array,
  grid: Float64Array,
  into: Resampled,
): void {
  // Both peers put boundaries midway between centres, ours are geometric on log grids: compare on theirs.
  const [inputEdges, outputEdges] = [midpointEdges(wave), midpointEdges(grid)];
  for (let n = 0; n < SPECTRA; n++) {
    const from = n * INPUT_PIXELS;
    const to = n * OUTPUT_PIXELS;
    resampleInto(
      inputEdges,
      flux.subarray(from, from + INPUT_PIXELS),
      ivar.subarray(from, from + INPUT_PIXELS),
      outputEdges,
      into.flux.subarray(to, to + OUTPUT_PIXELS),
      into.ivar.subarray(to, to + OUTPUT_PIXELS),
    );
  }
}

function largestDifference(ours: Float64Array, theirs: Float64Array): string {
  let largest = 0;
  for (let i = 0; i < ours.length; i++) largest = Math.max(largest, Math.abs(ours[i] / theirs[i] - 1));
  return largest.toExponential(1);
}

function missing(name: string): NpyArray {
  throw new Error(`the peer wrote no array "${name}"`);
}
