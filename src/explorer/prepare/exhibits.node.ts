/**
 * Exhibits ready to be shown: what is worked out is worked out before, what is large is made when it is asked for.
 */
import { basename, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { linesOn } from '../../analysis/index.ts';
import { type LongWorkOptions, type Matrix, SOFTWARE_VERSION, UserError } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { OpenRun } from '../../inference/index.ts';
import { type GraphName, hasRunGraph, readRunGraph } from '../../runs/index.node.ts';
import { catalogueColumns, columnTableBytes, gridBytes } from '../columns.ts';
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
import { findAll } from './findings.ts';
import { keepFindings, keptFindings } from './stored-findings.node.ts';

export interface ExhibitInput {
  readonly dataset: Dataset;
  /** The dataset's folder as the user named it, or another name. */
  readonly name: string;
  /** `name` unless told. */
  readonly title?: string;
  readonly runs: readonly OpenRun[];
}

export interface PrepareOptions extends LongWorkOptions {
  /** Where dropped files are read; `server` unless told. */
  readonly placing?: Exhibits['placing'];
  /** How spectra stand in their blocks; `float32` unless told. */
  readonly spectra?: ExhibitDescription['spectra'];
  /** Gzip tables and models, whose names then end in `.gz`; no unless told. */
  readonly compressed?: boolean;
}

/** Bytes that a block of spectra has, about: a click waits for one, and a site has not too many. */
const BLOCK_BYTES = 512 * 1024;

/**
 * Encodes every dataset by its runs and finds what there is to show. What takes long is kept in the runs' folders.
 *
 * @throws UserError when there is nothing to show, or a run does not know its dataset
 * @throws InterruptedError when `options.signal` fires
 */
export async function prepareExhibits(
  inputs: readonly ExhibitInput[],
  options: PrepareOptions = {},
): Promise<ExhibitSource> {
  if (inputs.length === 0) throw new UserError('There is no dataset to explore; name a run or a dataset.');
  const names = new Names();
  const exhibits: Exhibit[] = [];
  for (const input of inputs)
    exhibits.push(await prepareOne(names.take(basename(resolve(input.name))), input, options));
  return new PreparedExhibits(exhibits, options);
}

async function prepareOne(name: string, input: ExhibitInput, options: PrepareOptions): Promise<Exhibit> {
  const { dataset, runs: openRuns } = input;
  if (openRuns.length === 0) throw new UserError(`${input.name} has no run to be explored by; train one.`);
  const names = new Names();
  const runs: ExhibitRun[] = [];
  for (const run of openRuns) {
    const own = names.take(basename(resolve(run.run.path)));
    const { onProgress } = options;
    const findings =
      keptFindings(run, dataset) ??
      (await findAll(run, dataset, {
        ...options,
        ...(onProgress && { onProgress: (report) => onProgress({ ...report, stage: `${own}: ${report.stage}` }) }),
      }));
    keepFindings(run, dataset, findings);
    runs.push({ name: own, run, described: describeRun(run, findings) });
  }
  return { name, title: input.title ?? name, dataset, runs };
}

/** Names for addresses, each given once. */
class Names {
  readonly #taken = new Set<string>();

  take(wanted: string): string {
    const clean = wanted.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 70);
    const word = /^\.*$/.test(clean) ? 'unnamed' : clean;
    let name = word;
    for (let count = 2; this.#taken.has(name); count++) name = `${word}-${count}`;
    this.#taken.add(name);
    return name;
  }
}

interface ExhibitRun {
  readonly name: string;
  readonly run: OpenRun;
  readonly described: DescribedRun;
}

interface Exhibit {
  readonly name: string;
  readonly title: string;
  readonly dataset: Dataset;
  readonly runs: readonly ExhibitRun[];
}

type MakeBytes = () => Uint8Array | Promise<Uint8Array>;

const compress = promisify(gzip);

class PreparedExhibits implements ExhibitSource {
  readonly #exhibits: readonly Exhibit[];
  readonly #options: Required<Pick<PrepareOptions, 'placing' | 'spectra' | 'compressed'>>;
  readonly #resources = new Map<string, MakeBytes>();

  constructor(exhibits: readonly Exhibit[], { placing, spectra, compressed }: PrepareOptions) {
    this.#exhibits = exhibits;
    this.#options = { placing: placing ?? 'server', spectra: spectra ?? 'float32', compressed: compressed ?? false };
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
    this.#resources.set(`${name}/exhibit.json`, async () => jsonBytes(await this.#describe(exhibit)));
    this.#addBinary(
      `${name}/catalogue.arrow`,
      once(() => columnTableBytes(catalogueColumns(dataset.catalogue))),
    );
    this.#addBinary(
      `${name}/grid.arrow`,
      once(() => gridBytes(dataset.wavelength)),
    );
    const perBlock = spectraPerBlock(dataset);
    for (let block = 0; block * perBlock < dataset.flux.rows; block++) {
      this.#addBinary(`${name}/spectra/${block}.arrow`, () => this.#block(dataset, block * perBlock, perBlock));
    }
    for (const run of runs) this.#addRun(`${name}/runs/${run.name}`, run);
  }

  #addRun(at: string, { run, described }: ExhibitRun): void {
    this.#addBinary(
      `${at}/latents.arrow`,
      once(() => columnTableBytes(described.columns)),
    );
    this.#resources.set(`${at}/run.json`, () => jsonBytes(publicDescription(run)));
    for (const graph of graphsOf(run)) this.#addBinary(`${at}/${graph}.onnx`, () => readRunGraph(run.run, graph));
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

  async #describe({ name, title, dataset, runs }: Exhibit): Promise<ExhibitDescription> {
    const entries: RunEntry[] = [];
    for (const run of runs) {
      entries.push(
        run.described.entry({
          name: run.name,
          jointEncoder: hasRunGraph(run.run.run, 'joint-encoder'),
          umap: 'absent',
          bytes: await this.#graphBytes(`${name}/runs/${run.name}`),
        }),
      );
    }
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
      columns: catalogueColumns(dataset.catalogue).map(({ description }) => description),
      lines: linesOn(dataset.wavelength).map(({ key: _, ...line }) => line),
      runs: entries,
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
  return (['encoder', 'decoder', 'joint-encoder'] as const).filter((graph) => hasRunGraph(run, graph));
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
function once(make: () => Uint8Array): () => Uint8Array {
  let made: Uint8Array | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
