import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { evaluate } from '../../graph/index.ts';
import { inverseCholeskyFactor } from '../../linalg/index.ts';
import { blockNames } from './elbo-graph.ts';
import { INDUCING_POINTS, inverseFactorName, JITTER } from './features.ts';
import { ANCHORS, encoderGraph } from './graphs.ts';
import { gaussian } from './likelihoods/gaussian.ts';
import { GplvmTensors } from './tensors.ts';
import { type Decoder, decodersOf } from './views.ts';

/** One latent, seven pixels; each pixel's function is a sum of the kernel at the inducing points. */
const inducing = [-2, -1, 1, 2];
const pixels = 7;
const kernel = (a: number, b: number) => Math.exp(-0.5 * (a - b) ** 2);

interface Made {
  readonly tensors: GplvmTensors;
  readonly feeds: Record<string, Float64Array>;
}

/**
 * Even functions of the latent, but for a share of oddness.
 *
 * @param copies of each pixel, one beside the other
 */
function madeOf(oddness: number, copies = 1, pixelShare = 1): Made {
  const outputs = pixels * copies;
  const decoders = decodersOf({
    arrangement: 'one',
    latents: 1,
    pixels: outputs,
    pixelLikelihood: gaussian,
    pixelGain: false,
    pixelShare,
    labelLikelihoods: [],
    spectrumKernel: 'rbf',
    labelKernel: 'rbf',
  });
  const [decoder] = decoders;
  const tensors = new GplvmTensors(decoders, { pixels: outputs, latents: 1, inducing: inducing.length });
  return { tensors, feeds: parametersOf(decoder, oddness, copies) };
}

function parametersOf(decoder: Decoder, oddness: number, copies: number): Record<string, Float64Array> {
  const names = blockNames(decoder.blocks[0]);
  const random = new Random(2);
  const size = inducing.length;
  const distinct = Array.from({ length: pixels }, () => {
    const [near, far, odd] = [random.normal(), random.normal(), oddness * random.normal()];
    return [far - odd, near - odd, near + odd, far + odd];
  });
  const amplitudes = distinct.flatMap((amplitude) => new Array<number[]>(copies).fill(amplitude));
  const outputs = amplitudes.length;
  const covariance = inducing.flatMap((a) => inducing.map((b) => kernel(a, b) + (a === b ? JITTER : 0)));
  const inverse = inverseCholeskyFactor(covariance, size);
  assert.ok(inverse !== null);
  // f(z) = k(z, U) α = a(z)ᵀ m with m = Lᵀ α = L⁻¹ K α.
  const weights = new Float64Array(size * outputs);
  for (const [p, alpha] of amplitudes.entries()) {
    const product = inducing.map((_, i) => alpha.reduce((sum, value, j) => sum + covariance[i * size + j] * value, 0));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) weights[i * outputs + p] += inverse[i * size + j] * product[j];
    }
  }
  const anchors = Float64Array.from({ length: ANCHORS }, (_, k) => -3 + (6 * k) / (ANCHORS - 1));
  return {
    [INDUCING_POINTS]: Float64Array.from(inducing),
    [inverseFactorName(decoder)]: inverse,
    'all.0.0.logLengthscale': Float64Array.of(0),
    'all.0.0.logVariance': Float64Array.of(0),
    [names.mean]: weights,
    [names.covariance]: new Float64Array(((size * (size + 1)) / 2) * outputs),
    [names.logNoise]: new Float64Array(outputs).fill(-20),
    outputCentre: new Float64Array(outputs),
    outputScale: new Float64Array(outputs).fill(1),
    covarianceWidening: Float64Array.of(1),
    labelWidening: Float64Array.of(1),
    anchors,
    anchorOutputs: Float64Array.from({ length: ANCHORS * outputs }, (_, at) =>
      valueAt(amplitudes[at % outputs], anchors[Math.floor(at / outputs)]),
    ),
    typicalVariance: new Float64Array(outputs),
    flux: Float64Array.from(amplitudes, (alpha) => valueAt(alpha, 1.5)),
    ivar: new Float64Array(outputs).fill(2500),
  };
}

const valueAt = (alpha: readonly number[], z: number) =>
  alpha.reduce((sum, value, j) => sum + value * kernel(z, inducing[j]), 0);

describe('a latent of which the spectrum tells only the size', () => {
  const outputs: Record<string, Float64Array> = {};
  before(() => {
    for (const [name, oddness] of Object.entries({ even: 0, odd: 0.3 })) {
      const { tensors, feeds } = madeOf(oddness);
      const found = evaluate<string>({ outputs: encoderGraph(tensors).outputs, feeds });
      outputs[`${name}.mean`] = found.latentMean.data;
      outputs[`${name}.ambiguity`] = found.ambiguity.data;
    }
  });

  it('is reported as ambiguous, both signs being as probable', () => {
    assert.ok(Math.abs(Math.abs(outputs['even.mean'][0]) - 1.5) < 0.05, `${outputs['even.mean'][0]}`);
    assert.ok(Math.abs(outputs['even.ambiguity'][0] - 0.5) < 0.01, `${outputs['even.ambiguity'][0]}`);
  });

  it('is found and not ambiguous once the spectrum tells its sign', () => {
    assert.ok(Math.abs(outputs['odd.mean'][0] - 1.5) < 0.05, `${outputs['odd.mean'][0]}`);
    assert.ok(outputs['odd.ambiguity'][0] < 1e-6, `${outputs['odd.ambiguity'][0]}`);
  });
});

describe('pixels that count a share', () => {
  const posterior = (copies: number, share: number) => {
    const { tensors, feeds } = madeOf(0.3, copies, share);
    const { latentMean, latentCovariance } = evaluate<string>({ outputs: encoderGraph(tensors).outputs, feeds });
    return [latentMean.data[0], Math.sqrt(latentCovariance.data[0])];
  };

  it('say as four copies at a quarter what they say as one', () => {
    const [mean, deviation] = posterior(1, 1);
    const [shared, sharedDeviation] = posterior(4, 0.25);
    assert.ok(Math.abs(shared - mean) < 1e-9 && Math.abs(sharedDeviation / deviation - 1) < 1e-9, `${shared}, ${mean}`);
    const [, copied] = posterior(4, 1);
    assert.ok(copied < 0.6 * deviation, `${copied} against ${deviation}`);
  });
});
