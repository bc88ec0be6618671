import type { Matrix } from '../../base/index.ts';
import { type DenseMatrix, dense } from '../../linalg/index.ts';
import { type FitContext, type FitData, PrincipalScores } from '../../models/index.ts';
import { MOST_COMPONENTS, type SpectralFeatures } from './baseline.ts';

/** Turns spectra into what the baselines read, by components that training spectra showed. */
export class FeatureMaker {
  readonly #pca: PrincipalScores;
  /** One over the standard deviation of each score over the training spectra. */
  readonly #perDeviation: Float64Array;

  /**
   * @param train its labels do not matter
   * @throws UserError when no spectrum has an observed pixel, or values are too large for float32
   * @throws InterruptedError when `context.signal` fires
   */
  static async fit(train: FitData, context: FitContext): Promise<FeatureMaker> {
    const { rows, columns } = train.flux;
    // Half as many components as spectra at most: more would be those spectra's own.
    const components = Math.max(1, Math.min(MOST_COMPONENTS, Math.floor((rows - 1) / 2), columns - 1));
    const pca = await PrincipalScores.fit(train, components, context);
    const { score } = await pca.of(train.flux, train.ivar, context.signal);
    return new FeatureMaker(pca, perDeviation(score));
  }

  private constructor(pca: PrincipalScores, perDeviation: Float64Array) {
    this.#pca = pca;
    this.#perDeviation = perDeviation;
  }

  /**
   * @param flux,ivar N × P; ivar 0 = not observed
   * @throws InterruptedError when `signal` fires
   */
  async of(flux: Matrix, ivar: Matrix, signal?: AbortSignal): Promise<SpectralFeatures> {
    const { score, filled } = await this.#pca.of(flux, ivar, signal);
    return { scores: whitened(score, this.#perDeviation), filled };
  }

  async release(): Promise<void> {
    await this.#pca.release();
  }
}

function perDeviation({ rows, columns, data }: Matrix): Float64Array {
  const square = new Float64Array(columns);
  const mean = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) mean[at % columns] += data[at] / rows;
  for (let at = 0; at < data.length; at++) square[at % columns] += (data[at] - mean[at % columns]) ** 2 / rows;
  // A component along which no spectrum differs says nothing, at any scale.
  return square.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
}

function whitened({ rows, columns, data }: Matrix, perDeviation: Float64Array): DenseMatrix {
  return dense(
    rows,
    columns,
    Float64Array.from(data, (value, at) => value * perDeviation[at % columns]),
  );
}
