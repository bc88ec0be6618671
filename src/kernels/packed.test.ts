import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../base/index.ts';
import { loadKernels } from './index.node.ts';

const kernels = loadKernels({ capacityBytes: 2 ** 24 });
const { memory, packed } = kernels;

function normals(random: Random, length: number): Float32Array {
  const values = memory.allocate(length);
  random.fillNormal(values);
  return values;
}

/** Calls `visit` with every (i, j), j ≤ i, and its place in a packed matrix. */
function eachElement(size: number, visit: (i: number, j: number, at: number) => void): void {
  for (let i = 0, at = 0; i < size; i++) for (let j = 0; j <= i; j++) visit(i, j, at++);
}

const sizes = { count: fc.integer({ min: 0, max: 5 }), size: fc.integer({ min: 1, max: 37 }), seed: fc.nat() };

describe('packed outer products', () => {
  it('are the products of all pairs, and nothing beside them is written', () => {
    const property = fc.property(fc.record(sizes), ({ count, size, seed }) =>
      memory.scratch(() => {
        const length = (size * (size + 1)) / 2;
        const a = normals(new Random(seed), count * size);
        const space = memory.allocate(count * length + 8).fill(7);
        packed.outerProducts(size, a, space.subarray(4, 4 + count * length));
        assert.deepEqual([...space.subarray(0, 4), ...space.subarray(4 + count * length)], new Array(8).fill(7));
        for (let n = 0; n < count; n++) {
          eachElement(size, (i, j, at) => {
            assert.equal(space[4 + n * length + at], Math.fround(a[n * size + i] * a[n * size + j]));
          });
        }
      }),
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('have the adjoint of the float64 loops', () => {
    const property = fc.property(fc.record(sizes), ({ count, size, seed }) =>
      memory.scratch(() => {
        const random = new Random(seed);
        const length = (size * (size + 1)) / 2;
        const a = normals(random, count * size);
        const gradient = normals(random, count * length);
        const space = memory.allocate(count * size + 8).fill(7);
        const into = space.subarray(4, 4 + count * size);
        packed.outerProductsAdjoint(size, a, gradient, into);
        assert.deepEqual([...space.subarray(0, 4), ...space.subarray(4 + count * size)], new Array(8).fill(7));
        const expected = new Float64Array(count * size);
        for (let n = 0; n < count; n++) {
          eachElement(size, (i, j, at) => {
            expected[n * size + i] += gradient[n * length + at] * a[n * size + j];
            expected[n * size + j] += gradient[n * length + at] * a[n * size + i];
          });
        }
        into.forEach((value, k) => {
          assert.ok(Math.abs(value - expected[k]) < 2e-5, `${k}: ${value}, ${expected[k]}`);
        });
      }),
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('refuse arrays whose lengths do not belong together', () => {
    memory.scratch(() => {
      const a = memory.allocate(6);
      assert.throws(() => packed.outerProducts(4, a, memory.allocate(10)), /6 values are not rows of 4/);
      assert.throws(() => packed.outerProducts(3, a, memory.allocate(11)), /11 values was given where 12 belong/);
      assert.throws(() => packed.outerProductsAdjoint(3, a, memory.allocate(12), memory.allocate(5)), /where 6 belong/);
    });
  });
});
