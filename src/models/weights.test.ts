import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { evaluate, input } from '../graph/index.ts';
import { lossWeights, lossWeightsOf } from './weights.ts';

describe('loss weights', () => {
  const pixel = fc.record({
    flux: fc.float({ min: -100, max: 100, noNaN: true }),
    ivar: fc.oneof(fc.constant(0), fc.float({ min: Math.fround(1e-3), max: 1e6, noNaN: true })),
  });

  it('are the inverse variance with the S/N capped, zero where unobserved, in memory and in a graph alike', () => {
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 1, maxLength: 20 }), fc.integer({ min: 5, max: 100 }), (pixels, cap) => {
        const matrix = (values: number[]) => ({ rows: 1, columns: values.length, data: Float32Array.from(values) });
        const flux = matrix(pixels.map((p) => p.flux));
        const ivar = matrix(pixels.map((p) => p.ivar));
        const weights = lossWeightsOf(flux, ivar, cap);
        const columns = pixels.length;
        const graph = lossWeights(input('flux', ['N', columns]), input('ivar', ['N', columns]), cap);
        const inGraph = evaluate({ outputs: { graph }, feeds: { flux: flux.data, ivar: ivar.data } }).graph.data;
        weights.data.forEach((weight, i) => {
          const [x, w] = [flux.data[i], ivar.data[i]];
          const expected = w === 0 ? 0 : 1 / (1 / w + (x / cap) ** 2);
          assert.ok(Math.abs(weight - expected) <= 1e-6 * expected);
          assert.ok(Math.abs(inGraph[i] - expected) <= 1e-6 * expected);
          assert.ok(Math.abs(x) * Math.sqrt(weight) <= cap * (1 + 1e-6));
        });
      }),
    );
  });
});
