/** Loads one exhibit with one of its runs: descriptions, then columns, all at once; spectra only when they are looked at. */
import { UserError } from '../../src/base/index.ts';
import {
  type ColumnDescription,
  type ColumnRole,
  type ExhibitDescription,
  type Exhibits,
  exhibitSchema,
  exhibitsSchema,
  type RunEntry,
} from '../../src/explorer/index.ts';
import { numbersOf, readArrow, readColumn } from './arrow-columns.ts';
import type { ExhibitData, PageColumn, RunData } from './exhibit-data.ts';
import { Pauses } from './pauses.ts';
import { fetchBytes, fetchJson, type ResourceSite } from './resources.ts';
import { SpectraStore } from './spectra-store.ts';

/** What is loaded, before a filter. */
export type LoadedExhibit = Omit<ExhibitData, 'shown' | 'filterError'>;

export function loadExhibits(): Promise<Exhibits> {
  return fetchJson('data/exhibits.json', exhibitsSchema);
}

export function loadDescription(exhibit: string): Promise<ExhibitDescription> {
  return fetchJson(`data/${exhibit}/exhibit.json`, exhibitSchema);
}

/** What of an exhibit is the same for every run. */
export interface Catalogue {
  readonly description: ExhibitDescription;
  readonly wavelength: Float64Array;
  readonly columns: ReadonlyMap<string, PageColumn>;
  readonly spectra: SpectraStore;
}

export async function loadCatalogue(description: ExhibitDescription, site: ResourceSite): Promise<Catalogue> {
  const [columns, grid] = await Promise.all([
    loadColumns(`data/${description.name}/catalogue.arrow`, description.columns, description.objects, site),
    loadNumbers(`data/${description.name}/grid.arrow`, ['wavelength'], description.pixels, site),
  ]);
  return { description, wavelength: grid[0], columns, spectra: new SpectraStore(description, site) };
}

export async function loadRun(description: ExhibitDescription, entry: RunEntry, site: ResourceSite): Promise<RunData> {
  const path = `data/${description.name}/runs/${entry.name}/latents.arrow`;
  const columns = await loadColumns(path, entry.columns, description.objects, site);
  const gather = (role: ColumnRole) => matrixOf(role, columns, entry.latents, description.objects, path);
  return {
    entry,
    latent: gather('latent'),
    latentError: gather('latentError'),
    turned: gather('turned'),
    columns,
  };
}

export function joined(catalogue: Catalogue, run: RunData, site: ResourceSite): LoadedExhibit {
  const { description, wavelength, spectra } = catalogue;
  let umap: Promise<Float32Array> | undefined;
  return {
    description,
    wavelength,
    run,
    columns: new Map([...catalogue.columns, ...run.columns]),
    spectrum: (row) => spectra.spectrum(row),
    umap: () => {
      umap ??= loadUmap(description, run.entry, site).catch((error: unknown) => {
        umap = undefined;
        throw error;
      });
      return umap;
    },
  };
}

async function loadUmap(description: ExhibitDescription, run: RunEntry, site: ResourceSite): Promise<Float32Array> {
  if (run.umap === 'absent') {
    throw new UserError('This site was exported without a UMAP; export it with one, or open the run with explore.');
  }
  const path = `data/${description.name}/runs/${run.name}/umap.arrow`;
  const [x, y] = await loadNumbers(path, ['umap1', 'umap2'], description.objects, site);
  const plane = new Float32Array(2 * x.length);
  for (let row = 0; row < x.length; row++) {
    plane[2 * row] = x[row];
    plane[2 * row + 1] = y[row];
  }
  return plane;
}

async function loadColumns(
  path: string,
  descriptions: readonly ColumnDescription[],
  rows: number,
  site: ResourceSite,
): Promise<Map<string, PageColumn>> {
  const table = readArrow(await fetchBytes(path, site), path);
  const columns = new Map<string, PageColumn>();
  const pauses = new Pauses();
  for (const description of descriptions) {
    columns.set(description.name, readColumn(table, description, rows, path));
    await pauses.pause();
  }
  return columns;
}

async function loadNumbers(
  path: string,
  names: readonly string[],
  length: number,
  site: ResourceSite,
): Promise<Float64Array[]> {
  const table = readArrow(await fetchBytes(path, site), path);
  return names.map((name) => {
    const vector = table.getChild(name);
    if (vector?.length === length) return numbersOf(vector, path);
    throw new UserError(`${path} does not hold ${length} values of "${name}"; export the site anew.`);
  });
}

/** The columns of a role, in their order, as rows × Q; all NaN when the run has none of it. */
function matrixOf(
  role: ColumnRole,
  columns: ReadonlyMap<string, PageColumn>,
  latents: number,
  rows: number,
  path: string,
): Float32Array {
  const matrix = new Float32Array(rows * latents).fill(Number.NaN);
  const found = [...columns.values()].filter((column) => column.description.role === role);
  if (found.length === 0) return matrix;
  if (found.length !== latents) {
    throw new UserError(`${path} has ${found.length} columns of the role ${role} for ${latents} latents; export anew.`);
  }
  for (const [q, column] of found.entries()) {
    if (column.kind !== 'number') throw new UserError(`${path}: "${column.description.name}" is not a number.`);
    for (let row = 0; row < rows; row++) matrix[row * latents + q] = column.values[row];
  }
  return matrix;
}
