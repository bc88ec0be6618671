import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zeros } from '../base/index.ts';
import { labelRanges } from './label-ranges.ts';

describe('the reach of labels', () => {
  it('is that of the measured ones, with 1% left out at either end', () => {
    const [value, ivar] = [zeros(200, 2), zeros(200, 2)];
    for (let n = 0; n < 200; n++) {
      // 99, 98, … 0, measured with errors 0.5; every other object has none.
      value.data.set([n % 2 === 0 ? 99 - n / 2 : 1e6, 5], 2 * n);
      ivar.data[2 * n] = n % 2 === 0 ? 4 : 0;
    }
    const range = { measured: 100, minimum: 0, maximum: 99, low: 1, high: 98, error: 0.5 };
    assert.deepEqual(labelRanges({ value, ivar }), [range, null]);
  });
});
