import { Random } from '../../src/base/index.ts';
import { columnTableBytes, gridBytes } from '../../src/explorer/columns.ts';
import type { ExhibitDescription, ExhibitSource } from '../../src/explorer/index.ts';
import { writeSpectraBlock } from '../../src/explorer/spectra-block.ts';
import { linearRun } from '../../tests/fixtures/inference/linear-run.ts';

const PER_BLOCK = 64;
const CLASSES = ['quiescent', 'star-forming', 'composite', 'AGN'];

/** An exhibit `points` of made-up objects in two latents, with one run that has no graphs: a map and its tables. */
export function manyPoints(objects: number): ExhibitSource {
  const random = new Random(1);
  const rows = <T>(of: (row: number) => T): T[] => Array.from({ length: objects }, (_, row) => of(row));
  const number = (name: string, role: 'redshift' | 'snr' | 'latent' | 'latentError' | 'turned', of: () => number) => ({
    description: { name, title: name, kind: 'number' as const, role },
    values: Float64Array.from({ length: objects }, of),
  });
  const normal = () => random.normal();
  const catalogue = [
    {
      description: { name: 'id', title: 'object', kind: 'text' as const, role: 'id' as const },
      values: rows((row) => `J${row}`),
    },
    {
      description: { name: 'class', title: 'class', kind: 'category' as const, role: 'class' as const },
      values: rows((row) => CLASSES[row % CLASSES.length]),
    },
    number('z', 'redshift', () => Math.abs(0.1 * normal())),
    number('snr', 'snr', () => 10 * Math.exp(normal())),
  ];
  const latents = (['latent', 'latentError', 'turned'] as const).flatMap((role, at) =>
    [1, 2].map((q) => number(`${['z', 'sd', 't'][at]}${q}`, role, normal)),
  );
  const description = described(objects, catalogue, latents);
  // Of the run nothing is computed; the page asks for its description all the same.
  const runDescription = { ...linearRun().run.description, labels: [], labelRanges: [] };
  const resources = new Map([
    ['points/exhibit.json', new TextEncoder().encode(JSON.stringify(description))],
    ['points/runs/made-up/run.json', new TextEncoder().encode(JSON.stringify(runDescription))],
    ['points/catalogue.arrow', columnTableBytes(catalogue)],
    ['points/grid.arrow', gridBytes(Float64Array.of(4000, 4001))],
    ['points/runs/made-up/latents.arrow', columnTableBytes(latents)],
  ]);
  const flat = { rows: PER_BLOCK, columns: 2, data: new Float32Array(2 * PER_BLOCK).fill(1) };
  const block = writeSpectraBlock({ flux: flat, ivar: flat, truth: null }, 'float32');
  return {
    exhibits: () => ({
      ...{ format: 1, software: 'bench', placing: 'server', compressed: false },
      exhibits: [{ name: 'points', title: 'Points', objects, runs: ['made-up'] }],
    }),
    addresses: () => ['exhibits.json', ...resources.keys()],
    // The card of an object that is hovered over shows its spectrum: all blocks are one.
    resource: async (address) => (/spectra/.test(address) ? block : (resources.get(address) ?? null)),
    place: () => Promise.reject(new Error('nothing is placed here')),
  };
}

type Columns = readonly { readonly description: ExhibitDescription['columns'][number] }[];

function described(objects: number, catalogue: Columns, latents: Columns): ExhibitDescription {
  return {
    ...{ format: 1, name: 'points', title: 'Points', objects, pixels: 2, normalisation: 'flux', fluxUnit: '' },
    ...{ spectraPerBlock: PER_BLOCK, spectra: 'float32', hasTruth: false, lines: [] },
    columns: catalogue.map(({ description }) => description),
    runs: [
      {
        ...{
          name: 'made-up',
          model: 'pca',
          title: 'PCA',
          latents: 2,
          labels: [],
          labelRanges: [],
          jointEncoder: false,
          labelEncoder: false,
        },
        axes: { titles: ['PCA 1', 'PCA 2'], varianceShare: [0.5, 0.5], origin: [0, 0], vectors: [1, 0, 0, 1] },
        support: { mean: [0, 0], precision: [1, 0, 0, 1], distance99: 9.2, sample: [], nearest99: 1 },
        ...{ umap: 'absent', tracks: [], outliers: [], clusters: [] },
        columns: latents.map(({ description }) => description),
        bytes: { encoder: 0, decoder: 0, jointEncoder: null },
      },
    ],
  };
}
