import { UserError } from '../../src/base/index.ts';
import type { ExhibitDescription, ExhibitSource, PlacedFile, PlaceRequest } from '../../src/explorer/index.ts';

export interface PretendedExhibit extends ExhibitSource {
  /** What was placed, in order. */
  readonly placed: PlaceRequest[];
  /** Called before a file is placed; a test holds the work up with it. */
  beforePlacing: () => Promise<void>;
  /** Of all addresses asked for. */
  readonly asked: string[];
}

/** Files beginning with this are placed; all others are refused as real ones would be. */
export const READABLE = 'SIMPLE';

const SPECTRA_PER_BLOCK = 64;
const PIXELS = 1000;

/** A source of one exhibit, `galaxies`, with the runs `vae6` and `pca6`, that holds made-up bytes in memory. */
export function pretendExhibit({ compressed = false, objects = 200 } = {}): PretendedExhibit {
  const description = describe(objects);
  const ending = compressed ? '.gz' : '';
  const resources = new Map<string, Uint8Array>([
    ['galaxies/exhibit.json', new TextEncoder().encode(JSON.stringify(description))],
    [`galaxies/catalogue.arrow${ending}`, bytes(objects * 40, 1)],
    [`galaxies/grid.arrow${ending}`, bytes(PIXELS * 8, 2)],
    ...Array.from({ length: Math.ceil(objects / SPECTRA_PER_BLOCK) }, (_, block): [string, Uint8Array] => [
      `galaxies/spectra/${block}.arrow${ending}`,
      bytes(SPECTRA_PER_BLOCK * PIXELS * 8, 3 + block),
    ]),
    ...['vae6', 'pca6'].flatMap((run): [string, Uint8Array][] => [
      [`galaxies/runs/${run}/latents.arrow${ending}`, bytes(objects * 48, 9)],
      [`galaxies/runs/${run}/umap.arrow${ending}`, bytes(objects * 8, 10)],
      [`galaxies/runs/${run}/run.json`, new TextEncoder().encode('{"kind":"lightfold-run"}')],
      [`galaxies/runs/${run}/encoder.onnx${ending}`, bytes(5000, 11)],
      [`galaxies/runs/${run}/decoder.onnx${ending}`, bytes(6000, 12)],
    ]),
  ]);
  const source: PretendedExhibit = {
    placed: [],
    asked: [],
    beforePlacing: () => Promise.resolve(),
    exhibits: () => ({
      format: 1,
      software: '0.1.0',
      placing: 'server',
      compressed,
      exhibits: [{ name: 'galaxies', title: 'Galaxies', objects, runs: ['vae6', 'pca6'] }],
    }),
    addresses: () => ['exhibits.json', ...resources.keys()],
    resource: (address) => {
      source.asked.push(address);
      return Promise.resolve(resources.get(address) ?? null);
    },
    place: async (request) => {
      source.placed.push(request);
      await source.beforePlacing();
      const readable = new TextDecoder('latin1').decode(request.bytes.subarray(0, READABLE.length)) === READABLE;
      if (!readable) throw new UserError(`${request.fileName}: it holds no spectrum that can be read`);
      return placedFile(request);
    },
  };
  return source;
}

function describe(objects: number): ExhibitDescription {
  const run = (name: string, title: string): ExhibitDescription['runs'][number] => ({
    name,
    model: title.toLowerCase(),
    title,
    latents: 2,
    labels: [],
    labelRanges: [],
    jointEncoder: false,
    labelEncoder: false,
    axes: { titles: ['1', '2'], varianceShare: [0.7, 0.3], origin: [0, 0], vectors: [1, 0, 0, 1] },
    support: { mean: [0, 0], precision: [1, 0, 0, 1], distance99: 9.2, sample: [], nearest99: 1 },
    umap: 'ready',
    columns: [{ name: 'z1', title: 'z1', kind: 'number', role: 'latent' }],
    tracks: [],
    outliers: [],
    clusters: [],
    bytes: { encoder: 5000, decoder: 6000, jointEncoder: null },
  });
  return {
    format: 1,
    name: 'galaxies',
    title: 'Galaxies',
    objects,
    pixels: PIXELS,
    normalisation: 'flux',
    fluxUnit: '',
    spectraPerBlock: SPECTRA_PER_BLOCK,
    spectra: 'float32',
    hasTruth: false,
    columns: Array.from({ length: 30 }, (_, k) => ({
      ...{ name: `column_${k}`, title: `Column ${k}`, kind: 'number' as const, role: 'other' as const },
    })),
    lines: [],
    runs: [run('vae6', 'VAE'), run('pca6', 'PCA')],
  };
}

function placedFile({ fileName, redshift }: PlaceRequest): PlacedFile {
  return {
    file: fileName,
    placed: [
      {
        ...{ id: 'one', source: fileName, redshift: redshift ?? 0.1, redshiftError: null, warnings: [] },
        redshiftFrom: redshift === undefined ? 'file' : 'asked',
        ...{
          flux: [1, 2],
          ivar: [1, 0],
          scale: 1,
          latentMean: [0, 0],
          latentCovariance: [1, 0, 0, 1],
          ambiguity: null,
        },
        ...{ reconstruction: [1, 2], reconstructionError: [0.1, 0.1], labels: [] },
      },
    ],
    skipped: [],
  };
}

/** Bytes that do not repeat themselves, so that they compress as badly as measured numbers. */
function bytes(length: number, seed: number): Uint8Array {
  const made = new Uint8Array(length);
  let state = seed >>> 0;
  for (let n = 0; n < length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    made[n] = state >>> 24;
  }
  return made;
}
