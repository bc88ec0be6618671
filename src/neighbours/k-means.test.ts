import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { Random } from '../base/index.ts';
import { kMeans } from './k-means.ts';
import type { Points } from './kd-tree.ts';
import { silhouette } from './silhouette.ts';

const fixture = z
  .object({
    rows: z.number(),
    columns: z.number(),
    data: z.array(z.number()),
    cluster: z.array(z.number()),
    silhouette: z.number(),
  })
  .parse(JSON.parse(readFileSync('tests/fixtures/neighbours/k-means.json', 'utf8')));
const points: Points = { ...fixture, data: Float64Array.from(fixture.data) };

describe('k-means', () => {
  it('parts three groups as scikit-learn does, the largest first', () => {
    const { cluster, clusters } = kMeans(points, { k: 3, random: new Random(1) });
    assert.equal(clusters, 3);
    const sizes = [0, 1, 2].map((c) => cluster.filter((own) => own === c).length);
    assert.ok(sizes[0] >= sizes[1] && sizes[1] >= sizes[2]);
    const pairs = new Set(Array.from(cluster, (own, i) => `${own} ${fixture.cluster[i]}`));
    assert.equal(pairs.size, 3);
  });

  it('finds out how many groups there are', () => {
    assert.equal(kMeans(points, { random: new Random(2) }).clusters, 3);
  });

  it('gives the same clusters for the same seed', () => {
    const once = kMeans(points, { k: 5, random: new Random(7) });
    assert.deepEqual(kMeans(points, { k: 5, random: new Random(7) }), once);
  });

  it('is sure at a centre and undecided between two', () => {
    const data = Float64Array.of(-1, 0, 1, 9, 10, 11, 5);
    const { probability } = kMeans({ rows: 7, columns: 1, data }, { k: 2, random: new Random(1) });
    assert.ok(probability[6] < 0.65 && probability[4] > 0.85);
  });

  it('lives with more clusters than distinct points', () => {
    const data = Float64Array.of(1, 1, 1, 2, 2);
    const { clusters, cluster } = kMeans({ rows: 5, columns: 1, data }, { k: 3, random: new Random(1) });
    assert.equal(clusters, 2);
    assert.ok(cluster[0] === cluster[2] && cluster[3] === cluster[4] && cluster[0] !== cluster[3]);
    assert.throws(() => kMeans({ rows: 5, columns: 1, data }, { k: 6, random: new Random(1) }), RangeError);
  });
});

describe('the silhouette', () => {
  it('is scikit-learn’s', () => {
    const clustering = {
      clusters: 3,
      cluster: Int32Array.from(fixture.cluster),
      probability: new Float64Array(fixture.rows).fill(1),
    };
    assert.ok(Math.abs(silhouette(points, clustering, new Random(1)) - fixture.silhouette) < 1e-12);
  });
});
