import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { evaluate } from '../../graph/index.ts';
import { inverseCholeskyFactor } from '../../linalg/index.ts';
import { blockNames } from './elbo-graph.ts';
import { INDUCING_POINTS, inverseFactorName, JITTER } from './features.ts';
import { ANCHORS, encoderGraph, GplvmTensors } from './graphs.ts';
import { gaussian } from './likelihoods/gaussian.ts';
import { decodersOf } from './views.ts';

/** One latent, seven pixels; each pixel's function is a sum of the kernel at the inducing points. */
const inducing = [-2, -1, 1, 2];
const pixels = 7;
const decoders = decodersOf({
  arrangement: 'one',
  latents: 1,
  pixels,
  pixelLikelihood: gaussian,
  pixelGain: false,
  pixelShare: 1,
  labelLikelihoods: [],
  spectrumKernel: 'rbf',
  labelKernel: 'rbf',
});
const tensors = new GplvmTensors(decoders, { pixels, latents: 1, inducing: inducing.length });
const [decoder] = decoders;
const names = blockNames(decoder.blocks[0]);
const kernel = (a: number, b: number) => Math.exp(-0.5 * (a - b) ** 2);

/** Even functions of the latent, but for a share of oddness. */
function parametersOf(oddness: number): Record<string, Float64Array> {
  const random = new Random(2);
  const size = inducing.length;
  const amplitudes = Array.from({ length: pixels }, () => {
    const [near, far, odd] = [random.normal(), random.normal(), oddness * random.normal()];
    return [far - odd, near - odd, near + odd, far + odd];
  });
  const covariance = inducing.flatMap((a) => inducing.map((b) => kernel(a, b) + (a === b ? JITTER : 0)));
  const inverse = inverseCholeskyFactor(covariance, size);
  assert.ok(inverse !== null);
  // f(z) = k(z, U) α = a(z)ᵀ m with m = Lᵀ α = L⁻¹ K α.
  const weights = new Float64Array(size * pixels);
  for (const [p, alpha] of amplitudes.entries()) {
    const product = inducing.map((_, i) => alpha.reduce((sum, value, j) => sum + covariance[i * size + j] * value, 0));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) weights[i * pixels + p] += inverse[i * size + j] * product[j];
    }
  }
  const anchors = Float64Array.from({ length: ANCHORS }, (_, k) => -3 + (6 * k) / (ANCHORS - 1));
  return {
    [INDUCING_POINTS]: Float64Array.from(inducing),
    [inverseFactorName(decoder)]: inverse,
    'all.0.0.logLengthscale': Float64Array.of(0),
    'all.0.0.logVariance': Float64Array.of(0),
    [names.mean]: weights,
    [names.covariance]: new Float64Array(((size * (size + 1)) / 2) * pixels),
    [names.logNoise]: new Float64Array(pixels).fill(-20),
    outputCentre: new Float64Array(pixels),
    outputScale: new Float64Array(pixels).fill(1),
    covarianceWidening: Float64Array.of(1),
    labelWidening: Float64Array.of(1),
    anchors,
    anchorOutputs: Float64Array.from({ length: ANCHORS * pixels }, (_, at) =>
      valueAt(amplitudes[at % pixels], anchors[Math.floor(at / pixels)]),
    ),
    anchorVariance: new Float64Array(pixels),
    flux: Float64Array.from(amplitudes, (alpha) => valueAt(alpha, 1.5)),
    ivar: new Float64Array(pixels).fill(2500),
  };
}

const valueAt = (alpha: readonly number[], z: number) =>
  alpha.reduce((sum, value, j) => sum + value * kernel(z, inducing[j]), 0);

describe('a latent of which the spectrum tells only the size', () => {
  const outputs: Record<string, Float64Array> = {};
  before(() => {
    for (const [name, oddness] of Object.entries({ even: 0, odd: 0.3 })) {
      const found = evaluate<string>({ outputs: encoderGraph(tensors).outputs, feeds: parametersOf(oddness) });
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
