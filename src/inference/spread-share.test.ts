import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { narrowSpread } from './spread-share.ts';

describe('the share of a spread', () => {
  // Two objects of three values, decoded at three points each; of the scatter only that of the first point counts.
  const own = [0.25, 0.5, 1, 2, 4, 8];
  const elsewhere = new Array<number>(6).fill(99);
  const data = Float32Array.from([...own.slice(0, 3), ...elsewhere, ...own.slice(3), ...elsewhere]);
  const parts = { scatter: { rows: 6, columns: 3, data }, pointsEach: 3 };
  const wide = () => Float32Array.from(own, (value) => value + 4);

  it('counts in observed pixels, where the decoder’s own scatter counts whole', () => {
    const variance = wide();
    const ivar = Float32Array.of(1, 0, 7, 0, 0, 3);
    narrowSpread(variance, { ...parts, shares: Float32Array.of(0.5, 0.25), of: ivar });
    assert.deepEqual([...variance], [0.25 + 2, 0.5 + 4, 1 + 2, 2 + 4, 4 + 4, 8 + 1]);
  });

  it('counts everywhere where nothing tells values apart, and may widen', () => {
    const variance = wide();
    narrowSpread(variance, { ...parts, shares: Float32Array.of(0.5, 2), of: null });
    assert.deepEqual([...variance], [0.25 + 2, 0.5 + 2, 1 + 2, 2 + 8, 4 + 8, 8 + 8]);
  });
});
