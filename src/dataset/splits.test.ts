import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random, UserError } from '../base/index.ts';
import { assignSplits } from './splits.ts';

const distinctIds = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 200 });

describe('the split of a dataset', () => {
  it('gives each object the same part whatever the order of the files', () => {
    fc.assert(
      fc.property(distinctIds, fc.integer(), fc.integer(), (ids, seed, order) => {
        const shuffled = Array.from(new Random(order).permutation(ids.length), (index) => ids[index]);
        const first = new Map(assignSplits(ids, seed).map((split, index) => [ids[index], split]));
        assignSplits(shuffled, seed).forEach((split, index) => {
          assert.equal(split, first.get(shuffled[index]));
        });
      }),
    );
  });

  it('has exactly the rounded shares', () => {
    fc.assert(
      fc.property(distinctIds, fc.integer(), fc.nat(100), fc.nat(100), (ids, seed, a, b) => {
        const test = a / 200;
        const valid = b / 200;
        const splits = assignSplits(ids, seed, { train: 1 - test - valid, valid, test });
        const count = (wanted: string): number => splits.filter((split) => split === wanted).length;
        assert.equal(count('test'), Math.round(ids.length * test));
        assert.equal(count('valid'), Math.min(Math.round(ids.length * valid), ids.length - count('test')));
        assert.equal(count('train') + count('valid') + count('test'), ids.length);
      }),
    );
  });

  it('keeps a fifth for testing and validates with a quarter of the rest', () => {
    const splits = assignSplits(
      Array.from({ length: 1000 }, (_, index) => `id-${index}`),
      1,
    );
    assert.equal(splits.filter((split) => split === 'test').length, 200);
    assert.equal(splits.filter((split) => split === 'valid').length, 200);
  });

  it('does not follow the digits of the ids, and changes with the seed', () => {
    const ids = Array.from({ length: 4000 }, (_, index) => `0266-51630-${String(index).padStart(4, '0')}`);
    const splits = assignSplits(ids, 1);
    // In each hundred neighbouring fibres the number kept for testing scatters as a binomial does (σ = 4).
    for (let start = 0; start < ids.length; start += 100) {
      const tests = splits.slice(start, start + 100).filter((split) => split === 'test').length;
      assert.ok(Math.abs(tests - 20) < 18, `${tests} of 100 from ${start} on`);
    }
    const other = assignSplits(ids, 2);
    const same = splits.filter((split, index) => split === other[index]).length / ids.length;
    assert.ok(Math.abs(same - (0.36 + 0.04 + 0.04)) < 0.04, `two seeds agree on ${same}`);
  });

  it('refuses shares that do not divide one', () => {
    assert.throws(() => assignSplits(['a'], 1, { train: 0.5, valid: 0.2, test: 0.2 }), UserError);
    assert.throws(() => assignSplits(['a'], 1, { train: 1.2, valid: -0.2, test: 0 }), UserError);
    assert.throws(() => assignSplits(['a'], 1, { train: Number.NaN, valid: 0.5, test: 0.5 }), UserError);
  });
});
