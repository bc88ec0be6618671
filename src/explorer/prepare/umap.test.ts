import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InterruptedError, type Matrix, Random, row, zeros } from '../../base/index.ts';
import { umapOf } from './umap.node.ts';

/** Three groups in five dimensions, far apart. */
function groups(objects: number): { means: Matrix; group: number[] } {
  const random = new Random(3);
  const means = zeros(objects, 5);
  const group = Array.from({ length: objects }, (_, n) => n % 3);
  group.forEach((own, n) => {
    row(means, n).forEach((_, q, latent) => {
      latent[q] = (q === own ? 20 : 0) + random.normal();
    });
  });
  return { means, group };
}

/** Share of objects whose nearest other on the map is of their own group. */
function agreement(map: Float32Array, group: readonly number[], tested: number): number {
  let agreeing = 0;
  for (let n = 0; n < tested; n++) {
    let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
    for (let m = 0; m < group.length; m++) {
      const square = (map[2 * n] - map[2 * m]) ** 2 + (map[2 * n + 1] - map[2 * m + 1]) ** 2;
      if (m !== n && square < least) [nearest, least] = [m, square];
    }
    agreeing += Number(group[nearest] === group[n]);
  }
  return agreeing / tested;
}

describe('UMAP of latents', () => {
  it('keeps groups together, and is the same every time', async () => {
    const { means, group } = groups(90);
    const map = await umapOf(means);
    assert.equal(map.length, 180);
    assert.ok(map.every(Number.isFinite));
    assert.ok(agreement(map, group, 90) > 0.97);
    assert.deepEqual(await umapOf(means), map);
  });

  it('places objects beyond those that it was fitted to amid their own', async () => {
    const { means, group } = groups(400);
    const map = await umapOf(means, { mostFitted: 60 });
    assert.equal(map.length, 800);
    assert.ok(agreement(map, group, 400) > 0.97);
  });

  it('stops when it is interrupted', async () => {
    const interrupt = new AbortController();
    const mapping = umapOf(groups(1500).means, { signal: interrupt.signal });
    interrupt.abort();
    await assert.rejects(mapping, InterruptedError);
  });
});
