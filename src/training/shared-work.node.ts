import type { Dataset } from '../dataset/index.ts';
import type { PreparedFit } from '../models/index.ts';
import { datasetChecksum } from './checksum.node.ts';
import { type FitSplits, splitsForFit } from './splits.ts';

/**
 * What several fits of one model to one dataset have in common, worked out once: checksum, splits, and the rows made
 * ready. Only for fits whose settings differ in nothing that `GradientFitting.prepare` heeds, with the same seed and
 * number of latents, as the trials of a search are.
 */
export class SharedWork {
  readonly dataset: Dataset;
  #checksum: string | null = null;
  #splits: FitSplits | null = null;
  #prepared: PreparedFit | null = null;

  constructor(dataset: Dataset) {
    this.dataset = dataset;
  }

  checksum(): string {
    this.#checksum ??= datasetChecksum(this.dataset);
    return this.#checksum;
  }

  splits(latents: number): FitSplits {
    this.#splits ??= splitsForFit(this.dataset, latents);
    return this.#splits;
  }

  async prepared(prepare: () => Promise<PreparedFit>): Promise<PreparedFit> {
    this.#prepared ??= await prepare();
    return this.#prepared;
  }
}
