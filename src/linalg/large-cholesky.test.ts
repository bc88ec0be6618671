import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../base/index.ts';
import { CholeskySolver, dense, LargeCholesky, packedLength, product, transposed } from './index.ts';

/** B Bᵀ + a tenth of the identity, and the same packed. */
function positiveDefinite(size: number, seed: number) {
  const b = dense(size, size);
  new Random(seed).fillNormal(b.data);
  const a = product(b, transposed(b));
  for (let i = 0; i < size; i++) a.data[i * size + i] += 0.1;
  const packed = new Float64Array(packedLength(size));
  let at = 0;
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) packed[at++] = a.data[i * size + j];
  return { a, packed };
}

describe('the Cholesky factor of a large matrix', () => {
  it('solves, inverts and takes the determinant as the solver of small systems does, at sides of no whole tiles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 23 }), fc.integer(), (size, seed) => {
        const { a, packed } = positiveDefinite(size, seed);
        const [small, large] = [new CholeskySolver(size), new LargeCholesky(size)];
        assert.ok(small.factor(packed) && large.factor(a.data));
        const close = (x: number, y: number, scale: number) => assert.ok(Math.abs(x - y) <= 1e-9 * scale, `${x} ${y}`);
        close(large.logDeterminant(), small.logDeterminant(), 1 + Math.abs(small.logDeterminant()));
        const b = Float64Array.from({ length: size }, (_, i) => i - 3);
        const x = b.slice();
        const expected = b.slice();
        large.solve(x);
        small.solve(expected);
        const scale = Math.max(...expected.map(Math.abs));
        x.forEach((value, i) => {
          close(value, expected[i], scale);
        });
        const inverse = dense(size, size);
        large.inverse(inverse.data);
        product(a, inverse).data.forEach((value, i) => {
          close(value, i % (size + 1) === 0 ? 1 : 0, 10);
        });
      }),
    );
  });

  it('gives bᵀ A⁻¹ b from half a solve, for any number of rows', () => {
    const { a } = positiveDefinite(10, 4);
    const factor = new LargeCholesky(10);
    assert.ok(factor.factor(a.data));
    const rows = dense(70, 10);
    new Random(5).fillNormal(rows.data);
    const halves = rows.data.slice();
    factor.solveHalf(halves);
    for (let r = 0; r < 70; r++) {
      const b = rows.data.slice(r * 10, (r + 1) * 10);
      const solved = b.slice();
      factor.solve(solved);
      const expected = b.reduce((sum, value, i) => sum + value * solved[i], 0);
      const found = halves.subarray(r * 10, (r + 1) * 10).reduce((sum, value) => sum + value * value, 0);
      assert.ok(Math.abs(found / expected - 1) < 1e-9, `${found} against ${expected}`);
    }
  });

  it('says so when a matrix is not positive definite, and can be used again', () => {
    const factor = new LargeCholesky(2);
    assert.equal(factor.factor(Float64Array.of(1, 2, 2, 1)), false);
    assert.equal(factor.factor(Float64Array.of(1, Number.NaN, Number.NaN, 1)), false);
    assert.equal(factor.factor(Float64Array.of(4, 0, 2, 2)), true);
    assert.ok(Math.abs(factor.logDeterminant() - Math.log(4)) < 1e-12);
  });
});
