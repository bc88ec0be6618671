import { dense, minimise } from '../../linalg/index.ts';
import { type Baseline, componentChoices, type LabelledSpectra, leadingColumns } from './baseline.ts';
import {
  GaussianProcessEvidence,
  GaussianProcessPosterior,
  type KernelParameters,
  LENGTHS,
  type RegressionData,
} from './gaussian-process-regression.ts';
import { predictionCost, scatterBeyondNoise } from './held-out-scatter.ts';

/** Training objects that predictions are made from; more cost their cube. */
const MOST_OBJECTS = 1500;
/** Training objects that the kernel's parameters are learnt from. */
const LEARNING_OBJECTS = 500;
/** Most steps are taken with half of them, at an eighth of the cost. */
const STAGES = [
  { objects: LEARNING_OBJECTS / 2, evaluations: 40, tolerance: 0.1 },
  { objects: LEARNING_OBJECTS, evaluations: 15, tolerance: 0.1 },
];

/**
 * Gaussian-process regression on the principal scores (Rasmussen & Williams 2006, chapters 2 and 5): squared-exponential
 * kernel with a length of its own for every score, each label's measurement variance as it is, and a learnt scatter
 * of true labels beside it. Of larger training sets a random part is taken: 1500 objects to predict from, 500 of them to
 * learn the kernel's parameters from, which maximise the marginal likelihood. Variances are scaled by one factor to what
 * the validation objects show, as every baseline's are.
 */
export const gaussianProcess: Baseline = {
  name: 'pca+gp',
  title: 'PCA + GP',
  mostObjects: MOST_OBJECTS,
  fit(train, valid, { random }) {
    const order = random.permutation(train.value.length);
    const fits = componentChoices(train.features.scores.columns).map((components) => {
      const parameters = learnParameters(train, order, components);
      const part = chosen(train, order.subarray(0, LEARNING_OBJECTS), components);
      const posterior = new GaussianProcessPosterior(part, parameters);
      const { mean, variance } = posterior.predict(leadingColumns(valid.features.scores, components));
      const scale = scatterBeyondNoise(
        valid.value.map((value, n) => value - mean[n]),
        valid.noise,
        variance,
      );
      return {
        components,
        parameters,
        scale,
        cost: predictionCost({ mean, variance: scaled(variance, scale) }, valid),
      };
    });
    const { components, parameters, scale } = fits.reduce((best, fit) => (fit.cost < best.cost ? fit : best));
    const used = chosen(train, order.subarray(0, MOST_OBJECTS), components);
    const posterior = new GaussianProcessPosterior(used, parameters);
    return {
      chosen: { components, objects: used.value.length },
      predict({ scores }) {
        const { mean, variance } = posterior.predict(leadingColumns(scores, components));
        return { mean, variance: scaled(variance, scale) };
      },
    };
  },
};

function scaled(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => factor * value);
}

/** A standard normal has its neighbours within √K; lengths start there. Amplitude 1 is that of standardised labels. */
function startingParameters(components: number): KernelParameters {
  const parameters = new Float64Array(LENGTHS + components).fill(0.5 * Math.log(components));
  parameters[0] = 0;
  parameters[1] = Math.log(0.1);
  return parameters;
}

/**
 * The width, in natural logarithms, of the Gaussian prior about the starting values: so wide that data decide, yet the
 * length of a score that tells nothing does not run away.
 */
const PRIOR_WIDTH = 3;

function learnParameters(train: LabelledSpectra, order: Uint32Array, components: number): KernelParameters {
  const start = startingParameters(components);
  let parameters = start;
  for (const { objects, evaluations, tolerance } of STAGES) {
    const evidence = new GaussianProcessEvidence(chosen(train, order.subarray(0, objects), components));
    const objective = (at: Float64Array, gradient: Float64Array): number => {
      let value = evidence.evaluate(at, gradient);
      for (let i = 0; i < at.length; i++) {
        const away = (at[i] - start[i]) / PRIOR_WIDTH;
        value += 0.5 * away * away;
        gradient[i] += away / PRIOR_WIDTH;
      }
      return value;
    };
    parameters = minimise(objective, parameters, { evaluations, tolerance }).at;
    if (objects >= train.value.length) break;
  }
  return parameters;
}

/** Some of the objects with their leading scores. */
function chosen({ features, value, noise }: LabelledSpectra, rows: Uint32Array, components: number): RegressionData {
  const { columns, data } = features.scores;
  const scores = dense(rows.length, components);
  rows.forEach((n, into) => {
    scores.data.set(data.subarray(n * columns, n * columns + components), into * components);
  });
  return { scores, value: Float64Array.from(rows, (n) => value[n]), noise: Float64Array.from(rows, (n) => noise[n]) };
}
