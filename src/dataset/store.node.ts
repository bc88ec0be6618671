import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, UserError } from '../base/index.ts';
import {
  isFree,
  readFileBytes,
  sha256,
  sha256OfFile,
  writeFileAtomically,
  writeFolderAtomically,
} from '../io/index.node.ts';
import { parquetBytes, readNpy, readParquet, writeNpy } from '../io/index.ts';
import { catalogueFromTable, catalogueTable } from './catalogue-table.ts';
import { checkDataset } from './check.ts';
import type { Dataset } from './dataset.ts';
import {
  CATALOGUE_FILE,
  DATASET_KIND,
  describeForStorage,
  MANIFEST_FILE,
  manifestInMemory,
  parseManifest,
  type StoredManifest,
  WAVELENGTH_FILE,
} from './manifest.ts';
import { readShards, rowsPerShard, writeShards } from './shards.node.ts';

export interface SaveOptions {
  /** Replace a dataset that is already there; the old one stays until the new one is complete. */
  readonly overwrite?: boolean;
  /** Rows in each shard; by default as many as give files of 1 GiB, and at most 65,536. */
  readonly rowsPerShard?: number;
}

export interface LoadOptions {
  /**
   * `checksums` (default) reads every byte against the manifest, about 0.8 s per GB; `sizes` trusts files of the
   * right size and shape.
   */
  readonly verify?: 'checksums' | 'sizes';
}

/**
 * Writes a dataset folder, whole or not at all: `manifest.json`, `catalogue.parquet`, `wavelength.npy` and float32
 * shards `flux-0000.npy`, `ivar-0000.npy` (and `truth-0000.npy`), which numpy maps into memory.
 *
 * @returns the manifest written; its `checksum` names the data
 * @throws UserError when the dataset is inconsistent (see `checkDataset`)
 * @throws FileError when `path` exists and `overwrite` was not asked for, or holds something other than a dataset
 */
export async function saveDataset(path: string, dataset: Dataset, options: SaveOptions = {}): Promise<StoredManifest> {
  checkDataset(dataset);
  requireFreeTarget(path, options);
  const rowsEach = options.rowsPerShard ?? rowsPerShard(dataset.flux.columns);
  return writeFolderAtomically(
    path,
    async (folder) => {
      const write = (file: string, bytes: Uint8Array): void => writeFileAtomically(join(folder, file), bytes);
      const shards = {
        flux: writeShards(folder, 'flux', dataset.flux, rowsEach),
        ivar: writeShards(folder, 'ivar', dataset.ivar, rowsEach),
        truth: dataset.truth === null ? null : writeShards(folder, 'truth', dataset.truth, rowsEach),
      };
      write(WAVELENGTH_FILE, writeNpy({ data: Float64Array.from(dataset.wavelength) }));
      write(CATALOGUE_FILE, parquetBytes(catalogueTable(dataset.catalogue)));
      const names = [WAVELENGTH_FILE, CATALOGUE_FILE, ...shards.flux, ...shards.ivar, ...(shards.truth ?? [])];
      const files = names.map((name) => ({
        name,
        bytes: statSync(join(folder, name)).size,
        sha256: sha256OfFile(join(folder, name)),
      }));
      const stored = { shards, rowsPerShard: rowsEach, files, checksum: checksumOver(files) };
      const manifest = describeForStorage(dataset, stored);
      write(MANIFEST_FILE, new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`));
      return manifest;
    },
    { replace: options.overwrite === true },
  );
}

/**
 * What `saveDataset` refuses, for callers to ask before long work. Overwriting is for datasets: a mistyped `--out` must
 * not remove a folder of something else.
 *
 * @throws FileError when something is there and `overwrite` was not asked for, or when it is not a dataset
 */
export function requireFreeTarget(path: string, { overwrite = false }: Pick<SaveOptions, 'overwrite'> = {}): void {
  if (isFree(path)) return;
  if (!overwrite) {
    throw new FileError(path, '', 'it exists already; choose another name, or replace it with --overwrite');
  }
  if (!existsSync(join(path, MANIFEST_FILE))) {
    throw new FileError(path, '', 'it is not a dataset, so it is not overwritten; choose another name');
  }
  describeDataset(path);
}

/** The same data give the same checksum wherever and whenever they are saved. */
function checksumOver(files: StoredManifest['files']): string {
  const lines = files.map((file) => `${file.sha256}  ${file.name}\n`);
  return sha256(new TextEncoder().encode(lines.join('')));
}

/**
 * The manifest of a dataset folder: what `lightfold info` shows, without reading the spectra.
 *
 * @throws FileError when there is no such dataset or its manifest is damaged
 */
export function describeDataset(path: string): StoredManifest {
  const file = join(path, MANIFEST_FILE);
  if (!existsSync(path)) throw new FileError(path, '', 'there is no such dataset; make one with import or simulate.');
  if (!existsSync(file)) {
    throw new FileError(path, '', `it is not a dataset: it has no ${MANIFEST_FILE}; make one with import or simulate.`);
  }
  const manifest = parseManifest(new TextDecoder().decode(readFileBytes(file)), file);
  if (checksumOver(manifest.files) !== manifest.checksum) {
    throw new FileError(
      file,
      'field "checksum"',
      'does not fit the list of files; restore it or make the dataset again',
    );
  }
  return manifest;
}

/** Whether a path holds a dataset folder of any version. */
export function isDatasetFolder(path: string): boolean {
  const file = join(path, MANIFEST_FILE);
  return existsSync(file) && new TextDecoder().decode(readFileBytes(file)).includes(`"${DATASET_KIND}"`);
}

/**
 * Reads a dataset folder.
 *
 * @throws FileError naming the file that is missing, changed or not what the manifest says, and the mend
 */
export async function loadDataset(path: string, options: LoadOptions = {}): Promise<Dataset> {
  const manifest = describeDataset(path);
  for (const file of manifest.files) verifyFile(path, file, options.verify ?? 'checksums');
  const { objects, pixels, shards } = manifest;
  refuseUnlisted(path, manifest);
  const catalogueFile = join(path, CATALOGUE_FILE);
  const shape = {
    objects,
    labelNames: manifest.labels.map(({ name }) => name),
    extraNames: manifest.extraColumns,
  };
  // The small files come first: they show that the counts are true before memory is taken for the large ones.
  const wavelength = readWavelength(join(path, WAVELENGTH_FILE), pixels);
  const table = await readParquet(readFileBytes(catalogueFile), catalogueFile);
  const catalogue = catalogueFromTable(table, shape, catalogueFile);
  const dataset: Dataset = {
    wavelength,
    flux: readShards(path, shards.flux, objects, pixels),
    ivar: readShards(path, shards.ivar, objects, pixels),
    truth: shards.truth === null ? null : readShards(path, shards.truth, objects, pixels),
    catalogue,
    manifest: manifestInMemory(manifest),
  };
  try {
    checkDataset(dataset);
  } catch (error) {
    if (error instanceof UserError) throw new FileError(path, '', error.message);
    throw error;
  }
  return dataset;
}

function verifyFile(folder: string, file: StoredManifest['files'][number], how: 'checksums' | 'sizes'): void {
  const path = join(folder, file.name);
  const mend = 'restore it from a copy or make the dataset again';
  if (!existsSync(path)) throw new FileError(path, '', `the manifest lists this file and it is missing; ${mend}`);
  const { size } = statSync(path);
  if (size !== file.bytes)
    throw new FileError(path, '', `it has ${size} bytes and the manifest says ${file.bytes}; ${mend}`);
  if (how === 'checksums' && sha256OfFile(path) !== file.sha256) {
    throw new FileError(path, '', `its contents have changed since it was written (SHA-256 differs); ${mend}`);
  }
}

/** Every file that is read must be one that was verified. */
function refuseUnlisted(folder: string, { shards, files }: StoredManifest): void {
  const listed = new Set(files.map(({ name }) => name));
  for (const name of [WAVELENGTH_FILE, CATALOGUE_FILE, ...shards.flux, ...shards.ivar, ...(shards.truth ?? [])]) {
    if (!listed.has(name)) {
      throw new FileError(
        join(folder, MANIFEST_FILE),
        'field "files"',
        `does not list ${name}; make the dataset again`,
      );
    }
  }
}

function readWavelength(file: string, pixels: number): Float64Array {
  const { data, shape } = readNpy(readFileBytes(file), file);
  if (data instanceof Float64Array && shape.length === 1 && shape[0] === pixels) return data;
  throw new FileError(file, '', `it is not a vector of ${pixels} float64; make the dataset again`);
}
