import { InterruptedError, type Matrix } from '../base/index.ts';

/** Rows in a block: a block of a thousand pixels (4 MB) stays in the processor's cache from one product to the next. */
export const BLOCK_ROWS = 1024;

/** Rows `start` … `start + count − 1` of a larger matrix. */
export interface RowBlock {
  readonly start: number;
  readonly count: number;
}

/**
 * Visits all rows of a matrix in blocks, one after the other, so that intermediate results stay small.
 *
 * @throws InterruptedError before the next block when `signal` has fired
 */
export async function forEachBlock(
  rows: number,
  visit: (block: RowBlock) => Promise<void>,
  signal?: AbortSignal,
  blockRows = BLOCK_ROWS,
): Promise<void> {
  for (let start = 0; start < rows; start += blockRows) {
    if (signal?.aborted) throw new InterruptedError('Interrupted.');
    await visit({ start, count: Math.min(blockRows, rows - start) });
  }
}

/** The rows of a block as a view, not a copy. */
export function blockOf(matrix: Matrix, { start, count }: RowBlock): Float32Array {
  return matrix.data.subarray(start * matrix.columns, (start + count) * matrix.columns);
}

/** Adds a product in float32 to a running sum in float64. */
export function accumulate(sum: Float64Array, term: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += term[i];
}
