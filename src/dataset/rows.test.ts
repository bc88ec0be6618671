import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { randomDataset } from '../../tests/references/random-dataset.ts';
import { Random, row, UserError } from '../base/index.ts';
import { minibatches, observedFraction, rowsOfSplit, selectRows } from './rows.ts';

describe('minibatches', () => {
  it('visit every row once, in batches of the size asked for but the last', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 70 }), fc.integer(), (n, batch, seed) => {
        const batches = [...minibatches(n, batch, new Random(seed))];
        assert.deepEqual(
          batches.slice(0, -1).filter((rows) => rows.length !== batch),
          [],
        );
        const visited = batches.flatMap((rows) => [...rows]).sort((a, b) => a - b);
        assert.deepEqual(
          visited,
          Array.from({ length: n }, (_, index) => index),
        );
      }),
    );
  });

  it('refuse a size that is not a whole number above 0', () => {
    assert.throws(() => [...minibatches(3, 0, new Random(1))], UserError);
    assert.throws(() => [...minibatches(3, 1.5, new Random(1))], UserError);
  });
});

describe('rows of a dataset', () => {
  const dataset = randomDataset({ objects: 40, pixels: 5, seed: 3 });

  it('of the three splits together are all rows', () => {
    const parts = (['train', 'valid', 'test'] as const).flatMap((split) => [...rowsOfSplit(dataset, split)]);
    assert.deepEqual(
      parts.sort((a, b) => a - b),
      [...rowsOfSplit(dataset, 'all')],
    );
  });

  it('are selected with everything that belongs to them', () => {
    const picked = selectRows(dataset, [7, 3, 7]);
    assert.deepEqual(
      picked.catalogue.id,
      [7, 3, 7].map((index) => dataset.catalogue.id[index]),
    );
    assert.deepEqual([...row(picked.flux, 1)], [...row(dataset.flux, 3)]);
    assert.deepEqual([...row(picked.ivar, 2)], [...row(dataset.ivar, 7)]);
    assert.deepEqual([...row(picked.catalogue.labels.value, 1)], [...row(dataset.catalogue.labels.value, 3)]);
    for (const [name, column] of Object.entries(picked.catalogue.extra)) {
      assert.deepEqual(column[1], dataset.catalogue.extra[name][3]);
    }
    assert.equal(picked.catalogue.scale[0], dataset.catalogue.scale[7]);
  });

  it('do not go by the checksum of the whole', () => {
    const stored = { ...dataset, manifest: { ...dataset.manifest, checksum: 'abc' } };
    assert.deepEqual(selectRows(stored, [1]).manifest, dataset.manifest);
  });

  it('outside the dataset are refused', () => {
    assert.throws(() => selectRows(dataset, [40]), UserError);
    assert.throws(() => selectRows(dataset, [-1]), UserError);
  });

  it('are observed where ivar is above 0', () => {
    const observed = dataset.ivar.data.filter((weight) => weight > 0).length;
    assert.equal(observedFraction(dataset), observed / dataset.ivar.data.length);
  });
});
