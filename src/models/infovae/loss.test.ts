import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as reference from '../../../tests/references/infovae.ts';
import { Random } from '../../base/index.ts';
import { constant, evaluate } from '../../graph/index.ts';
import { gaussianDivergence, maximumMeanDiscrepancy } from './loss.ts';

const normals = (length: number, random: Random, shift = 0) =>
  Float64Array.from({ length }, () => shift + random.normal());

function discrepancy(u: Float64Array, v: Float64Array, latents: number): number {
  const graph = maximumMeanDiscrepancy(
    constant(u, [u.length / latents, latents]),
    constant(v, [v.length / latents, latents]),
    latents,
  );
  return evaluate({ outputs: { graph }, feeds: {} }).graph.data[0];
}

describe('the maximum mean discrepancy', () => {
  it('is that of naive loops over pairs', () => {
    const sizes = fc.record({ m: fc.integer({ min: 1, max: 9 }), n: fc.integer({ min: 1, max: 12 }), seed: fc.nat() });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), ({ m, n, seed }, latents) => {
        const random = new Random(seed);
        const [u, v] = [normals(m * latents, random, 0.5), normals(n * latents, random)];
        const naive = reference.discrepancy(u, v, latents);
        assert.ok(Math.abs(discrepancy(u, v, latents) - naive) < 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it('is 0 between a sample and itself, and grows as samples move apart', () => {
    const u = normals(20, new Random(1));
    const apart = [0, 0.5, 1, 2].map((shift) =>
      discrepancy(
        u,
        u.map((value) => value + shift),
        2,
      ),
    );
    assert.ok(Math.abs(apart[0]) < 1e-14);
    for (let i = 1; i < apart.length; i++) assert.ok(apart[i] > apart[i - 1]);
  });
});

describe('the divergence from the standard normal', () => {
  it('is the integral of q log(q/p)', () => {
    for (const [mean, variance] of [
      [0, 1],
      [0.7, 0.2],
      [-2, 3],
    ]) {
      const graph = gaussianDivergence(constant([mean], [1, 1]), constant([Math.log(variance)], [1, 1]));
      const closed = evaluate({ outputs: { graph }, feeds: {} }).graph.data[0];
      assert.ok(Math.abs(closed - divergenceByQuadrature(mean, variance)) < 1e-8);
    }
  });

  it('is summed over latents and averaged over spectra', () => {
    const graph = gaussianDivergence(constant([1, 2, 0, 0], [2, 2]), constant(new Float64Array(4), [2, 2]));
    assert.equal(evaluate({ outputs: { graph }, feeds: {} }).graph.data[0], (0.5 * (1 + 4)) / 2);
  });
});

function divergenceByQuadrature(mean: number, variance: number): number {
  const step = 1e-3 * Math.sqrt(variance);
  let total = 0;
  for (let k = -12_000; k <= 12_000; k++) {
    const z = mean + k * step;
    const logQ = -0.5 * ((z - mean) ** 2 / variance + Math.log(variance));
    total += Math.exp(logQ) * (logQ + 0.5 * z * z) * step;
  }
  return total / Math.sqrt(2 * Math.PI);
}
