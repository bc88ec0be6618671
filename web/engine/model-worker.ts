import type { GraphName, RunDescription } from '../../src/runs/index.ts';
import type { Answer, Ask, LatentBacking } from './messages.ts';
import { WorkerLine } from './worker-line.ts';

/** A run as every worker is told of it. */
export interface SharedRun {
  readonly key: string;
  readonly description: RunDescription;
  readonly wavelength: Float64Array;
  readonly jointEncoder: boolean;
  readonly backing: LatentBacking | null;
  /** Fetched once, whichever worker asks. */
  readonly graph: (graph: GraphName) => Promise<Uint8Array>;
}

/** Questions that are about a run. */
type RunQuestion = 'decode' | 'fromLabels' | 'decodeMany' | 'reconstruct' | 'place';

/** A worker that is told of runs and given their graphs as questions need them. */
export class ModelWorker {
  readonly #line = new WorkerLine();
  readonly #wasm: () => Promise<Uint8Array>;
  #started: Promise<unknown> | null = null;
  readonly #told = new Map<string, Promise<unknown>>();

  constructor(wasm: () => Promise<Uint8Array>) {
    this.#wasm = wasm;
  }

  async ask<K extends RunQuestion>(
    kind: K,
    run: SharedRun,
    graphs: readonly GraphName[],
    ask: Omit<Ask<K>, 'key'>,
  ): Promise<Answer<K>> {
    await this.prepare(run, graphs);
    return this.#line.ask(kind, { ...ask, key: run.key } as Ask<K>);
  }

  /** Sees to it that the worker has the graphs. Idempotent; what failed is tried again. */
  async prepare(run: SharedRun, graphs: readonly GraphName[]): Promise<void> {
    const { key, description, wavelength, jointEncoder, backing } = run;
    this.#started ??= this.#start();
    await this.#started;
    await this.#once(key, () => this.#line.ask('open', { key, description, wavelength, jointEncoder, backing }));
    await Promise.all(
      graphs.map((graph) =>
        this.#once(`${key} ${graph}`, async () =>
          this.#line.ask('graph', { key, graph, bytes: await run.graph(graph) }),
        ),
      ),
    );
  }

  async #start(): Promise<void> {
    try {
      const threads = globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
      await this.#line.ask('start', { wasm: await this.#wasm(), threads });
    } catch (error) {
      this.#started = null;
      throw error;
    }
  }

  #once(what: string, tell: () => Promise<unknown>): Promise<unknown> {
    const told = this.#told.get(what) ?? tell();
    this.#told.set(what, told);
    told.catch(() => this.#told.delete(what));
    return told;
  }
}

/** More threads than this gain nothing on graphs of this size. */
const MOST_THREADS = 4;
