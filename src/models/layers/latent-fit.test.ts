import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { add, constant, evaluate, expand, input, matmul, parameter, square, subtract, sum } from '../../graph/index.ts';
import { ACTIVATION_NAMES, ACTIVATIONS } from './activation.ts';
import { dense, denseActivated, denseTensors, initialDense, layersBetween } from './dense.ts';
import { fittedLatents, nearestAnchors } from './latent-fit.ts';
import { refinedPosterior } from './linear-posterior.ts';
import { denseWithTangents } from './tangents.ts';

const [N, Q, P] = [4, 3, 9];
const layers = layersBetween('decoder', [Q, 7, 8, P]);
const tensors = layers.map(denseTensors);

function normals(length: number, seed: number): Float64Array {
  const values = new Float64Array(length);
  new Random(seed).fillNormal(values);
  return values;
}

/** Weights large enough that the network bends. */
const weights: Record<string, Float64Array> = Object.fromEntries(
  layers.flatMap((layer) =>
    Object.entries(initialDense(layer, new Random(4).stream(layer.name))).map(([name, { data }]) => [
      name,
      Float64Array.from(data, (value) => 3 * value),
    ]),
  ),
);

describe('a network with tangents', () => {
  for (const name of ACTIVATION_NAMES) {
    const activation = ACTIVATIONS[name];
    const x = input('x', ['N', Q]);
    const graph = denseWithTangents(tensors, activation, x);
    const at = (points: Float64Array) => evaluate({ outputs: { ...graph }, feeds: { ...weights, x: points } });

    it(`of ${name} has the value of the network and the Jacobian of finite differences`, () => {
      const points = normals(N * Q, 1);
      const found = at(points);
      const plain = denseActivated(layers.slice(0, -1), activation, x);
      const last = dense(layers[layers.length - 1], plain);
      const expected = evaluate({ outputs: { last }, feeds: { ...weights, x: points } }).last.data;
      assert.deepEqual(found.value.data, expected);
      assert.deepEqual(found.jacobian.shape, [N, Q, P]);
      const step = 1e-6;
      for (let q = 0; q < Q; q++) {
        const moved = (sign: number) => at(points.map((value, i) => (i % Q === q ? value + sign * step : value)));
        const [plus, minus] = [moved(1).value.data, moved(-1).value.data];
        for (let n = 0; n < N; n++) {
          for (let p = 0; p < P; p++) {
            const difference = (plus[n * P + p] - minus[n * P + p]) / (2 * step);
            assert.ok(Math.abs(found.jacobian.data[(n * Q + q) * P + p] - difference) < 1e-8, `${n}, ${q}, ${p}`);
          }
        }
      }
    });
  }
});

describe('latents fitted through a decoder', () => {
  const spectra = input('spectra', ['N', P]);
  const pixelWeights = input('weights', ['N', P]);
  const observed = normals(N * P, 3).map((g) => (g < -0.5 ? 0 : 10 ** g));

  it('are the posterior of a linear model, from anywhere', () => {
    const basis = parameter('basis', [Q, P]);
    const decode = (latent: ReturnType<typeof input>) => ({
      value: matmul(latent, basis),
      jacobian: expand(basis, ['N', Q, P]),
    });
    const start = input('start', ['N', Q]);
    const fit = fittedLatents({ spectra, weights: pixelWeights, start, steps: 8, decode });
    const priorPrecision = constant([1, 1, 1]);
    const exact = refinedPosterior({ centred: spectra, weights: pixelWeights, basis, priorPrecision });
    const feeds = {
      spectra: normals(N * P, 6),
      weights: observed,
      basis: normals(Q * P, 7),
      start: normals(N * Q, 8).map((value) => 5 * value),
    };
    const outputs = { mean: fit.mean, covariance: fit.covariance, m: exact.mean, c: exact.covariance };
    const found = evaluate({ outputs, feeds });
    found.mean.data.forEach((value, i) => {
      assert.ok(Math.abs(value - found.m.data[i]) < 1e-7, `mean ${i}`);
    });
    found.covariance.data.forEach((value, i) => {
      assert.ok(Math.abs(value - found.c.data[i]) < 1e-12, `covariance ${i}`);
    });
  });

  it('stand at a minimum of the objective, with its curvature, and never above where they began', () => {
    const start = input('start', ['N', Q]);
    const decode = (latent: ReturnType<typeof input>) => denseWithTangents(tensors, ACTIVATIONS.silu, latent);
    const after = (steps: number) => fittedLatents({ spectra, weights: pixelWeights, start, steps, decode }).mean;
    const objective = (latent: ReturnType<typeof input>) => {
      const residual = subtract(spectra, decode(latent).value);
      return add(
        sum(matmul(square(residual), constant(new Float64Array(P).fill(1), [P, 1])), [1]),
        sum(square(latent), [1]),
      );
    };
    const truth = normals(N * Q, 10);
    const noise = normals(N * P, 9);
    const outputOf = { value: decode(input('truth', ['N', Q])).value };
    const target = evaluate({ outputs: outputOf, feeds: { ...weights, truth } }).value.data;
    const feeds = {
      ...weights,
      spectra: target.map((value, i) => value + 0.05 * noise[i]),
      weights: new Float64Array(N * P).fill(1),
      start: truth.map((value, i) => value + 0.3 * noise[i]),
    };
    const outputs = { first: objective(start), one: objective(after(1)), many: objective(after(12)), z: after(12) };
    const found = evaluate({ outputs, feeds });
    for (let n = 0; n < N; n++) {
      const [first, one, many] = [found.first, found.one, found.many].map(({ data }) => data[n]);
      assert.ok(one <= first && many <= one, `${first}, ${one}, ${many}`);
    }
    const near = (sign: number, q: number) => {
      const moved = found.z.data.map((value, i) => (i % Q === q ? value + sign * 1e-4 : value));
      return evaluate({ outputs: { value: objective(start) }, feeds: { ...feeds, start: moved } }).value.data;
    };
    for (let q = 0; q < Q; q++) {
      const [plus, minus] = [near(1, q), near(-1, q)];
      for (let n = 0; n < N; n++)
        assert.ok(Math.abs(plus[n] - minus[n]) / 2e-4 < 1e-3, `${n}, ${q}: ${(plus[n] - minus[n]) / 2e-4}`);
    }
  });

  it('start from the anchor whose spectrum fits best, missing pixels left out', () => {
    const anchors = parameter('anchors', [5, Q]);
    const anchorSpectra = parameter('anchorSpectra', [5, P]);
    const start = nearestAnchors({ spectra, weights: pixelWeights }, anchors, anchorSpectra);
    const known = { anchors: normals(5 * Q, 11), anchorSpectra: normals(5 * P, 12) };
    const flux = Float64Array.from({ length: N * P }, (_, i) => known.anchorSpectra[i] + (observed[i] > 0 ? 0.01 : 9));
    const scaled = observed.map((w) => 1000 * w);
    const found = evaluate({ outputs: { start }, feeds: { ...known, spectra: flux, weights: scaled } });
    assert.deepEqual([...found.start.data], [...known.anchors.subarray(0, N * Q)]);
  });
});
