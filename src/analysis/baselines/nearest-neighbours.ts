import type { DenseMatrix } from '../../linalg/index.ts';
import { buildKdTree, type KdTree, nearestTo } from '../../neighbours/index.ts';
import { type Baseline, componentChoices, type LabelledSpectra, leadingColumns } from './baseline.ts';
import { predictionCost, scatterBeyondNoise } from './held-out-scatter.ts';

/** Numbers of neighbours to choose from. */
const NEIGHBOURS = [3, 5, 10, 20, 40];

/** A neighbourhood's spread counts as if this many more neighbours had the spread of the average neighbourhood. */
const STEADYING = 10;

/**
 * The mean label of the nearest training objects, by Euclidean distance of the whitened scores. Its variance is the
 * spread of their labels, steadied by that of the average neighbourhood and scaled to what the validation objects show.
 */
export const nearestNeighbours: Baseline = {
  name: 'knn',
  title: 'nearest neighbours',
  mostObjects: Number.POSITIVE_INFINITY,
  fit(train, valid) {
    const fits = componentChoices(train.features.scores.columns).flatMap((components) =>
      fitsWith(components, train, valid),
    );
    const { components, neighbours, tree, typical, scale } = fits.reduce((best, fit) =>
      fit.cost < best.cost ? fit : best,
    );
    return {
      chosen: { components, neighbours },
      predict({ scores }) {
        const { mean, spread } = neighbourhoods(labelsNear(tree, scores, train.value, neighbours), neighbours);
        return { mean, variance: steadied(spread, neighbours, typical).map((value) => scale * value) };
      },
    };
  },
};

interface NeighboursFit {
  readonly components: number;
  readonly neighbours: number;
  readonly tree: KdTree;
  /** Spread of the average neighbourhood. */
  readonly typical: number;
  /** Variance of true labels about the mean of their neighbours, in units of the spread. */
  readonly scale: number;
  readonly cost: number;
}

function fitsWith(components: number, train: LabelledSpectra, valid: LabelledSpectra): NeighboursFit[] {
  const tree = buildKdTree(leadingColumns(train.features.scores, components));
  const choices = NEIGHBOURS.filter((count) => count <= train.value.length / 2);
  const near = labelsNear(tree, valid.features.scores, train.value, choices[choices.length - 1]);
  return choices.map((neighbours) => {
    const { mean, spread } = neighbourhoods(near, neighbours);
    const typical = spread.reduce((sum, value) => sum + value, 0) / spread.length;
    const shape = steadied(spread, neighbours, typical);
    const residual = valid.value.map((value, n) => value - mean[n]);
    const scale = scatterBeyondNoise(residual, valid.noise, shape);
    const cost = predictionCost({ mean, variance: shape.map((value) => scale * value) }, valid);
    return { components, neighbours, tree, typical, scale, cost };
  });
}

/** N × k labels of the nearest training objects, nearest first, by the leading scores that the tree holds. */
function labelsNear(tree: KdTree, scores: DenseMatrix, value: Float64Array, k: number): DenseMatrix {
  const { index } = nearestTo(tree, leadingColumns(scores, tree.dimensions), k);
  return { rows: scores.rows, columns: k, data: Float64Array.from(index, (n) => value[n]) };
}

/** Mean and variance (over k − 1) of the first k labels of every row. */
function neighbourhoods({ rows, columns, data }: DenseMatrix, k: number) {
  const mean = new Float64Array(rows);
  const spread = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    const near = data.subarray(n * columns, n * columns + k);
    mean[n] = near.reduce((sum, value) => sum + value, 0) / k;
    spread[n] = near.reduce((sum, value) => sum + (value - mean[n]) ** 2, 0) / (k - 1);
  }
  return { mean, spread };
}

/** Above 0 even where all labels are the same: there the measurements' noise alone remains. */
function steadied(spread: Float64Array, k: number, typical: number): Float64Array {
  const average = Math.max(typical, 1e-12);
  return spread.map((value) => (k * value + STEADYING * average) / (k + STEADYING));
}
