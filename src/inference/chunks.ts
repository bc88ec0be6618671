import { InterruptedError, type LongWorkOptions, type Matrix } from '../base/index.ts';

/** Rows that a graph takes at once: bounds memory whatever N is, and is enough to keep a machine busy. */
const LARGEST_CHUNK = 1024;

/**
 * Visits `rows` objects a chunk at a time.
 *
 * @param rowsEach rows of a graph that each object takes
 * @throws InterruptedError when `signal` fires
 */
export async function inChunks(
  stage: string,
  rows: number,
  rowsEach: number,
  { onProgress, signal }: LongWorkOptions,
  visit: (from: number, to: number) => Promise<void>,
): Promise<void> {
  const chunk = Math.max(1, Math.floor(LARGEST_CHUNK / rowsEach));
  for (let from = 0; from < rows; from += chunk) {
    if (signal?.aborted) throw new InterruptedError(`${stage} was interrupted`);
    const to = Math.min(rows, from + chunk);
    await visit(from, to);
    onProgress?.({ stage, done: to, total: rows });
  }
}

/** Rows `from` … `to` − 1 as a view. */
export function part({ data, columns }: Matrix, from: number, to: number): Float32Array {
  return data.subarray(from * columns, to * columns);
}

/** For a first stage of which the user is told nothing: it can be interrupted all the same. */
export function signalOf({ signal }: LongWorkOptions): LongWorkOptions {
  return signal === undefined ? {} : { signal };
}
