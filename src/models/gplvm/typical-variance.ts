import type { NamedArray, Parameters } from '../model.ts';

/** Name of the array among a fit's parameters. */
export const TYPICAL_VARIANCE = 'typicalVariance';

/** Of one minibatch, by output: the functions' variances summed over the objects in which it was observed, and their number. */
export interface VarianceTotals {
  readonly first: number;
  readonly total: Float32Array;
  readonly seen: Float32Array;
}

/**
 * Mean variance of each of D functions at the training objects in which its output was observed, over one pass of them.
 * Latents are fitted with it in place of each object's own variances, whose working out would cost as much as the fit.
 */
export class TypicalVariance {
  readonly #mean: Float32Array;
  readonly #total: Float64Array;
  readonly #seen: Float64Array;

  constructor(outputs: number) {
    this.#mean = new Float32Array(outputs).fill(1);
    this.#total = new Float64Array(outputs);
    this.#seen = new Float64Array(outputs);
  }

  add(blocks: readonly VarianceTotals[]): void {
    for (const { first, total, seen } of blocks) {
      for (let d = 0; d < total.length; d++) {
        this.#total[first + d] += total[d];
        this.#seen[first + d] += seen[d];
      }
    }
  }

  /** Takes the means over what was added since the last time; outputs that nobody observed keep what they had. */
  settle(): void {
    for (let d = 0; d < this.#mean.length; d++) {
      if (this.#seen[d] > 0) this.#mean[d] = this.#total[d] / this.#seen[d];
    }
    this.#total.fill(0);
    this.#seen.fill(0);
  }

  /** As a view. */
  parameters(): Parameters {
    const mean: NamedArray = { shape: [this.#mean.length], data: this.#mean };
    return { [TYPICAL_VARIANCE]: mean };
  }
}
