import type { Matrix } from '../base/index.ts';
import type { Labels } from '../dataset/index.ts';

/** How well one label is predicted, over the objects where it was measured. In label units. */
export interface LabelScore {
  readonly n: number;
  readonly rmse: number;
  readonly mae: number;
  /** Mean over objects of −ln N(measured; predicted, predicted variance + variance of the measurement). */
  readonly nlpd: number;
  /** Share of measurements within 1 and 1.96 of those standard deviations. */
  readonly coverage68: number;
  readonly coverage95: number;
}

const TWO_PI = 2 * Math.PI;

/** Adds predictions up, object by object, into the scores of each label. */
export class LabelSums {
  readonly #names: readonly string[];
  readonly #sums: Readonly<Record<keyof LabelScore, number>>[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#sums = names.map(() => ({ n: 0, rmse: 0, mae: 0, nlpd: 0, coverage68: 0, coverage95: 0 }));
  }

  /**
   * @param predicted n × K, in the order of the names; the measured labels are found by name
   * @param rows of `measured` that the predictions are for, n of them
   */
  add(
    predicted: { readonly mean: Matrix; readonly variance: Matrix },
    measured: Labels,
    rows: ArrayLike<number>,
  ): void {
    const { columns } = predicted.mean;
    this.#names.forEach((name, k) => {
      const column = measured.names.indexOf(name);
      if (column < 0) return;
      for (let index = 0; index < rows.length; index++) {
        const at = rows[index] * measured.names.length + column;
        if (!(measured.ivar.data[at] > 0)) continue;
        const error = predicted.mean.data[index * columns + k] - measured.value.data[at];
        const variance = predicted.variance.data[index * columns + k] + 1 / measured.ivar.data[at];
        this.#count(k, error, variance);
      }
    });
  }

  #count(k: number, error: number, variance: number): void {
    const sums = this.#sums[k];
    const size = Math.abs(error) / Math.sqrt(variance);
    this.#sums[k] = {
      n: sums.n + 1,
      rmse: sums.rmse + error ** 2,
      mae: sums.mae + Math.abs(error),
      nlpd: sums.nlpd + 0.5 * (Math.log(TWO_PI * variance) + error ** 2 / variance),
      coverage68: sums.coverage68 + (size <= 1 ? 1 : 0),
      coverage95: sums.coverage95 + (size <= 1.959964 ? 1 : 0),
    };
  }

  /** Labels that no object of the dataset has do not appear. */
  scores(): Record<string, LabelScore> {
    return Object.fromEntries(
      this.#names.flatMap((name, k) => {
        const { n, rmse, mae, nlpd, coverage68, coverage95 } = this.#sums[k];
        if (n === 0) return [];
        const score: LabelScore = {
          n,
          rmse: Math.sqrt(rmse / n),
          mae: mae / n,
          nlpd: nlpd / n,
          coverage68: coverage68 / n,
          coverage95: coverage95 / n,
        };
        return [[name, score]];
      }),
    );
  }
}
