import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clamp, evaluate, gaussianKernel, input, logSumExp, mean, squaredDistance } from './index.ts';

const values = (length: number) =>
  fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: length, maxLength: length });

describe('composed functions', () => {
  it('take means over N and over fixed axes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((n) => values(3 * n)),
        (data) => {
          const x = input('x', ['N', 3]);
          const N = data.length / 3;
          const { all, rows, columns } = evaluate({
            outputs: { all: mean(x), rows: mean(x, [1]), columns: mean(x, [0], true) },
            feeds: { x: data },
          });
          const total = (part: number[]) => part.reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(all.data[0] - total(data) / data.length) < 1e-9);
          assert.deepEqual([rows.shape, columns.shape], [[N], [1, 3]]);
          for (let n = 0; n < N; n++)
            assert.ok(Math.abs(rows.data[n] - total(data.slice(3 * n, 3 * n + 3)) / 3) < 1e-9);
          for (let j = 0; j < 3; j++) {
            const column = data.filter((_, i) => i % 3 === j);
            assert.ok(Math.abs(columns.data[j] - total(column) / N) < 1e-9);
          }
        },
      ),
    );
  });

  it('take log-sum-exps without overflow, shifted values shifting the result', () => {
    const x = input('x', [4]);
    const of = (data: number[]) => evaluate({ outputs: { y: logSumExp(x) }, feeds: { x: data } }).y.data[0];
    fc.assert(
      fc.property(values(4), (data) => {
        const plain = Math.log(data.reduce((total, value) => total + Math.exp(value), 0));
        assert.ok(Math.abs(of(data) - plain) < 1e-9);
        assert.ok(Math.abs(of(data.map((value) => value + 2000)) - plain - 2000) < 1e-9);
      }),
    );
  });

  it('give squared distances, and Gaussian kernels of them, between all rows', () => {
    fc.assert(
      fc.property(values(6), values(4), (a, b) => {
        const distance = squaredDistance(input('a', ['N', 2]), input('b', [2, 2]));
        const kernel = gaussianKernel(input('a', ['N', 2]), input('b', [2, 2]), 5);
        const { shape, data } = evaluate({ outputs: { distance }, feeds: { a, b } }).distance;
        const near = evaluate({ outputs: { kernel }, feeds: { a, b } }).kernel;
        assert.deepEqual(
          [shape, near.shape],
          [
            [3, 2],
            [3, 2],
          ],
        );
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < 2; j++) {
            const expected = (a[2 * i] - b[2 * j]) ** 2 + (a[2 * i + 1] - b[2 * j + 1]) ** 2;
            assert.ok(Math.abs(data[2 * i + j] - expected) < 1e-9);
            assert.ok(Math.abs(near.data[2 * i + j] - Math.exp(-expected / 5)) < 1e-9);
          }
        }
      }),
    );
  });

  it('hold values between bounds', () => {
    const { y } = evaluate({ outputs: { y: clamp(input('x', [3]), -1, 2) }, feeds: { x: [-5, 0.5, 7] } });
    assert.deepEqual([...y.data], [-1, 0.5, 2]);
  });
});
