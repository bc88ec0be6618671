import type { Matrix } from '../base/index.ts';
import type { Catalogue } from '../dataset/index.ts';
import { medianInPlace } from '../spectra/index.ts';

/** How well one label is predicted, in label units. */
export interface LabelScore {
  /** Objects where the label was measured; the scores up to `coverage95` are over them. */
  readonly n: number;
  readonly rmse: number;
  /** 1.4826 times the median absolute deviation of prediction − measurement: its scatter without the outliers. */
  readonly robust: number;
  readonly mae: number;
  /** Mean over objects of −ln N(measured; predicted, predicted variance + variance of the measurement). */
  readonly nlpd: number;
  /** Share of measurements within 1 and 1.96 of those standard deviations. */
  readonly coverage68: number;
  readonly coverage95: number;
  /**
   * Simulated surveys only (catalogue column `true_NAME`), over all objects, measured or not: the same of
   * prediction − truth, with intervals of the predicted variance alone.
   */
  readonly rmseTruth?: number;
  readonly robustTruth?: number;
  readonly coverageTruth68?: number;
  readonly coverageTruth95?: number;
  /**
   * Where the catalogue says how well each spectrum tells the label (`crb_NAME`, a standard deviation): the rms of
   * prediction − truth over the rms of that bound, and 1.4826 times the median absolute deviation of
   * (prediction − truth)/bound. 1 for the best that can be done.
   */
  readonly crbRatio?: number;
  readonly robustCrbRatio?: number;
}

/** Of the objects that a label is scored on: prediction − reference, and the variance that this should have. */
class Residuals {
  readonly errors: number[] = [];
  readonly #variances: number[] = [];

  add(error: number, variance: number): void {
    this.errors.push(error);
    this.#variances.push(variance);
  }

  mean(score: (error: number, variance: number) => number): number {
    const sum = this.errors.reduce((total, error, index) => total + score(error, this.#variances[index]), 0);
    return sum / this.errors.length;
  }

  /** Errors in units of the standard deviation that they should have. */
  pulls(): number[] {
    return this.errors.map((error, index) => error / Math.sqrt(this.#variances[index]));
  }

  /** Share of errors within so many standard deviations. */
  within(size: number): number {
    return this.mean((error, variance) => (error ** 2 <= size ** 2 * variance ? 1 : 0));
  }
}

interface Collected {
  readonly name: string;
  readonly measured: Residuals;
  readonly truth: Residuals;
  /** Variance: that of the bound. */
  readonly bounded: Residuals;
}

/** Half widths, in standard deviations, of the intervals. */
const HALF_WIDTHS = { coverage68: 1, coverage95: 1.959964 };

/** Collects predictions, object by object, for the scores of each label. */
export class LabelSums {
  readonly #labels: readonly Collected[];

  constructor(names: readonly string[]) {
    this.#labels = names.map((name) => ({
      name,
      measured: new Residuals(),
      truth: new Residuals(),
      bounded: new Residuals(),
    }));
  }

  /**
   * @param predicted n × K, in the order of the names: mean and variance of the true label
   * @param catalogue with measured labels, and truths and bounds where a survey is simulated, all found by name
   * @param rows of the catalogue that the predictions are for, n of them
   */
  add(
    predicted: { readonly mean: Matrix; readonly variance: Matrix },
    catalogue: Pick<Catalogue, 'labels' | 'extra'>,
    rows: ArrayLike<number>,
  ): void {
    const { labels, extra } = catalogue;
    const { columns } = predicted.mean;
    this.#labels.forEach(({ name, measured, truth, bounded }, k) => {
      const column = labels.names.indexOf(name);
      for (let index = 0; index < rows.length; index++) {
        const mean = predicted.mean.data[index * columns + k];
        const variance = predicted.variance.data[index * columns + k];
        const at = rows[index] * labels.names.length + column;
        if (column >= 0 && labels.ivar.data[at] > 0) {
          measured.add(mean - labels.value.data[at], variance + 1 / labels.ivar.data[at]);
        }
        const trueValue = extra[`true_${name}`]?.[rows[index]];
        if (typeof trueValue !== 'number') continue;
        truth.add(mean - trueValue, variance);
        const bound = extra[`crb_${name}`]?.[rows[index]];
        if (typeof bound === 'number' && bound > 0) bounded.add(mean - trueValue, bound ** 2);
      }
    });
  }

  /** Labels that no object of the dataset has do not appear. */
  scores(): Record<string, LabelScore> {
    return Object.fromEntries(
      this.#labels.flatMap(({ name, measured, truth, bounded }) => {
        if (measured.errors.length === 0) return [];
        const score = { ...scoreOfMeasured(measured), ...scoreOfTruth(truth), ...scoreOfBounded(bounded) };
        return [[name, score]];
      }),
    );
  }
}

function scoreOfMeasured(residuals: Residuals): LabelScore {
  return {
    n: residuals.errors.length,
    rmse: Math.sqrt(residuals.mean((error) => error ** 2)),
    robust: robustScatter(residuals.errors),
    mae: residuals.mean(Math.abs),
    nlpd: residuals.mean((error, variance) => 0.5 * (Math.log(2 * Math.PI * variance) + error ** 2 / variance)),
    coverage68: residuals.within(HALF_WIDTHS.coverage68),
    coverage95: residuals.within(HALF_WIDTHS.coverage95),
  };
}

function scoreOfTruth(residuals: Residuals): Partial<LabelScore> {
  if (residuals.errors.length === 0) return {};
  return {
    rmseTruth: Math.sqrt(residuals.mean((error) => error ** 2)),
    robustTruth: robustScatter(residuals.errors),
    coverageTruth68: residuals.within(HALF_WIDTHS.coverage68),
    coverageTruth95: residuals.within(HALF_WIDTHS.coverage95),
  };
}

function scoreOfBounded(residuals: Residuals): Partial<LabelScore> {
  if (residuals.errors.length === 0) return {};
  const square = residuals.mean((error) => error ** 2);
  return {
    crbRatio: Math.sqrt(square / residuals.mean((_, variance) => variance)),
    robustCrbRatio: robustScatter(residuals.pulls()),
  };
}

/** 1.4826 times the median absolute deviation from the median: the standard deviation, for normal values. */
function robustScatter(values: readonly number[]): number {
  const centre = medianInPlace(Float64Array.from(values));
  return 1.4826 * medianInPlace(Float64Array.from(values, (value) => Math.abs(value - centre)));
}
