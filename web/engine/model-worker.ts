import type { GraphName, LatentSample, RunDescription } from '../../src/runs/index.ts';
import type { Answer, Ask, LatentBacking } from './messages.ts';
import { WorkerLine } from './worker-line.ts';

/** A run as every worker is told of it. */
export interface SharedRun {
  readonly key: string;
  readonly description: RunDescription;
  readonly wavelength: Float64Array;
  readonly jointEncoder: boolean;
  readonly labelEncoder: boolean;
  readonly backing: LatentBacking | null;
  readonly latentSample: LatentSample | null;
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
    const { graph: fetchGraph, ...about } = run;
    const { key } = about;
    this.#started ??= this.#start();
    await this.#started;
    await this.#once(key, () => this.#line.ask('open', about));
    await Promise.all(
      graphs.map((graph) =>
        this.#once(`${key} ${graph}`, async () =>
          this.#line.ask('graph', { key, graph, bytes: await fetchGraph(graph) }),
        ),
      ),
    );
  }

  async #start(): Promise<void> {
    try {
      await this.#line.ask('start', { wasm: await this.#wasm(), threads: THREADS });
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

/** More would each load the worker's own script, as ONNX Runtime starts them, and wait for each other. */
const THREADS = 1;
