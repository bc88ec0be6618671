import { UserError } from '../../src/base/index.ts';
import { type Exhibits, type PlacedFile, placedFileSchema, refusalSchema } from '../../src/explorer/index.ts';
import {
  type GraphName,
  type LatentSample,
  parseLatentSample,
  type RunDescription,
  runDescriptionSchema,
} from '../../src/runs/index.ts';
import { fetchBytes, fetchJson } from '../data/resources.ts';
import type { Engine, EngineExhibit, GeneratedPoint } from './engine.ts';
import { LatestWins } from './latest-wins.ts';
import type { LatentBacking } from './messages.ts';
import { ModelWorker, type SharedRun } from './model-worker.ts';
import { fetchRuntime } from './runtime-bytes.ts';

interface KnownRun {
  readonly exhibit: string;
  readonly name: string;
  readonly opened: Promise<SharedRun>;
}

interface AskedLatent {
  readonly run: SharedRun;
  readonly latent: readonly number[];
}

interface AskedLabels {
  readonly run: SharedRun;
  readonly labels: Readonly<Record<string, number>>;
}

/**
 * The engine of a page. Two workers: opening a GPLVM's encoder, a graph of thousands of nodes, takes seconds, and sliders
 * must not wait for it.
 */
export class PageEngine implements Engine {
  readonly #exhibits: Exhibits;
  #wasm: Promise<Uint8Array> | null = null;
  readonly #decoding = new ModelWorker(() => this.#runtime());
  readonly #encoding = new ModelWorker(() => this.#runtime());
  readonly #byKey = new Map<string, KnownRun>();
  /** Of the exhibit on show, by name. */
  readonly #runs = new Map<string, KnownRun>();
  readonly #decode = new LatestWins(({ run, latent }: AskedLatent) =>
    this.#decoding.ask('decode', run, ['decoder'], { latent }),
  );
  readonly #fromLabels = new LatestWins(({ run, labels }: AskedLabels) =>
    // A graph for labels alone is opened at once, beside the decoder.
    run.labelEncoder
      ? this.#decoding.ask('fromLabels', run, ['decoder', 'label-encoder'], { labels })
      : this.#encoding.ask('fromLabels', run, ['decoder', 'joint-encoder'], { labels }),
  );

  constructor(exhibits: Exhibits) {
    this.#exhibits = exhibits;
  }

  async open(exhibit: EngineExhibit, run: string): Promise<void> {
    const isBacked = exhibit.run.entry.name === run;
    const key = `${exhibit.description.name}/${run}${isBacked ? '' : ' compared'}`;
    let known = this.#byKey.get(key);
    if (known === undefined) {
      known = { exhibit: exhibit.description.name, name: run, opened: this.#open(exhibit, run, key, isBacked) };
      this.#byKey.set(key, known);
      // A run that could not be opened may be asked for again.
      known.opened.catch(() => this.#byKey.delete(key));
    }
    this.#runs.set(run, known);
    await known.opened;
  }

  async decode(run: string, latent: readonly number[]): Promise<GeneratedPoint | null> {
    return this.#decode.ask({ run: await this.#known(run).opened, latent });
  }

  async fromLabels(run: string, labels: Readonly<Record<string, number>>): Promise<GeneratedPoint | null> {
    return this.#fromLabels.ask({ run: await this.#known(run).opened, labels });
  }

  async decodeMany(run: string, latents: readonly (readonly number[])[]) {
    return this.#decoding.ask('decodeMany', await this.#known(run).opened, ['decoder'], { latents });
  }

  async reconstruct(run: string, flux: Float32Array, ivar: Float32Array) {
    return this.#encoding.ask('reconstruct', await this.#known(run).opened, ['decoder', 'encoder'], { flux, ivar });
  }

  async place(run: string, file: File, redshift?: number): Promise<PlacedFile> {
    const known = this.#known(run);
    if (this.#exhibits.placing === 'server') return placeAtServer(known, file, redshift);
    const asked = { fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()), redshift: redshift ?? null };
    return this.#encoding.ask('place', await known.opened, ['decoder', 'encoder'], asked);
  }

  async #open(exhibit: EngineExhibit, name: string, key: string, isBacked: boolean): Promise<SharedRun> {
    const entry = exhibit.description.runs.find((run) => run.name === name);
    if (entry === undefined) throw new UserError(`${exhibit.description.name} has no run ${name}.`);
    const folder = `data/${exhibit.description.name}/runs/${name}`;
    const fetched = new Map<GraphName, Promise<Uint8Array>>();
    const graph = (wanted: GraphName) => {
      const bytes = fetched.get(wanted) ?? fetchBytes(`${folder}/${wanted}.onnx`, this.#exhibits);
      fetched.set(wanted, bytes);
      bytes.catch(() => fetched.delete(wanted));
      return bytes;
    };
    const description = await fetchJson(`${folder}/run.json`, runDescriptionSchema);
    return {
      key,
      description,
      wavelength: exhibit.wavelength,
      jointEncoder: entry.jointEncoder,
      labelEncoder: entry.labelEncoder,
      backing: isBacked ? backingOf(exhibit) : null,
      latentSample: await this.#latentSample(folder, description),
      graph,
    };
  }

  /** What redshifts are fitted with; a server that places has it itself. */
  async #latentSample(folder: string, { files, latents }: RunDescription): Promise<LatentSample | null> {
    if (this.#exhibits.placing === 'server' || !Object.hasOwn(files, 'latents.npz')) return null;
    const path = `${folder}/latents.npz`;
    // Compressed in itself: it has no other form.
    return parseLatentSample(await fetchBytes(path, { compressed: false }), path, latents);
  }

  #runtime(): Promise<Uint8Array> {
    this.#wasm ??= fetchRuntime();
    this.#wasm.catch(() => {
      this.#wasm = null;
    });
    return this.#wasm;
  }

  #known(run: string): KnownRun {
    const known = this.#runs.get(run);
    if (known === undefined) throw new Error(`the run ${run} is asked before it is opened`);
    return known;
  }
}

function backingOf({ run }: EngineExhibit): LatentBacking {
  const { support, latents } = run.entry;
  const sampleLatents = new Float32Array(support.sample.length * latents);
  for (const [at, row] of support.sample.entries()) {
    sampleLatents.set(run.latent.subarray(row * latents, (row + 1) * latents), at * latents);
  }
  return { support, sampleLatents };
}

async function placeAtServer({ exhibit, name }: KnownRun, file: File, redshift?: number): Promise<PlacedFile> {
  const address = new URL(`data/${exhibit}/runs/${name}/place`, document.baseURI);
  if (redshift !== undefined) address.searchParams.set('redshift', String(redshift));
  const headers = { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(file.name) };
  const response = await fetch(address, { method: 'POST', headers, body: file }).catch(() => null);
  if (response === null) throw new UserError(`${file.name} was not placed: the explorer's server does not answer.`);
  const said: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const refusal = refusalSchema.safeParse(said);
    throw new UserError(refusal.success ? refusal.data.error : `${file.name} was refused (HTTP ${response.status}).`);
  }
  const placed = placedFileSchema.safeParse(said);
  if (placed.success) return placed.data;
  throw new UserError(`The server's answer about ${file.name} is not understood; load the page anew.`);
}
