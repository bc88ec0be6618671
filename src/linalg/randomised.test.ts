import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type Matrix, Random, zeros } from '../base/index.ts';
import type { Runtime } from '../graph/index.ts';
import { createNodeRuntime } from '../graph/runtime.node.ts';
import { dense, product, randomisedSvd, symmetricEigen, transposed } from './index.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

/** Singular values fall by a third from one to the next, over a floor of noise. */
function decayingMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = new Random(seed);
  const left = dense(rows, 8);
  const right = dense(8, columns);
  random.fillNormal(left.data);
  random.fillNormal(right.data);
  left.data.forEach((value, i) => {
    left.data[i] = value * 0.66 ** (i % 8);
  });
  const clean = product(left, right);
  const result = zeros(rows, columns);
  clean.data.forEach((value, i) => {
    result.data[i] = value + 0.01 * random.normal();
  });
  return result;
}

describe('randomisedSvd', () => {
  it('agrees with the full eigendecomposition of the Gram matrix', async () => {
    const sides = fc.tuple(fc.integer({ min: 12, max: 60 }), fc.integer({ min: 12, max: 40 }), fc.integer());
    await fc.assert(
      fc.asyncProperty(sides, async ([rows, columns, seed]) => {
        const matrix = decayingMatrix(rows, columns, seed);
        const wide = dense(rows, columns, Float64Array.from(matrix.data));
        const { values, vectors } = symmetricEigen(product(transposed(wide), wide));
        const found = await randomisedSvd(matrix, {
          components: 4,
          runtime,
          random: new Random(seed),
          tolerance: 1e-9,
        });
        for (let k = 0; k < 4; k++) {
          assert.ok(Math.abs(found.singularValues[k] / Math.sqrt(values[k]) - 1) < 1e-4);
        }
        // The planes spanned by the four agree: cosines of the angles between them multiply to one.
        const full = dense(4, columns, vectors.data.slice(0, 4 * columns));
        const cosines = product(found.rightVectors, transposed(full));
        const gram = product(cosines, transposed(cosines));
        for (const value of symmetricEigen(gram).values) assert.ok(value > 1 - 1e-4, `cos² ${value}`);
      }),
      { numRuns: 25 },
    );
  });

  it('subtracts the centre, and needs fewer passes from a known start', async () => {
    const matrix = decayingMatrix(3000, 20, 3);
    const centre = new Float32Array(20).fill(0.5);
    const shifted = zeros(3000, 20);
    matrix.data.forEach((value, i) => {
      shifted.data[i] = value + 0.5;
    });
    const options = { components: 3, runtime, random: new Random(1) };
    const plain = await randomisedSvd(matrix, options);
    const centred = await randomisedSvd(shifted, {
      ...options,
      random: new Random(1),
      centre,
      startFrom: plain.rightVectors,
    });
    for (let k = 0; k < 3; k++) {
      assert.ok(Math.abs(centred.singularValues[k] / plain.singularValues[k] - 1) < 1e-5);
    }
    assert.ok(centred.passes <= plain.passes);
  });

  it('is the same for the same seed', async () => {
    const matrix = decayingMatrix(100, 30, 9);
    const run = () => randomisedSvd(matrix, { components: 3, runtime, random: new Random(4) });
    assert.deepEqual(await run(), await run());
  });

  it('stops when asked to', async () => {
    const matrix = decayingMatrix(50, 30, 9);
    const signal = AbortSignal.abort();
    await assert.rejects(randomisedSvd(matrix, { components: 3, runtime, random: new Random(4), signal }), {
      name: 'InterruptedError',
    });
  });
});
