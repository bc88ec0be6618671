import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../base/index.ts';
import {
  CholeskySolver,
  type DenseMatrix,
  dense,
  orthonormaliseRows,
  packedIndices,
  packedLength,
  packedPositions,
  product,
  symmetricEigen,
  transposed,
} from './index.ts';

function randomMatrix(rows: number, columns: number, seed: number): DenseMatrix {
  const result = dense(rows, columns);
  new Random(seed).fillNormal(result.data);
  return result;
}

/** B Bᵀ + a little of the identity. */
function randomPositiveDefinite(size: number, seed: number): DenseMatrix {
  const b = randomMatrix(size, size, seed);
  const a = product(b, transposed(b));
  for (let i = 0; i < size; i++) a.data[i * size + i] += 0.1;
  return a;
}

function assertClose(actual: DenseMatrix, expected: DenseMatrix, tolerance: number): void {
  const scale = Math.max(...expected.data.map(Math.abs), 1e-300);
  actual.data.forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected.data[i]) <= tolerance * scale,
      `entry ${i}: ${value} against ${expected.data[i]}`,
    );
  });
}

const size = fc.integer({ min: 1, max: 14 });
const seed = fc.integer();

describe('packed symmetric storage', () => {
  it('finds every entry of the full matrix at the place its indices name', () => {
    fc.assert(
      fc.property(size, (k) => {
        const { rows, columns } = packedIndices(k);
        const positions = packedPositions(k);
        assert.equal(rows.length, packedLength(k));
        for (let i = 0; i < k; i++) {
          for (let j = 0; j < k; j++) {
            const at = positions[i * k + j];
            assert.deepEqual([rows[at], columns[at]], [Math.min(i, j), Math.max(i, j)]);
          }
        }
      }),
    );
  });
});

describe('the Cholesky solver', () => {
  it('solves, inverts and takes the determinant of positive-definite matrices', () => {
    fc.assert(
      fc.property(size, seed, (k, s) => {
        const a = randomPositiveDefinite(k, s);
        const positions = packedPositions(k);
        const packed = new Float64Array(packedLength(k) + 3);
        positions.forEach((at, i) => {
          packed[at + 3] = a.data[i];
        });
        const solver = new CholeskySolver(k);
        assert.ok(solver.factor(packed, 3));
        const x = randomMatrix(k, 1, s ^ 1);
        const b = product(a, x);
        solver.solve(b.data);
        assertClose(b, x, 1e-8);
        const inverse = new Float64Array(packedLength(k) + 2);
        solver.inverse(inverse, 2);
        const full = dense(
          k,
          k,
          Float64Array.from(positions, (at) => inverse[at + 2]),
        );
        const one = product(a, full);
        one.data.forEach((value, i) => {
          assert.ok(Math.abs(value - (i % (k + 1) === 0 ? 1 : 0)) < 1e-8);
        });
        const { values } = symmetricEigen(a);
        const logDeterminant = values.reduce((sum, value) => sum + Math.log(value), 0);
        assert.ok(Math.abs(solver.logDeterminant() - logDeterminant) < 1e-8 * (1 + Math.abs(logDeterminant)));
      }),
    );
  });

  it('says so when a matrix is not positive definite', () => {
    const solver = new CholeskySolver(2);
    assert.equal(solver.factor(Float64Array.of(1, 2, 1)), false);
    assert.equal(solver.factor(Float64Array.of(1, Number.NaN, 1)), false);
    assert.equal(solver.factor(Float64Array.of(0, 0, 0)), false);
  });
});

describe('symmetricEigen', () => {
  it('gives descending values and orthonormal vectors that rebuild the matrix', () => {
    fc.assert(
      fc.property(size, seed, (k, s) => {
        const b = randomMatrix(k, k, s);
        const a = product(b, transposed(b));
        const { values, vectors } = symmetricEigen(a);
        for (let i = 1; i < k; i++) assert.ok(values[i - 1] >= values[i]);
        const scaled = dense(
          k,
          k,
          vectors.data.map((value, i) => value * values[Math.floor(i / k)]),
        );
        assertClose(product(transposed(vectors), scaled), a, 1e-10);
        assertClose(
          product(vectors, transposed(vectors)),
          dense(
            k,
            k,
            Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)),
          ),
          1e-10,
        );
      }),
    );
  });
});

describe('orthonormaliseRows', () => {
  it('gives orthonormal rows and the factor that rebuilds the matrix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 8, max: 40 }), seed, (k, p, s) => {
        const a = randomMatrix(k, p, s);
        const q = dense(k, p, a.data.slice());
        const r = orthonormaliseRows(q);
        assertClose(product(r, q), a, 1e-12);
        const gram = product(q, transposed(q));
        gram.data.forEach((value, i) => {
          assert.ok(Math.abs(value - (i % (k + 1) === 0 ? 1 : 0)) < 1e-12);
        });
      }),
    );
  });

  it('turns a row that depends on earlier ones into zeros, not noise', () => {
    const a = dense(3, 4, Float64Array.of(1, 2, 3, 4, 3, 6, 9, 12, 0, 1, 0, 0));
    const r = orthonormaliseRows(a);
    assert.equal(r.data[4], 0);
    assert.deepEqual(Array.from(a.data.subarray(4, 8)), [0, 0, 0, 0]);
    assert.ok(Math.abs(a.data[9]) > 0.5);
  });
});
