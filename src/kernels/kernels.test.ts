import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../base/index.ts';
import { loadKernels } from './index.node.ts';
import { instantiateKernels, type Kernels, LinearMemory } from './index.ts';

const kernels = loadKernels({ capacityBytes: 2 ** 24 });
const { memory } = kernels;

function normals(random: Random, length: number): Float32Array {
  const values = memory.allocate(length);
  random.fillNormal(values);
  return values;
}

/** Adam on one array, with its moments. */
function adamOn(of: Kernels, parameters: Float32Array, gradients: Float32Array) {
  const first = of.memory.allocate(parameters.length);
  const second = of.memory.allocate(parameters.length);
  const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const step = (t: number, rate: number) => of.adam({ parameters, gradients, first, second }, t, rate, settings);
  return { first, second, step };
}

/** Adam as PyTorch writes it (torch.optim.Adam, single tensor), in float64. */
function plainAdam(gradients: readonly Float64Array[], start: Float64Array, rate: number): Float64Array {
  const p = start.slice();
  const m = new Float64Array(p.length);
  const v = new Float64Array(p.length);
  gradients.forEach((gradient, step) => {
    for (let i = 0; i < p.length; i++) {
      m[i] += (gradient[i] - m[i]) * 0.1;
      v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
      const denominator = Math.sqrt(v[i]) / Math.sqrt(1 - 0.999 ** (step + 1)) + 1e-8;
      p[i] -= (rate / (1 - 0.9 ** (step + 1))) * (m[i] / denominator);
    }
  });
  return p;
}

describe('the Adam kernel', () => {
  it('follows the float64 formula for any length, also those that do not fill a vector', () => {
    const property = fc.property(fc.integer({ min: 0, max: 70 }), fc.nat(), (length, seed) =>
      memory.scratch(() => {
        const random = new Random(seed);
        const parameters = normals(random, length);
        const guard = memory.allocate(4).fill(7);
        const gradient = memory.allocate(length);
        const start = Float64Array.from(parameters);
        const adam = adamOn(kernels, parameters, gradient);
        const given: Float64Array[] = [];
        for (let t = 1; t <= 5; t++) {
          random.fillNormal(gradient);
          given.push(Float64Array.from(gradient));
          adam.step(t, 0.01);
        }
        const expected = plainAdam(given, start, 0.01);
        for (const [i, value] of parameters.entries()) {
          assert.ok(Math.abs(value - expected[i]) < 1e-6, `${i}: ${value}, ${expected[i]}`);
        }
        assert.deepEqual([...guard], [7, 7, 7, 7]);
      }),
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('moves an element the same wherever it lies in the array', () => {
    memory.scratch(() => {
      const run = (length: number) => {
        const p = memory.allocate(length).fill(0.3);
        const adam = adamOn(kernels, p, memory.allocate(length).fill(0.7));
        for (let t = 1; t <= 3; t++) adam.step(t, 0.1);
        return p;
      };
      const long = run(39);
      assert.ok(long.every((value) => value === long[0]));
      assert.equal(run(1)[0], long[0]);
    });
  });

  it('keeps moments out of subnormal numbers where gradients stay 0, and the parameters where they are', () => {
    memory.scratch(() => {
      const p = memory.allocate(21).fill(0.5);
      const gradient = memory.allocate(21).map((_, i) => (i % 3) - 1);
      const given = memory.place(gradient);
      const adam = adamOn(kernels, p, given);
      adam.step(1, 0.01);
      given.fill(0);
      for (let t = 2; t <= 400; t++) adam.step(t, 0.01);
      const settled = p.slice();
      for (let t = 401; t <= 3000; t++) adam.step(t, 0.01);
      assert.deepEqual(p, settled);
      for (const moment of [...adam.first, ...adam.second]) assert.ok(Math.abs(moment) > 1.2e-38, `${moment}`);
    });
  });

  it('gives the same bits in another memory', async () => {
    const { readFile } = await import('node:fs/promises');
    const bytes = new Uint8Array(await readFile(new URL('./kernels.wasm', import.meta.url)));
    const other = await instantiateKernels(bytes, { capacityBytes: 2 ** 18 });
    const run = (on: Kernels) => {
      const random = new Random(3);
      const p = on.memory.allocate(33);
      const gradient = on.memory.allocate(33);
      random.fillNormal(p);
      random.fillNormal(gradient);
      const adam = adamOn(on, p, gradient);
      for (let t = 1; t <= 4; t++) adam.step(t, 0.01);
      return p.slice();
    };
    assert.deepEqual(
      run(other),
      memory.scratch(() => run(kernels)),
    );
  });
});

describe('the elementwise kernels', () => {
  it('do what their formulae say, for any length', () => {
    const property = fc.property(fc.integer({ min: 0, max: 40 }), fc.nat(), (length, seed) =>
      memory.scratch(() => {
        const random = new Random(seed);
        const [x, y, above, below] = [0, 1, 2, 3].map(() => normals(random, length));
        const before = { x: x.slice(), y: y.slice() };
        kernels.addScaled(y, x, 0.5);
        kernels.scale(x, -3);
        for (const [i, value] of y.entries())
          assert.equal(value, Math.fround(before.y[i] + Math.fround(0.5 * before.x[i])));
        for (const [i, value] of x.entries()) assert.equal(value, Math.fround(-3 * before.x[i]));
        const start = x.slice();
        kernels.multiplicativeUpdate(x, above, below, 0.25);
        x.forEach((value, i) => {
          const expected = (start[i] * Math.max(above[i], 0)) / Math.max(below[i], 0.25);
          assert.ok(Math.abs(value - expected) <= 1e-6 * Math.abs(expected), `${value}, ${expected}`);
        });
      }),
    );
    fc.assert(property, { numRuns: 60 });
  });
});

describe('packed Cholesky solves', () => {
  /** count × size random positive definite matrices, packed, with their full forms. */
  function systems(seed: number, size: number, count: number, wide: boolean) {
    const random = new Random(seed);
    const packed = (size * (size + 1)) / 2;
    const allocate = (length: number) => (wide ? memory.allocateFloat64(length) : memory.allocate(length));
    const matrices = allocate(count * packed);
    const full = Array.from({ length: count }, () => new Float64Array(size * size));
    full.forEach((matrix, n) => {
      const root = Float64Array.from({ length: size * size }, () => random.normal());
      for (let i = 0; i < size; i++) {
        for (let j = 0; j <= i; j++) {
          let total = i === j ? 0.5 : 0;
          for (let k = 0; k < size; k++) total += root[i * size + k] * root[j * size + k];
          const at = n * packed + (i * (i + 1)) / 2 + j;
          matrices[at] = total;
          matrix[i * size + j] = matrix[j * size + i] = matrices[at];
        }
      }
    });
    const rightSides = allocate(count * size);
    random.fillNormal(rightSides);
    return {
      matrices,
      rightSides,
      solutions: allocate(count * size),
      inverses: allocate(count * packed),
      full,
      packed,
    };
  }

  it('solve and invert: A·x = b and A·A⁻¹ = 1, in float64 and float32', () => {
    for (const [wide, tolerance] of [
      [true, 1e-8],
      [false, 2e-2],
    ] as const) {
      for (const size of [1, 2, 3, 6, 10, 17, 64]) {
        memory.scratch(() => {
          const count = 4;
          const { full, packed, ...given } = systems(size, size, count, wide);
          assert.equal(kernels.solvePacked({ size, ...given }), 0);
          full.forEach((matrix, n) => {
            for (let i = 0; i < size; i++) {
              const row = matrix.subarray(i * size, (i + 1) * size);
              const product = row.reduce((total, a, j) => total + a * given.solutions[n * size + j], 0);
              const b = given.rightSides[n * size + i];
              assert.ok(Math.abs(product - b) < tolerance, `size ${size}, row ${i}: ${product}, ${b}`);
              for (let k = 0; k < size; k++) {
                const unit = row.reduce((total, a, j) => {
                  const [high, low] = j > k ? [j, k] : [k, j];
                  return total + a * given.inverses[n * packed + (high * (high + 1)) / 2 + low];
                }, 0);
                assert.ok(Math.abs(unit - (i === k ? 1 : 0)) < tolerance, `size ${size}: inverse (${i}, ${k})`);
              }
            }
          });
        });
      }
    }
  });

  it('add the ridge to the diagonal, and leave the matrices as they were', () => {
    memory.scratch(() => {
      const matrices = memory.allocateFloat64(3);
      matrices.set([1, 1, 1]);
      const rightSides = memory.allocateFloat64(2);
      rightSides.set([4, 5]);
      const solutions = memory.allocateFloat64(2);
      assert.equal(kernels.solvePacked({ size: 2, matrices, rightSides, solutions, ridge: 1 }), 0);
      assert.deepEqual(
        [...solutions].map((value) => Math.round(value * 1e12) / 1e12),
        [1, 2],
      );
      assert.deepEqual([...matrices], [1, 1, 1]);
    });
  });

  it('count matrices that are not positive definite and give zeros for them alone', () => {
    memory.scratch(() => {
      const matrices = memory.place([1, 2, 1, 4, 0, 4, 0, 0, 0, Number.NaN, 0, 1]);
      const rightSides = memory.place([1, 1, 4, 8, 1, 1, 1, 1]);
      const solutions = memory.allocate(8).fill(9);
      assert.equal(kernels.solvePacked({ size: 2, matrices, rightSides, solutions }), 3);
      assert.deepEqual([...solutions], [0, 0, 1, 2, 0, 0, 0, 0]);
    });
  });
});

describe('linear memory', () => {
  it('gives zeroed arrays, aligned to 64 bytes, that never overlap', () => {
    const own = new LinearMemory(2 ** 20);
    const first = own.allocate(3).fill(1);
    const second = own.allocateFloat64(5).fill(2);
    const third = own.allocate(1);
    for (const array of [first, second, third]) assert.equal(array.byteOffset % 64, 0);
    assert.deepEqual([...first, ...second, ...third], [1, 1, 1, 2, 2, 2, 2, 2, 0]);
  });

  it('gives scratch arrays back, also when the work fails', async () => {
    const own = new LinearMemory(2 ** 20);
    const used = own.usedBytes;
    own.scratch(() => own.allocate(100).fill(5));
    assert.throws(() =>
      own.scratch(() => {
        own.allocate(100);
        throw new Error('stop');
      }),
    );
    await own.scratch(async () => own.allocate(100));
    assert.equal(own.usedBytes, used);
    assert.ok(own.allocate(100).every((value) => value === 0));
  });

  it('refuses what does not fit, and kernels refuse foreign or ill-sized arrays', () => {
    assert.throws(() => new LinearMemory(2 ** 18).allocate(2 ** 18), /do not fit a linear memory of 262144 bytes/);
    assert.throws(() => new LinearMemory(2 ** 33), /4 GiB/);
    assert.throws(() => kernels.scale(new Float32Array(4), 2), /does not lie in the kernels' memory/);
    assert.throws(
      () => kernels.addScaled(memory.allocate(4), memory.allocate(3), 2),
      /3 values was given where 4 belong/,
    );
  });
});
