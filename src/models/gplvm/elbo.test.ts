import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  choleskyOf,
  expectedNormal,
  inverted,
  marginalsOf,
  multiplied,
  type Rows,
  turned,
} from '../../../tests/references/sparse-gp.ts';
import { Random } from '../../base/index.ts';
import { evaluate, input, type Tensor } from '../../graph/index.ts';
import { inverseCholeskyFactor } from '../../linalg/index.ts';
import { blockNames, decoderNames, elboGraph } from './elbo-graph.ts';
import {
  backwardGraph,
  features,
  INDUCING_POINTS,
  inducingCovariance,
  inducingTensors,
  inverseFactorName,
  JITTER,
} from './features.ts';
import { gaussian } from './likelihoods/gaussian.ts';
import { decodersOf } from './views.ts';

const [B, M, Q, P] = [5, 4, 2, 3];
const R = (M * (M + 1)) / 2;

const decoders = decodersOf({
  arrangement: 'perView',
  latents: Q,
  pixels: P,
  pixelLikelihood: gaussian,
  pixelGain: false,
  pixelShare: 1,
  labelLikelihoods: [gaussian, gaussian],
  spectrumKernel: 'rbf',
  labelKernel: 'matern32',
});

const random = new Random(5);
const normals = (length: number, scale = 1) => Float64Array.from({ length }, () => scale * random.normal());
const latent = normals(B * Q);
const parameters: Record<string, Float64Array> = {
  [INDUCING_POINTS]: normals(M * Q),
  'spectra.0.0.logLengthscale': normals(Q, 0.3),
  'spectra.0.0.logVariance': normals(1, 0.3),
  'labels.0.0.logLengthscale': normals(Q, 0.3),
  'labels.0.0.logVariance': normals(1, 0.3),
};

interface Posterior {
  readonly mean: number[];
  readonly covariance: number[][];
}

const posteriors: Record<string, Posterior[]> = {};
const data: Record<string, Float64Array> = {};
for (const { blocks } of decoders) {
  for (const block of blocks) {
    const names = blockNames(block);
    posteriors[block.name] = Array.from({ length: block.outputs }, () => {
      const root = Array.from({ length: M }, () => Array.from(normals(M, 0.4)));
      return { mean: Array.from(normals(M)), covariance: multiplied(root, turned(root)) };
    });
    data[names.value] = normals(B * block.outputs);
    data[names.precision] = normals(B * block.outputs).map((x, at) => (at % 4 === 0 ? 0 : Math.exp(x)));
    data[names.logNoise] = normals(block.outputs, 0.5);
    data[names.mean] = packedColumns(posteriors[block.name].map(({ mean }) => mean));
    data[names.covariance] = Float64Array.from(
      posteriors[block.name].flatMap(({ covariance }) => doubledTriangle(covariance)),
    );
  }
}

/** Column d holds the d-th list. */
function packedColumns(lists: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(turned(lists).flat());
}

function doubledTriangle(matrix: Rows): number[] {
  return matrix.flatMap((row, i) => row.slice(0, i + 1).map((value, j) => (i === j ? value : 2 * value)));
}

const split = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, n) =>
    Array.from({ length: width }, (_, q) => values[n * width + q]),
  );

const profiles: Record<string, (squared: number) => number> = {
  spectra: (squared) => Math.exp(-squared / 2),
  labels: (squared) => (1 + Math.sqrt(3 * squared)) * Math.exp(-Math.sqrt(3 * squared)),
};

/** −Σ E[ln p] / B by the textbook. */
function referenceLoss(at: Float64Array, given: Record<string, Float64Array>): number {
  let total = 0;
  for (const { name, blocks } of decoders) {
    const variance = Math.exp(given[`${name}.0.0.logVariance`][0]);
    const lengthscales = given[`${name}.0.0.logLengthscale`].map(Math.exp);
    const covariance = (a: readonly number[], b: readonly number[]) =>
      variance * profiles[name](a.reduce((sum, x, q) => sum + ((x - b[q]) / lengthscales[q]) ** 2, 0));
    for (const block of blocks) {
      const names = blockNames(block);
      const process = {
        covariance,
        jitter: JITTER * variance,
        inducing: split(given[INDUCING_POINTS], Q),
        posteriors: posteriors[block.name],
      };
      for (const [n, outputs] of marginalsOf(process, split(at, Q)).entries()) {
        for (const [d, { mean, variance: spread }] of outputs.entries()) {
          const where = n * block.outputs + d;
          const precision = data[names.precision][where];
          if (precision === 0) continue;
          const noise = 1 / precision + Math.exp((given[names.logNoise] ?? data[names.logNoise])[d]);
          total -= expectedNormal(data[names.value][where], mean, spread, noise) / B;
        }
      }
    }
  }
  return total;
}

/** Σ of what `expectedLogDensity` leaves out, / B. */
function constants(): number {
  let total = 0;
  for (const { blocks } of decoders) {
    for (const block of blocks) {
      for (const precision of data[blockNames(block).precision]) {
        if (precision > 0) total += block.likelihood.constantOf(precision) / B;
      }
    }
  }
  return total;
}

/** The product's graphs, run one after the other as a step does, in float64. */
function ours() {
  const tensors = inducingTensors(decoders, M, Q);
  const points = input('latent', [B, Q]);
  const feeds: Record<string, Float64Array> = { ...parameters, ...data, latent };
  for (const decoder of decoders) {
    const { name, covariance } = decoder;
    const outputs = { kernel: inducingCovariance(decoder, tensors.inducingPoints), variance: covariance.variance() };
    const { kernel, variance } = evaluate({ outputs, feeds });
    const inverse = inverseCholeskyFactor(kernel.data, M);
    assert.ok(inverse !== null);
    feeds[inverseFactorName(decoder)] = inverse;
    const names = decoderNames({ name });
    feeds[names.priorVariance] = variance.data;
    const at = evaluate({ outputs: { at: features(decoder, tensors, points) }, feeds }).at.data;
    feeds[names.features] = at;
    feeds[names.products] = Float64Array.from({ length: B * R }, (_, where) => {
      const [i, j] = pair(where % R);
      const n = Math.floor(where / R);
      return at[n * M + i] * at[n * M + j];
    });
  }
  const found = evaluate<string>({ outputs: elboGraph(decoders, B, M).outputs, feeds });
  for (const { name } of decoders) {
    const names = decoderNames({ name });
    const whole = Float64Array.from(found[names.featuresGradient].data);
    for (let n = 0; n < B; n++) {
      for (let where = 0; where < R; where++) {
        const [i, j] = pair(where);
        const gradient = found[names.productsGradient].data[n * R + where];
        whole[n * M + i] += gradient * feeds[names.features][n * M + j];
        whole[n * M + j] += gradient * feeds[names.features][n * M + i];
      }
    }
    feeds[names.featuresGradient] = whole;
    feeds[names.varianceGradient] = found[names.varianceGradient].data;
  }
  const back = backwardGraph(decoders, tensors, points);
  const outputs: Record<string, Tensor> = {
    'latent.back': back.latent,
    'inducing.back': back.inducingPoints,
    ...Object.fromEntries(Object.entries(back.covariance).map(([name, tensor]) => [`${name}.back`, tensor])),
  };
  return { found, back: evaluate<string>({ outputs, feeds }) };
}

/** Row and column of a place in a packed lower triangle. */
function pair(where: number): [number, number] {
  let i = 0;
  while (((i + 1) * (i + 2)) / 2 <= where) i++;
  return [i, where - (i * (i + 1)) / 2];
}

function assertDerivative(found: ArrayLike<number>, values: Float64Array, loss: (moved: Float64Array) => number): void {
  const step = 1e-6;
  for (let at = 0; at < values.length; at++) {
    const moved = (by: number) => loss(values.map((value, other) => (other === at ? value + by : value)));
    const expected = (moved(step) - moved(-step)) / (2 * step);
    assert.ok(Math.abs(found[at] - expected) < 1e-5 * (1 + Math.abs(expected)), `${at}: ${found[at]}, ${expected}`);
  }
}

describe('the expected log likelihood of a minibatch', () => {
  const { found, back } = ours();

  it('equals the textbook form to 1e-8', () => {
    const loss = found.loss.data[0] - constants();
    assert.ok(Math.abs(loss - referenceLoss(latent, parameters)) < 1e-8, `${loss}`);
  });

  it('has the derivatives of finite differences along latents, inducing points and covariances', () => {
    assertDerivative(back['latent.back'].data, latent, (moved) => referenceLoss(moved, parameters));
    for (const [name, values] of Object.entries(parameters)) {
      const of = name === INDUCING_POINTS ? 'inducing.back' : `${name}.back`;
      assertDerivative(back[of].data, values, (moved) => referenceLoss(latent, { ...parameters, [name]: moved }));
    }
  });

  it('has the derivatives of finite differences along the excess noise', () => {
    for (const { blocks } of decoders) {
      for (const block of blocks) {
        const { logNoise, noiseGradient } = blockNames(block);
        const loss = (moved: Float64Array) => referenceLoss(latent, { ...parameters, [logNoise]: moved });
        assertDerivative(found[noiseGradient].data, data[logNoise], loss);
      }
    }
  });
});

describe('sites', () => {
  it('of all objects with inducing points at the latents give exact Gaussian-process regression', () => {
    const [block] = decoders[0].blocks;
    const names = blockNames(block);
    const variance = Math.exp(parameters['spectra.0.0.logVariance'][0]);
    const lengthscales = parameters['spectra.0.0.logLengthscale'].map(Math.exp);
    const covariance = (a: readonly number[], b: readonly number[]) =>
      variance * profiles.spectra(a.reduce((sum, x, q) => sum + ((x - b[q]) / lengthscales[q]) ** 2, 0));
    const points = split(latent, Q);
    const noiseOf = (n: number, d: number) => {
      const precision = data[names.precision][n * P + d];
      return precision === 0 ? Infinity : 1 / precision + Math.exp(data[names.logNoise][d]);
    };
    const prior = points.map((a, i) => points.map((b, j) => covariance(a, b) + (i === j ? JITTER * variance : 0)));
    const factor = inverted(choleskyOf(prior));
    const at = points.map((point) => multiplied([points.map((u) => covariance(point, u))], turned(factor))[0]);
    const place = [0.3, -0.2];
    for (let d = 0; d < P; d++) {
      const seen = points.map((_, n) => n).filter((n) => noiseOf(n, d) < Infinity);
      const precision = factor.map((row, i) =>
        row.map((_, j) => seen.reduce((sum, n) => sum + (at[n][i] * at[n][j]) / noiseOf(n, d), i === j ? 1 : 0)),
      );
      const spread = inverted(precision);
      const right = factor.map((_, i) =>
        seen.reduce((sum, n) => sum + (at[n][i] * data[names.value][n * P + d]) / noiseOf(n, d), 0),
      );
      const mean = multiplied(spread, turned([right])).map(([value]) => value);
      const process = { covariance, jitter: JITTER * variance, inducing: points };
      const [[sparse]] = marginalsOf({ ...process, posteriors: [{ mean, covariance: spread }] }, [place]);
      const cross = [seen.map((n) => covariance(place, points[n]))];
      const gram = seen.map((i) => seen.map((j) => covariance(points[i], points[j]) + (i === j ? noiseOf(i, d) : 0)));
      const weights = multiplied(cross, inverted(gram));
      const exactMean = weights[0].reduce((sum, weight, k) => sum + weight * data[names.value][seen[k] * P + d], 0);
      const exactVariance = variance - multiplied(weights, turned(cross))[0][0];
      assert.ok(Math.abs(sparse.mean - exactMean) < 1e-4, `${sparse.mean}, ${exactMean}`);
      assert.ok(Math.abs(sparse.variance - exactVariance) < 1e-4, `${sparse.variance}, ${exactVariance}`);
    }
  });
});
