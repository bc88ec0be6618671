import { Worker } from 'node:worker_threads';
import { type Crew, MOST_VALUES, type SharedWork } from './crew.ts';
import { instantiate, type SharedExports, shareable, sharedExports } from './wasm-exports.ts';

/** Where the arguments of a call begin on the board, in bytes. */
const VALUES = 64;

/** Bytes of the board. */
export const BOARD_BYTES = VALUES + 8 * MOST_VALUES;

/**
 * All that a helping thread does beside the kernels' own `serve`. As a text it needs no file and no loader: with the
 * loader of TypeScript in each thread, starting took half a second and ending could hang.
 */
const PROGRAM = `
const { module, memory, board } = require('node:worker_threads').workerData;
const abort = () => { throw new Error('a kernel stopped'); };
new WebAssembly.Instance(module, { env: { memory, abort } }).exports.serve(board);
`;

/** How long a thread that holds a piece, of a second at the very most, may keep the others waiting, in milliseconds. */
const PATIENCE = 60_000;

export interface CrewOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of `BOARD_BYTES` zeroed bytes, aligned to 8, for the threads to agree through. */
  readonly board: number;
  /** Threads, the calling one counted. */
  readonly threads: number;
  readonly patience?: number;
  /** What the helping threads run; for tests. */
  readonly program?: string;
}

/**
 * Helping threads that sleep until there is a call. It is written into memory that they share, so that it costs no
 * message and no return to the event loop. They never keep the process alive.
 */
export class WorkerCrew implements Crew {
  readonly #board: number;
  readonly #values: Float64Array;
  readonly #patience: number;
  readonly #exports: SharedExports;
  readonly #workers: readonly Worker[];
  #failure: Error | undefined;

  constructor({ module, memory, board, threads, patience = PATIENCE, program = PROGRAM }: CrewOptions) {
    this.#board = board;
    this.#values = new Float64Array(memory.buffer, board + VALUES, MOST_VALUES);
    this.#patience = patience;
    this.#exports = sharedExports(instantiate(module, memory));
    this.#workers = Array.from({ length: threads - 1 }, () => {
      const worker = new Worker(program, { eval: true, execArgv: [], workerData: { module, memory, board } });
      worker.unref();
      worker.on('error', (error) => {
        this.#failure = new Error(`a thread that helps with the kernels failed: ${error.message}`, { cause: error });
      });
      return worker;
    });
  }

  get seats(): number {
    return 1 + this.#workers.length;
  }

  get threads(): number {
    return 1 + this.#exports.serving(this.#board);
  }

  run({ kernel, count, units, values }: SharedWork): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#values.set(values);
    const done = this.#exports.share(shareable.indexOf(kernel), count, units, this.#board, this.#patience * 1e6);
    if (done === 0)
      throw new Error(`a thread that helps with the kernels has not answered for ${this.#patience / 1000} s`);
  }

  async release(): Promise<void> {
    this.#exports.stopServing(this.#board);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
