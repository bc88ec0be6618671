/** The resources of prepared exhibits by their addresses. What is large is made when it is asked for. */
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { linesOn } from '../../analysis/index.ts';
import { type Matrix, SOFTWARE_VERSION, UserError } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { OpenRun } from '../../inference/index.ts';
import { hasRunGraph, readRunGraph } from '../../runs/index.node.ts';
import type { GraphName } from '../../runs/index.ts';
import { latentSampleBytes } from '../../runs/index.ts';
import { catalogueColumns, columnTableBytes, type DescribedColumn, gridBytes, umapBytes } from '../columns.ts';
import { placeFile } from '../placing.ts';
import {
  EXPLORER_FORMAT,
  type ExhibitDescription,
  type Exhibits,
  type PlacedFile,
  type RunEntry,
} from '../protocol.ts';
import type { ExhibitSource, PlaceRequest } from '../source.ts';
import { writeSpectraBlock } from '../spectra-block.ts';
import { type DescribedRun, describeRun } from './describe-run.ts';
import type { Findings } from './findings.ts';
import { siteGraphs } from './site-graphs.node.ts';
import { UmapMaps } from './umap-maps.node.ts';

export interface ServingOptions {
  /** Where dropped files are read; `server` unless told. */
  readonly placing: Exhibits['placing'];
  /** How spectra stand in their blocks, and whether models are made smaller (`compact`); `float32` unless told. */
  readonly spectra: ExhibitDescription['spectra'];
  /** Gzip tables and models, whose names then end in `.gz`; no unless told. */
  readonly compressed: boolean;
}

export interface ExhibitRun {
  readonly name: string;
  readonly run: OpenRun;
  readonly findings: Findings;
}

export interface Exhibit {
  readonly name: string;
  readonly title: string;
  readonly dataset: Dataset;
  readonly runs: readonly ExhibitRun[];
}

type MakeBytes = () => Uint8Array | Promise<Uint8Array>;

/** Bytes that a block of spectra has, about: a click waits for one, and a site has not too many. */
const BLOCK_BYTES = 512 * 1024;

const compress = promisify(gzip);

export class PreparedExhibits implements ExhibitSource {
  readonly #exhibits: readonly Exhibit[];
  readonly #options: ServingOptions;
  readonly #maps: UmapMaps;
  readonly #resources = new Map<string, MakeBytes>();

  constructor(exhibits: readonly Exhibit[], options: ServingOptions & { readonly signal: AbortSignal | undefined }) {
    this.#exhibits = exhibits;
    this.#options = options;
    this.#maps = new UmapMaps(options.signal);
    this.#resources.set('exhibits.json', () => jsonBytes(this.exhibits()));
    for (const exhibit of exhibits) this.#addExhibit(exhibit);
  }

  exhibits(): Exhibits {
    const { placing, compressed } = this.#options;
    const exhibits = this.#exhibits.map(({ name, title, dataset, runs }) => ({
      name,
      title,
      objects: dataset.flux.rows,
      runs: runs.map((run) => run.name),
    }));
    return { format: EXPLORER_FORMAT, software: `lightfold ${SOFTWARE_VERSION}`, placing, compressed, exhibits };
  }

  addresses(): readonly string[] {
    return [...this.#resources.keys()];
  }

  async resource(address: string): Promise<Uint8Array | null> {
    return (await this.#resources.get(address)?.()) ?? null;
  }

  async place(request: PlaceRequest): Promise<PlacedFile> {
    const exhibit = this.#exhibits.find(({ name }) => name === request.exhibit);
    const run = exhibit?.runs.find(({ name }) => name === request.run);
    if (run === undefined) throw new UserError(`There is no run ${request.run} of ${request.exhibit} here.`);
    return placeFile(run.run, request);
  }

  #addExhibit(exhibit: Exhibit): void {
    const { name, dataset, runs } = exhibit;
    const catalogue = once(() => catalogueColumns(dataset.catalogue));
    this.#addBinary(
      `${name}/catalogue.arrow`,
      once(() => columnTableBytes(catalogue())),
    );
    this.#addBinary(
      `${name}/grid.arrow`,
      once(() => gridBytes(dataset.wavelength)),
    );
    const perBlock = spectraPerBlock(dataset);
    for (let block = 0; block * perBlock < dataset.flux.rows; block++) {
      this.#addBinary(`${name}/spectra/${block}.arrow`, () => this.#block(dataset, block * perBlock, perBlock));
    }
    const entries = runs.map((run) => this.#addRun(`${name}/runs/${run.name}`, run, dataset));
    this.#resources.set(`${name}/exhibit.json`, async () => {
      const described: RunEntry[] = [];
      for (const entry of entries) described.push(await entry());
      return jsonBytes(this.#describe(exhibit, catalogue(), described));
    });
  }

  /** Adds the run's resources; what it gives makes the run's entry, which says how its map stands at the time. */
  #addRun(at: string, exhibitRun: ExhibitRun, dataset: Dataset): () => Promise<RunEntry> {
    const { name, run, findings } = exhibitRun;
    const described: () => DescribedRun = once(() => describeRun(run, findings));
    this.#addBinary(
      `${at}/latents.arrow`,
      once(() => columnTableBytes(described().columns)),
    );
    this.#resources.set(`${at}/run.json`, () => jsonBytes(publicDescription(run)));
    const read = once(async () =>
      this.#options.spectra === 'compact'
        ? siteGraphs(run, dataset)
        : (graph: GraphName) => readRunGraph(run.run, graph),
    );
    for (const graph of graphsOf(run)) this.#addBinary(`${at}/${graph}.onnx`, async () => (await read())(graph));
    const { latentSample } = run.run;
    if (latentSample !== undefined) this.#resources.set(`${at}/latents.npz`, () => latentSampleBytes(latentSample));
    const map = this.#maps.of(run, dataset, findings.mean);
    if (map !== null) this.#addBinary(`${at}/umap.arrow`, async () => umapBytes(await map.make()));
    const bytes = once(() => this.#graphBytes(at));
    return async () =>
      described().entry({
        name,
        jointEncoder: hasRunGraph(run.run, 'joint-encoder'),
        labelEncoder: hasRunGraph(run.run, 'label-encoder'),
        // A site holds every file that is listed.
        umap: map === null ? 'absent' : map.ready() || this.#options.placing === 'browser' ? 'ready' : 'on request',
        bytes: await bytes(),
      });
  }

  #addBinary(address: string, make: MakeBytes): void {
    if (!this.#options.compressed) this.#resources.set(address, make);
    else this.#resources.set(`${address}.gz`, async () => compress(await make(), { level: 9 }));
  }

  #block({ flux, ivar, truth }: Dataset, from: number, count: number): Uint8Array {
    const part = (matrix: Matrix) => rowsFrom(matrix, from, count);
    const block = { flux: part(flux), ivar: part(ivar), truth: truth === null ? null : part(truth) };
    return writeSpectraBlock(block, this.#options.spectra);
  }

  #describe(
    { name, title, dataset }: Exhibit,
    catalogue: readonly DescribedColumn[],
    runs: readonly RunEntry[],
  ): ExhibitDescription {
    return {
      format: EXPLORER_FORMAT,
      name,
      title,
      objects: dataset.flux.rows,
      pixels: dataset.flux.columns,
      normalisation: dataset.manifest.normalisation,
      fluxUnit: dataset.manifest.fluxUnit,
      spectraPerBlock: spectraPerBlock(dataset),
      spectra: this.#options.spectra,
      hasTruth: dataset.truth !== null && this.#options.spectra === 'float32',
      columns: catalogue.map(({ description }) => description),
      lines: linesOn(dataset.wavelength).map(({ key: _, ...line }) => line),
      runs,
    };
  }

  async #graphBytes(at: string): Promise<RunEntry['bytes']> {
    const length = async (graph: GraphName): Promise<number | null> => {
      const address = `${at}/${graph}.onnx${this.#options.compressed ? '.gz' : ''}`;
      return (await this.resource(address))?.length ?? null;
    };
    return {
      encoder: (await length('encoder')) ?? 0,
      decoder: (await length('decoder')) ?? 0,
      jointEncoder: await length('joint-encoder'),
    };
  }
}

function graphsOf({ run }: OpenRun): GraphName[] {
  return (['encoder', 'decoder', 'joint-encoder', 'label-encoder'] as const).filter((graph) => hasRunGraph(run, graph));
}

/** run.json without the folders of the machine that made it. */
function publicDescription({ run: { description } }: OpenRun): OpenRun['run']['description'] {
  const { dataset } = description;
  return { ...description, dataset: { ...dataset, path: dataset.path === null ? null : basename(dataset.path) } };
}

function spectraPerBlock({ flux }: Dataset): number {
  return Math.max(16, Math.min(256, Math.round(BLOCK_BYTES / (8 * flux.columns))));
}

/** Rows of a matrix as a view; fewer at its end. */
function rowsFrom({ rows, columns, data }: Matrix, from: number, count: number): Matrix {
  const to = Math.min(rows, from + count);
  return { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
}

/** Made at the first call, and the same from then on. */
function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
