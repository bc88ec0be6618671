import { UserError } from '../../src/base/index.ts';
import { type Exhibits, type PlacedFile, placedFileSchema, refusalSchema } from '../../src/explorer/index.ts';
import { type GraphName, runDescriptionSchema } from '../../src/runs/index.ts';
import { fetchBytes, fetchJson } from '../data/resources.ts';
import type { Engine, EngineExhibit, GeneratedPoint } from './engine.ts';
import { LatestWins } from './latest-wins.ts';
import type { Ask, LatentBacking } from './messages.ts';
import { fetchRuntime } from './runtime-bytes.ts';
import { WorkerLine } from './worker-line.ts';

/** More threads than this gain nothing on graphs of this size. */
const MOST_THREADS = 4;

interface KnownRun {
  readonly exhibit: string;
  readonly run: string;
  readonly key: string;
  readonly opened: Promise<void>;
  readonly graphs: Map<GraphName, Promise<void>>;
}

/** The engine of a page: one worker, started when a run is first opened. */
export class PageEngine implements Engine {
  readonly #exhibits: Exhibits;
  readonly #line = new WorkerLine();
  #started: Promise<unknown> | null = null;
  /** Of the exhibit on show, by name. */
  readonly #runs = new Map<string, KnownRun>();
  readonly #byKey = new Map<string, KnownRun>();
  readonly #decode = new LatestWins((ask: Ask<'decode'>) => this.#line.ask('decode', ask));
  readonly #fromLabels = new LatestWins((ask: Ask<'fromLabels'>) => this.#line.ask('fromLabels', ask));

  constructor(exhibits: Exhibits) {
    this.#exhibits = exhibits;
  }

  open(exhibit: EngineExhibit, run: string): Promise<void> {
    const backed = exhibit.run.entry.name === run;
    const key = `${exhibit.description.name}/${run}${backed ? '' : ' compared'}`;
    let known = this.#byKey.get(key);
    if (known === undefined) {
      const name = exhibit.description.name;
      known = { exhibit: name, run, key, opened: this.#open(exhibit, run, key, backed), graphs: new Map() };
      this.#byKey.set(key, known);
      // A run that could not be opened may be asked for again.
      known.opened.catch(() => this.#byKey.delete(key));
    }
    this.#runs.set(run, known);
    return known.opened;
  }

  async decode(run: string, latent: readonly number[]): Promise<GeneratedPoint | null> {
    const known = this.#known(run);
    await this.#need(known, 'decoder');
    return this.#decode.ask({ key: known.key, latent });
  }

  async fromLabels(run: string, labels: Readonly<Record<string, number>>): Promise<GeneratedPoint | null> {
    const known = this.#known(run);
    await this.#need(known, 'decoder', 'encoder', 'joint-encoder');
    return this.#fromLabels.ask({ key: known.key, labels });
  }

  async decodeMany(run: string, latents: readonly (readonly number[])[]) {
    const known = this.#known(run);
    await this.#need(known, 'decoder');
    return this.#line.ask('decodeMany', { key: known.key, latents });
  }

  async reconstruct(run: string, flux: Float32Array, ivar: Float32Array) {
    const known = this.#known(run);
    await this.#need(known, 'decoder', 'encoder');
    return this.#line.ask('reconstruct', { key: known.key, flux, ivar });
  }

  async place(run: string, file: File, redshift?: number): Promise<PlacedFile> {
    const known = this.#known(run);
    if (this.#exhibits.placing === 'server') return placeAtServer(known, file, redshift);
    await this.#need(known, 'decoder', 'encoder');
    const bytes = new Uint8Array(await file.arrayBuffer());
    return this.#line.ask('place', { key: known.key, fileName: file.name, bytes, redshift: redshift ?? null });
  }

  async #open(exhibit: EngineExhibit, run: string, key: string, backed: boolean): Promise<void> {
    const entry = exhibit.description.runs.find(({ name }) => name === run);
    if (entry === undefined) throw new UserError(`${exhibit.description.name} has no run ${run}.`);
    this.#started ??= this.#start();
    const path = `data/${exhibit.description.name}/runs/${run}/run.json`;
    const [description] = await Promise.all([fetchJson(path, runDescriptionSchema), this.#started]);
    await this.#line.ask('open', {
      key,
      description,
      wavelength: exhibit.wavelength,
      jointEncoder: entry.jointEncoder,
      backing: backed ? backingOf(exhibit) : null,
    });
  }

  async #start(): Promise<void> {
    try {
      const threads = globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
      await this.#line.ask('start', { wasm: await fetchRuntime(), threads });
    } catch (error) {
      this.#started = null;
      throw error;
    }
  }

  #known(run: string): KnownRun {
    const known = this.#runs.get(run);
    if (known === undefined) throw new Error(`the run ${run} is asked before it is opened`);
    return known;
  }

  async #need(known: KnownRun, ...graphs: readonly GraphName[]): Promise<void> {
    await known.opened;
    await Promise.all(
      graphs.map((graph) => {
        const asked = known.graphs.get(graph) ?? this.#load(known, graph);
        known.graphs.set(graph, asked);
        asked.catch(() => known.graphs.delete(graph));
        return asked;
      }),
    );
  }

  async #load({ exhibit, run, key }: KnownRun, graph: GraphName): Promise<void> {
    const bytes = await fetchBytes(`data/${exhibit}/runs/${run}/${graph}.onnx`, this.#exhibits);
    await this.#line.ask('graph', { key, graph, bytes });
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

async function placeAtServer({ exhibit, run }: KnownRun, file: File, redshift?: number): Promise<PlacedFile> {
  const address = new URL(`data/${exhibit}/runs/${run}/place`, document.baseURI);
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
