import type { ShareableKernel } from './wasm-exports.ts';

/** A kernel's work on a range of units (elements, rows, …), in pieces that any thread may take. */
export interface SharedWork {
  readonly kernel: ShareableKernel;
  readonly count: number;
  /** Units in a piece. */
  readonly units: number;
  /** Units below which one thread is quicker alone than waking another. */
  readonly sharedFrom: number;
  /** The kernel's arguments after the range; at most `MOST_VALUES`. */
  readonly values: readonly number[];
}

/** Arguments for which the board has room. */
export const MOST_VALUES = 16;

/** Whoever does the work. */
export interface Workforce {
  /** Threads that may take part, whether or not they have started; each needs scratch of its own. */
  readonly seats: number;
  /**
   * Does the work, shared by the threads.
   *
   * @throws Error when a thread failed or stopped answering
   */
  run(work: SharedWork): void;
}

/** Threads that help with the kernels. */
export interface Crew extends Workforce {
  /** Threads that take part now, the calling one counted; others may still be starting. */
  readonly threads: number;
  release(): Promise<void>;
}
