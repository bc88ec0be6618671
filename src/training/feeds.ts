import type { Matrix, Random } from '../base/index.ts';
import type { LossInput, PreparedRows } from '../models/index.ts';

/** Gives arrays of a length; the caller decides in which memory. */
export type Allocate = (length: number) => Float32Array;

/** The arrays that a loss graph reads, refilled in place for each minibatch. */
export class MinibatchFeeds {
  readonly values: Readonly<Record<string, Float32Array>>;
  readonly #rows: readonly { readonly from: Matrix; readonly into: Float32Array }[];
  readonly #normals: readonly Float32Array[];
  readonly #warmUp: readonly Float32Array[];

  constructor(inputs: readonly LossInput[], data: PreparedRows, allocate: Allocate) {
    const values: Record<string, Float32Array> = {};
    const rows: { from: Matrix; into: Float32Array }[] = [];
    const normals: Float32Array[] = [];
    const warmUp: Float32Array[] = [];
    for (const { tensor, fill } of inputs) {
      if (tensor.operation !== 'input') throw new Error(`a ${tensor.operation} cannot be fed`);
      const into = allocate(tensor.shape.reduce<number>((size, dimension) => size * Number(dimension), 1));
      values[tensor.attributes.name] = into;
      if (fill.from === 'normal') normals.push(into);
      else if (fill.from === 'warmUp') warmUp.push(into);
      else rows.push({ from: data[fill.of], into });
    }
    this.values = values;
    this.#rows = rows;
    this.#normals = normals;
    this.#warmUp = warmUp;
  }

  /** Copies the given rows of every matrix. */
  gather(rows: ArrayLike<number>): void {
    for (const { from, into } of this.#rows) {
      const { columns, data } = from;
      for (let i = 0; i < rows.length; i++) {
        const start = rows[i] * columns;
        into.set(data.subarray(start, start + columns), i * columns);
      }
    }
  }

  /** Draws every normal anew. */
  draw(random: Random): void {
    for (const into of this.#normals) random.fillNormal(into);
  }

  /** Sets the share of the warm-up that has passed, 0 to 1. */
  warm(share: number): void {
    for (const into of this.#warmUp) into.fill(share);
  }
}
