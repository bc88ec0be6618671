import { Random, SOFTWARE_VERSION, zeros } from '../../src/base/index.ts';
import type { Dataset } from '../../src/dataset/index.ts';
import { assignSplits } from '../../src/dataset/index.ts';

/** What to make: `labels` of them carry errors and gaps, as do the pixels. */
export interface RandomDatasetOptions {
  readonly objects: number;
  readonly pixels: number;
  readonly seed: number;
  readonly labels?: readonly string[];
  readonly truth?: boolean;
}

/** A dataset of noise with every kind of column, gap and null that a dataset may hold; it means nothing. */
export function randomDataset(options: RandomDatasetOptions): Dataset {
  const { objects, pixels, seed, labels = ['log_mbh', 'log_lbol'], truth = false } = options;
  const random = new Random(seed);
  const id = Array.from({ length: objects }, (_, index) => `object-${index}`);
  const flux = zeros(objects, pixels);
  const ivar = zeros(objects, pixels);
  for (let i = 0; i < flux.data.length; i++) {
    const observed = random.uniform() < 0.8;
    flux.data[i] = observed ? random.normal(1, 0.3) : 0;
    ivar.data[i] = observed ? random.uniform(1, 100) : 0;
  }
  const value = zeros(objects, labels.length);
  const weight = zeros(objects, labels.length);
  for (let i = 0; i < value.data.length; i++) {
    const measured = random.uniform() < 0.7;
    value.data[i] = measured ? random.normal(8, 1) : 0;
    weight.data[i] = measured ? 1 / random.uniform(0.1, 0.5) ** 2 : 0;
  }
  const sometimes = <T>(make: () => T): (T | null)[] => id.map(() => (random.uniform() < 0.9 ? make() : null));
  return {
    wavelength: Float64Array.from({ length: pixels }, (_, i) => 3500 * 1.001 ** i),
    flux,
    ivar,
    truth: truth ? { rows: objects, columns: pixels, data: Float32Array.from(flux.data, (f) => f * 0.9) } : null,
    catalogue: {
      id,
      redshift: sometimes(() => random.uniform(0, 3)),
      objectClass: sometimes(() => ['quiescent', 'emission-line', 'QSO'][random.integer(3)]),
      snr: Float32Array.from(id, () => random.uniform(2, 80)),
      split: assignSplits(id, seed),
      scale: Float32Array.from(id, () => random.uniform(1, 1000)),
      source: id.map((name) => `files/${name}.fits`),
      labels: { names: labels, value, ivar: weight },
      extra: {
        true_dust: sometimes(() => random.normal()),
        planted_oddity: id.map(() => (random.uniform() < 0.1 ? 'calibration step, 6000 Å' : null)),
      },
    },
    manifest: {
      format: 1,
      kind: 'lightfold-dataset',
      normalisation: 'flux',
      fluxUnit: '1e-17 erg/s/cm2/Angstrom',
      preset: null,
      provenance: {
        software: `lightfold ${SOFTWARE_VERSION}`,
        created: '2026-11-22T00:00:00.000Z',
        command: 'random dataset',
        settings: { seed, grid: [3500, 1.001], note: null },
        inputs: [{ file: 'a.fits', sha256: 'ab'.repeat(32) }],
      },
    },
  };
}
