import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { narrowObserved } from './observed-share.ts';

describe('the variance of observed pixels', () => {
  it('holds only a share of the spread of the latents, and the decoder’s own scatter whole', () => {
    // Two spectra of three pixels, decoded at three points each; of the scatter only that of the first point counts.
    const own = [0.25, 0.5, 1, 2, 4, 8];
    const elsewhere = new Array<number>(6).fill(99);
    const scatter = Float32Array.from([...own.slice(0, 3), ...elsewhere, ...own.slice(3), ...elsewhere]);
    const variance = Float32Array.from(own, (value) => value + 4);
    const ivar = Float32Array.of(1, 0, 7, 0, 0, 3);
    const shares = Float32Array.of(0.5, 0.25);
    narrowObserved(variance, ivar, { scatter: { rows: 6, columns: 3, data: scatter }, pointsEach: 3, shares });
    assert.deepEqual([...variance], [0.25 + 2, 0.5 + 4, 1 + 2, 2 + 4, 4 + 4, 8 + 1]);
  });
});
