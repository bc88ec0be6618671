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

describe('posteriors of many outputs', () => {
  /** Λ of `rank` random vectors a unit of noise each, rounded to float32, and right sides. */
  function given(seed: number, size: number, count: number, scale = 1) {
    const random = new Random(seed);
    const length = (size * (size + 1)) / 2;
    const precision = memory.allocate(length * count);
    for (let d = 0; d < count; d++) {
      const rank = 1 + Math.floor(random.uniform() * 2 * size);
      for (let k = 0; k < rank; k++) {
        const a = Float64Array.from({ length: size }, () => scale * random.normal());
        eachElement(size, (i, j, at) => {
          precision[d * length + at] += a[i] * a[j];
        });
      }
    }
    return {
      size,
      count,
      precision,
      right: normals(random, size * count),
      inverse: memory.allocate(length * count),
      solution: memory.allocate(size * count),
      logDeterminant: memory.allocateFloat64(count),
      divergence: memory.allocateFloat64(count),
    };
  }

  interface Given {
    readonly size: number;
    readonly count: number;
    readonly precision: Float32Array | Float64Array;
    readonly right: Float32Array;
  }

  /** S, m and ln det A of one output by Gauss-Jordan elimination of 1 + Λ in float64, without a factorisation. */
  function eliminated({ size, count, precision, right }: Given, d: number) {
    const columns = 2 * size + 1;
    const rows = Array.from({ length: size }, () => new Float64Array(columns));
    eachElement(size, (i, j, at) => {
      rows[i][j] = rows[j][i] = precision[(d * size * (size + 1)) / 2 + at];
    });
    rows.forEach((row, i) => {
      row[i] += 1;
      row[size] = right[i * count + d];
      row[size + 1 + i] = 1;
    });
    let logDeterminant = 0;
    rows.forEach((pivotal, p) => {
      const pivot = pivotal[p];
      logDeterminant += Math.log(pivot);
      for (let c = 0; c < columns; c++) pivotal[c] /= pivot;
      for (const row of rows) {
        const factor = row[p];
        if (row !== pivotal) for (let c = 0; c < columns; c++) row[c] -= factor * pivotal[c];
      }
    });
    const inverse = rows.map((row) => row.subarray(size + 1));
    return { inverse, solution: rows.map((row) => row[size]), logDeterminant };
  }

  function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
    assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, ${expected}`);
  }

  const shape = { size: fc.integer({ min: 1, max: 30 }), count: fc.integer({ min: 0, max: 19 }), seed: fc.nat() };

  it('are those of the float64 elimination, for any size and number of outputs', () => {
    const property = fc.property(fc.record(shape), ({ size, count, seed }) =>
      memory.scratch(() => {
        const posteriors = given(seed, size, count);
        const guard = memory.allocate(4).fill(7);
        assert.deepEqual(packed.invertAll(posteriors), { replaced: 0, refused: 0 });
        assert.deepEqual([...guard], [7, 7, 7, 7]);
        for (let d = 0; d < count; d++) {
          const expected = eliminated(posteriors, d);
          eachElement(size, (i, j, at) => {
            const element = (i === j ? 1 : 2) * expected.inverse[i][j];
            assertNear(
              posteriors.inverse[(d * size * (size + 1)) / 2 + at],
              element,
              1e-6,
              `output ${d}, S(${i}, ${j})`,
            );
          });
          let divergence = expected.logDeterminant - size;
          expected.solution.forEach((mean, i) => {
            assertNear(posteriors.solution[i * count + d], mean, 1e-6 * (1 + Math.abs(mean)), `output ${d}, m(${i})`);
            divergence += mean * mean + expected.inverse[i][i];
          });
          assertNear(posteriors.logDeterminant[d], expected.logDeterminant, 1e-9, `output ${d}, ln det`);
          assertNear(posteriors.divergence[d], divergence / 2, 1e-9, `output ${d}, KL`);
        }
      }),
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('are right for matrices of more than one block of columns, and may replace Λ', () => {
    for (const [size, count] of [
      [64, 3],
      [121, 1],
    ]) {
      memory.scratch(() => {
        const posteriors = given(size, size, count);
        const all = Array.from({ length: count }, (_, d) => eliminated(posteriors, d));
        packed.invertAll({ ...posteriors, inverse: posteriors.precision });
        all.forEach(({ inverse }, d) => {
          eachElement(size, (i, j, at) => {
            const element = (i === j ? 1 : 2) * inverse[i][j];
            assertNear(
              posteriors.precision[(d * size * (size + 1)) / 2 + at],
              element,
              1e-6,
              `output ${d}, S(${i}, ${j})`,
            );
          });
        });
      });
    }
  });

  it('are the prior where there are no data', () => {
    memory.scratch(() => {
      const posteriors = given(1, 5, 3);
      posteriors.precision.fill(0);
      posteriors.right.fill(0);
      packed.invertAll(posteriors);
      eachElement(5, (i, j, at) => {
        for (let d = 0; d < 3; d++) assert.equal(posteriors.inverse[d * 15 + at], i === j ? 1 : 0);
      });
      assert.ok(posteriors.solution.every((mean) => mean === 0));
      assert.deepEqual([...posteriors.divergence], [0, 0, 0]);
    });
  });

  it('give aᵀ S a as a product with packed outer products', () => {
    memory.scratch(() => {
      const posteriors = given(4, 7, 2);
      packed.invertAll(posteriors);
      const a = normals(new Random(5), 7);
      const products = memory.allocate(28);
      packed.outerProducts(7, a, products);
      for (const d of [0, 1]) {
        const { inverse } = eliminated(posteriors, d);
        const product = products.reduce((total, value, at) => total + value * posteriors.inverse[d * 28 + at], 0);
        let expected = 0;
        for (let i = 0; i < 7; i++) for (let j = 0; j < 7; j++) expected += a[i] * inverse[i][j] * a[j];
        assertNear(product, expected, 1e-5, `output ${d}`);
      }
    });
  });

  it('keep the variance of the prior where Λ is indefinite by rounding, and are counted', () => {
    // Λ of few vectors, so large that its elements are rounded by more than the prior's precision of 1.
    const property = fc.property(
      fc.record({ size: fc.integer({ min: 24, max: 40 }), rank: fc.integer({ min: 1, max: 3 }), seed: fc.nat() }),
      ({ size, rank, seed }) =>
        memory.scratch(() => {
          const posteriors = given(seed, size, 3, 0);
          const length = (size * (size + 1)) / 2;
          const random = new Random(seed);
          const exact = new Float64Array(posteriors.precision.length);
          for (let k = 0; k < rank; k++) {
            const a = Float64Array.from({ length: size }, () => 1e5 * random.normal());
            eachElement(size, (i, j, at) => {
              exact[length + at] += a[i] * a[j];
            });
          }
          posteriors.precision.set(exact);
          assert.deepEqual(packed.invertAll(posteriors), { replaced: 1, refused: 0 });
          const expected = eliminated({ ...posteriors, precision: exact }, 1);
          let trace = 0;
          eachElement(size, (i, j, at) => {
            const element = (i === j ? 1 : 2) * expected.inverse[i][j];
            assertNear(posteriors.inverse[length + at], element, 1e-3, `S(${i}, ${j})`);
            if (i === j) trace += posteriors.inverse[length + at];
            assert.equal(posteriors.inverse[at], i === j ? 1 : 0);
          });
          assertNear(trace, size - rank, 1e-3, 'tr S');
          assertNear(posteriors.logDeterminant[1], expected.logDeterminant, 1e-3, 'ln det');
        }),
    );
    fc.assert(property, { numRuns: 40 });
  });

  it('raise pivots between 0.5 and 1 to 1, and take a precision below for 0', () => {
    memory.scratch(() => {
      const posteriors = given(1, 1, 4);
      posteriors.precision.set([-0.25, -0.75, -3, 1]);
      posteriors.right.set([2, 3, 4, 6]);
      assert.deepEqual(packed.invertAll(posteriors), { replaced: 2, refused: 0 });
      assert.deepEqual([...posteriors.inverse], [1, 1, 1, 0.5]);
      assert.deepEqual([...posteriors.solution], [2, 3, 4, 3]);
    });
  });

  it('are bounded by the prior for matrices that are no precisions at all', () => {
    const property = fc.property(fc.record(shape), ({ size, count, seed }) =>
      memory.scratch(() => {
        const posteriors = given(seed, size, count);
        const random = new Random(seed);
        const scale = 10 ** (12 * random.uniform());
        posteriors.precision.forEach((_, at, all) => {
          all[at] = scale * random.normal();
        });
        assert.equal(packed.invertAll(posteriors).refused, 0);
        eachElement(size, (i, j, at) => {
          for (let d = 0; d < count; d++) {
            const value = posteriors.inverse[(d * size * (size + 1)) / 2 + at];
            assert.ok(i === j ? value > 0 && value <= 1.01 : Math.abs(value) <= 2.02, `S(${i}, ${j}): ${value}`);
          }
        });
        assert.ok(posteriors.solution.every(Number.isFinite));
        assert.ok(posteriors.divergence.every((value) => value > -0.01 * size));
      }),
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('are the prior, and reported, for outputs with values that are not finite, and for them alone', () => {
    const outputs = 11;
    for (const [place, value] of [
      ['precision', Number.NaN],
      ['precision', Number.POSITIVE_INFINITY],
      ['precision', Number.NEGATIVE_INFINITY],
      ['precision', 3e38],
      ['right', Number.NaN],
      ['right', Number.POSITIVE_INFINITY],
    ] as const) {
      for (const element of [0, 1, 5]) {
        memory.scratch(() => {
          const posteriors = given(6, 6, outputs);
          packed.invertAll(posteriors);
          const before = [posteriors.inverse.slice(), posteriors.solution.slice(), posteriors.divergence.slice()];
          posteriors[place][place === 'right' ? element * outputs + 4 : 4 * 21 + element] = value;
          assert.deepEqual(packed.invertAll(posteriors), { replaced: 0, refused: 1 });
          [posteriors.inverse, posteriors.solution, posteriors.divergence].forEach((array, which) => {
            array.forEach((now, at) => {
              if ((array === posteriors.inverse ? Math.floor(at / 21) : at % outputs) !== 4)
                assert.equal(now, before[which][at]);
            });
          });
          eachElement(6, (i, j, at) => {
            assert.equal(posteriors.inverse[4 * 21 + at], i === j ? 1 : 0);
          });
          for (let i = 0; i < 6; i++) assert.equal(posteriors.solution[i * outputs + 4], 0);
          assert.equal(posteriors.divergence[4] + posteriors.logDeterminant[4], 0);
        });
      }
    }
  });

  it('refuse arrays whose lengths do not belong together', () => {
    memory.scratch(() => {
      const posteriors = given(3, 3, 2);
      assert.throws(() => packed.invertAll({ ...posteriors, count: 3 }), /12 values was given where 18 belong/);
      assert.throws(() => packed.invertAll({ ...posteriors, right: memory.allocate(5) }), /5 values .* where 6 belong/);
    });
  });
});
