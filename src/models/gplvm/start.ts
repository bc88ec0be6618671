import { type LongWorkOptions, type Matrix, type Random, zeros } from '../../base/index.ts';
import { constant, input, multiply, parameter, type Runtime, subtract, writeOnnx } from '../../graph/index.ts';
import { blockOf, dense, forEachBlock, symmetricEigen } from '../../linalg/index.ts';
import { linearPosterior } from '../layers/linear-posterior.ts';
import { emPca } from '../pca/em-pca.ts';
import { weightedRows } from '../pca/weighted-rows.ts';
import type { StandardisedRows } from './standardise.ts';

/** Scatter beyond the noise that is granted to outputs at the start, so that a few bright objects do not own it. */
const GRANTED_VARIANCE = 0.02;
/** The axes need not have settled: passes turn them soon. */
const EM = { maximumIterations: 30, tolerance: 1e-5 };

export interface StartOptions extends LongWorkOptions {
  readonly runtime: Runtime;
  readonly random: Random;
}

/** Latents from noise-weighted PCA of all outputs, whitened: zero mean, unit covariance. N × Q. */
export async function startingLatents(
  { value, precision }: StandardisedRows,
  latents: number,
  options: StartOptions,
): Promise<Matrix> {
  const weights = zeros(value.rows, value.columns);
  for (let at = 0; at < weights.data.length; at++) {
    weights.data[at] = precision.data[at] / (1 + precision.data[at] * GRANTED_VARIANCE);
  }
  const rows = weightedRows(value, weights, new Float32Array(value.columns));
  const { model } = await emPca(rows, {
    ...options,
    components: latents,
    ...EM,
  });
  const session = await options.runtime.createSession(
    writeOnnx({
      name: 'start',
      outputs: { latentMean: posteriorMean(value.columns, latents) },
      parameterValues: {
        mean: model.mean,
        basis: model.loadings.data,
        perNoise: Float32Array.of(1 / model.noiseScale),
      },
    }),
  );
  const latent = zeros(value.rows, latents);
  await forEachBlock(
    value.rows,
    (block) =>
      session.run(
        { value: blockOf(value, block), weights: blockOf(weights, block) },
        { latentMean: blockOf(latent, block) },
      ),
    options.signal,
  );
  await session.release();
  whiten(latent);
  return latent;
}

function posteriorMean(outputs: number, latents: number) {
  const value = input('value', ['N', outputs]);
  const weights = multiply(input('weights', ['N', outputs]), parameter('perNoise', [1]));
  return linearPosterior({
    centred: subtract(value, parameter('mean', [outputs])),
    weights,
    basis: parameter('basis', [latents, outputs]),
    priorPrecision: constant(new Float64Array(latents).fill(1)),
  }).mean;
}

/** Turns and scales rows to zero mean and unit covariance, axes in falling variance. */
export function whiten(latent: Matrix): void {
  const { rows, columns, data } = latent;
  const mean = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) mean[at % columns] += data[at] / rows;
  const covariance = dense(columns, columns);
  for (let n = 0; n < rows; n++) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        covariance.data[i * columns + j] +=
          ((data[n * columns + i] - mean[i]) * (data[n * columns + j] - mean[j])) / rows;
      }
    }
  }
  const { values, vectors } = symmetricEigen(covariance);
  const least = Math.max(values[0] * 1e-6, 1e-20);
  const turned = new Float64Array(columns);
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < columns; k++) {
      let sum = 0;
      for (let i = 0; i < columns; i++) sum += vectors.data[k * columns + i] * (data[n * columns + i] - mean[i]);
      turned[k] = sum / Math.sqrt(Math.max(values[k], least));
    }
    data.set(turned, n * columns);
  }
}
