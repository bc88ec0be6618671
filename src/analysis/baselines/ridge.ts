import { CholeskySolver, type DenseMatrix, packedLength } from '../../linalg/index.ts';
import { type Baseline, componentChoices, type LabelledSpectra } from './baseline.ts';
import { predictionCost, withHeldOutScatter } from './held-out-scatter.ts';

/** Strengths to choose from; scores have variance 1, so that a penalty of N halves a slope. */
const PENALTIES = [1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

/**
 * Ridge regression on the principal scores. An object weighs 1 / (variance of its label's measurement + scatter of true
 * labels about the prediction): by the first alone, a few labels of tiny error would own the fit. The scatter comes from
 * the validation objects, after a first fit with that of the labels themselves.
 */
export const ridge: Baseline = {
  name: 'pca+ridge',
  title: 'PCA + ridge',
  mostObjects: Number.POSITIVE_INFINITY,
  fit(train, valid) {
    const first = bestFit(train, valid, 1);
    const { coefficients, penalty, scatter } = bestFit(train, valid, first.scatter);
    return {
      chosen: { components: coefficients.length - 1, penalty },
      predict: ({ scores }) => ({
        mean: linearPrediction(scores, coefficients),
        variance: new Float64Array(scores.rows).fill(scatter),
      }),
    };
  },
};

interface RidgeFit {
  readonly coefficients: Float64Array;
  readonly penalty: number;
  /** Variance of true labels about the prediction. */
  readonly scatter: number;
  readonly cost: number;
}

function bestFit(train: LabelledSpectra, valid: LabelledSpectra, scatter: number): RidgeFit {
  const weight = train.noise.map((noise) => 1 / (noise + scatter));
  const moments = new WeightedMoments(train.features.scores, train.value, weight);
  const fits = componentChoices(train.features.scores.columns).flatMap((components) =>
    PENALTIES.map((penalty): RidgeFit => {
      const coefficients = moments.ridge(components, penalty);
      const estimate = withHeldOutScatter(linearPrediction(valid.features.scores, coefficients), valid);
      return { coefficients, penalty, scatter: estimate.scatter, cost: predictionCost(estimate, valid) };
    }),
  );
  return fits.reduce((best, fit) => (fit.cost < best.cost ? fit : best));
}

/** Sums of weighted products of K scores and 1 with each other and with the label, for any number of ridge fits. */
export class WeightedMoments {
  readonly #side: number;
  /** (K + 1)², the lower triangle filled. */
  readonly #gram: Float64Array;
  readonly #projection: Float64Array;

  /** @param weight length N; used in units of its mean */
  constructor({ rows, columns, data }: DenseMatrix, value: Float64Array, weight: Float64Array) {
    const side = columns + 1;
    const meanWeight = weight.reduce((sum, w) => sum + w, 0) / rows;
    const augmented = new Float64Array(side).fill(1);
    this.#side = side;
    this.#gram = new Float64Array(side * side);
    this.#projection = new Float64Array(side);
    for (let n = 0; n < rows; n++) {
      augmented.set(data.subarray(n * columns, (n + 1) * columns));
      const w = weight[n] / meanWeight;
      for (let i = 0; i < side; i++) {
        const weighted = w * augmented[i];
        this.#projection[i] += weighted * value[n];
        for (let j = 0; j <= i; j++) this.#gram[i * side + j] += weighted * augmented[j];
      }
    }
  }

  /**
   * What minimises Σ w (y − Σ_k β_k x_k − b)² + penalty · Σ β² over the first `components` scores.
   *
   * @returns β followed by b
   */
  ridge(components: number, penalty: number): Float64Array {
    const size = components + 1;
    // The intercept stands last among the scores' sums, and next after those that are used here.
    const place = (i: number) => (i < components ? i : this.#side - 1);
    const packed = new Float64Array(packedLength(size));
    let at = 0;
    for (let i = 0; i < size; i++) {
      for (let j = i; j < size; j++) {
        packed[at++] = this.#gram[place(j) * this.#side + place(i)] + (i === j && i < components ? penalty : 0);
      }
    }
    const solver = new CholeskySolver(size);
    if (!solver.factor(packed)) throw new Error('ridge regression met sums that are not positive definite');
    const solution = Float64Array.from({ length: size }, (_, i) => this.#projection[place(i)]);
    solver.solve(solution);
    return solution;
  }
}

/** @param coefficients slopes of the leading scores, then the intercept */
function linearPrediction({ rows, columns, data }: DenseMatrix, coefficients: Float64Array): Float64Array {
  const slopes = coefficients.length - 1;
  const predicted = new Float64Array(rows).fill(coefficients[slopes]);
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < slopes; k++) predicted[n] += coefficients[k] * data[n * columns + k];
  }
  return predicted;
}
