import { z } from 'zod';
import { FileError } from '../base/index.ts';
import { isLogSpaced } from '../spectra/index.ts';
import type { Dataset, Manifest } from './dataset.ts';
import { observedFraction } from './rows.ts';

/** Version of the folder's format; a change that an older Lightfold would misread raises it. */
export const DATASET_FORMAT = 1;
export const DATASET_KIND = 'lightfold-dataset';
export const MANIFEST_FILE = 'manifest.json';
export const CATALOGUE_FILE = 'catalogue.parquet';
export const WAVELENGTH_FILE = 'wavelength.npy';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal');
/** Only plain names: a manifest cannot lead out of its folder. */
const fileName = z.string().regex(/^[a-z]+(-\d{4,})?\.(npy|parquet)$/, 'expected a file name such as flux-0000.npy');

const storedManifestSchema = z.object({
  kind: z.literal(DATASET_KIND),
  format: z.literal(DATASET_FORMAT),
  objects: count,
  pixels: z.int().positive(),
  observedFraction: z.number().min(0).max(1),
  grid: z.object({
    /** Centres of the first and last pixel, rest-frame vacuum ångström. */
    low: z.number().positive(),
    high: z.number().positive(),
    spacing: z.enum(['logarithmic', 'linear', 'irregular']),
    frame: z.literal('rest'),
    medium: z.literal('vacuum'),
    unit: z.literal('Angstrom'),
  }),
  normalisation: z.string(),
  fluxUnit: z.string(),
  preset: z.string().nullable(),
  /** Name, and number of objects for which it was measured. */
  labels: z.array(z.object({ name: z.string().min(1), measured: count })),
  extraColumns: z.array(z.string().min(1)),
  classes: z.record(z.string(), count),
  splits: z.record(z.enum(['train', 'valid', 'test']), count),
  /** The shards of each matrix, in the order of their rows. */
  shards: z.object({ flux: z.array(fileName), ivar: z.array(fileName), truth: z.array(fileName).nullable() }),
  rowsPerShard: z.int().positive(),
  files: z.array(z.object({ name: fileName, bytes: count, sha256 })),
  /** SHA-256 over the names and checksums of `files`: it names the data, whatever the folder is called. */
  checksum: sha256,
  provenance: z.object({
    software: z.string(),
    created: z.string(),
    command: z.string(),
    settings: z.record(z.string(), z.json()),
    inputs: z.array(z.object({ file: z.string(), sha256 })),
  }),
});

/** `manifest.json` of a dataset folder. */
export type StoredManifest = z.infer<typeof storedManifestSchema>;

/** What the manifest says of the files beside it. */
export type StoredFiles = Pick<StoredManifest, 'shards' | 'rowsPerShard' | 'files' | 'checksum'>;

/**
 * Reads the text of a manifest.
 *
 * @throws FileError when it is no JSON, no manifest of a dataset, or one of another version; it names the field
 */
export function parseManifest(text: string, file: string): StoredManifest {
  const content = parseJson(text, file);
  refuseForeign(content, file);
  const parsed = storedManifestSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue.path.length > 0 ? `field "${issue.path.join('.')}"` : '';
  throw new FileError(file, place, `${issue.message}; restore the file or make the dataset again`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(file, '', `is not JSON (${reason}); restore it or make the dataset again`);
  }
}

const headSchema = z.object({ kind: z.string(), format: z.number() });

function refuseForeign(content: unknown, file: string): void {
  const head = headSchema.safeParse(content);
  if (!head.success) throw new FileError(file, '', 'is not the manifest of a dataset: it has no "kind" and "format"');
  const { kind, format } = head.data;
  if (kind !== DATASET_KIND) throw new FileError(file, 'field "kind"', `is "${kind}", not "${DATASET_KIND}"`);
  if (format !== DATASET_FORMAT) {
    throw new FileError(
      file,
      'field "format"',
      `is ${format}; this version of Lightfold reads ${DATASET_FORMAT}. ${format > DATASET_FORMAT ? 'Update Lightfold' : 'Import the spectra again'}`,
    );
  }
}

/** The manifest that is written beside a dataset's files. */
export function describeForStorage(dataset: Dataset, stored: StoredFiles): StoredManifest {
  const { catalogue, manifest, wavelength, flux } = dataset;
  const { names, ivar } = catalogue.labels;
  const measured = names.map(() => 0);
  ivar.data.forEach((weight, index) => {
    if (weight > 0) measured[index % names.length]++;
  });
  return {
    kind: DATASET_KIND,
    format: DATASET_FORMAT,
    objects: flux.rows,
    pixels: flux.columns,
    observedFraction: observedFraction(dataset),
    grid: {
      low: wavelength[0],
      high: wavelength[wavelength.length - 1],
      spacing: spacingOf(wavelength),
      frame: 'rest',
      medium: 'vacuum',
      unit: 'Angstrom',
    },
    normalisation: manifest.normalisation,
    fluxUnit: manifest.fluxUnit,
    preset: manifest.preset,
    labels: names.map((name, k) => ({ name, measured: measured[k] })),
    extraColumns: Object.keys(catalogue.extra),
    classes: tally(catalogue.objectClass.map((name) => name ?? 'unknown')),
    splits: { train: 0, valid: 0, test: 0, ...tally(catalogue.split) },
    ...stored,
    provenance: storedProvenance(manifest),
  };
}

function spacingOf(wavelength: Float64Array): StoredManifest['grid']['spacing'] {
  if (isLogSpaced(wavelength)) return 'logarithmic';
  const step = (wavelength[wavelength.length - 1] - wavelength[0]) / (wavelength.length - 1);
  const strays = wavelength.some((value, i) => Math.abs(value - wavelength[0] - i * step) > 0.01 * step);
  return strays ? 'irregular' : 'linear';
}

function tally(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Settings pass through JSON, so that what is not JSON (undefined, typed arrays) is dropped or plain before it is stored. */
function storedProvenance({ provenance }: Manifest): StoredManifest['provenance'] {
  const settings: unknown = JSON.parse(JSON.stringify(provenance.settings));
  return {
    software: provenance.software,
    created: provenance.created,
    command: provenance.command,
    settings: z.record(z.string(), z.json()).parse(settings),
    inputs: provenance.inputs.map(({ file, sha256 }) => ({ file, sha256 })),
  };
}

/** The part of a stored manifest that a dataset carries in memory. */
export function manifestInMemory(stored: StoredManifest): Manifest {
  const { format, kind, normalisation, fluxUnit, preset, provenance, checksum } = stored;
  return { format, kind, normalisation, fluxUnit, preset, provenance, checksum };
}
