import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stored } from '../../../tests/fixtures/neighbours/stored.ts';
import { Random } from '../../base/index.ts';
import { buildKdTree, type Points } from '../kd-tree.ts';
import { hdbscan } from './hdbscan.ts';
import { spanningTree } from './spanning-tree.ts';

/** Prim's algorithm over all mutual reachability distances: the total length of a minimum spanning tree. */
function shortestLength({ rows: n, columns: d, data }: Points, core: Float64Array): number {
  const reach = (a: number, b: number): number => {
    let square = 0;
    for (let k = 0; k < d; k++) square += (data[a * d + k] - data[b * d + k]) ** 2;
    return Math.max(Math.sqrt(square), core[a], core[b]);
  };
  const away = Float64Array.from({ length: n }, (_, i) => reach(0, i));
  const joined = new Set([0]);
  let total = 0;
  while (joined.size < n) {
    let next = -1;
    for (let i = 0; i < n; i++) if (!joined.has(i) && (next < 0 || away[i] < away[next])) next = i;
    total += away[next];
    joined.add(next);
    for (let i = 0; i < n; i++) away[i] = Math.min(away[i], reach(next, i));
  }
  return total;
}

describe('the spanning tree of mutual reachability distances', () => {
  for (const [name, draw] of [
    ['of points spread at random', (random: Random) => random.normal()],
    ['with many equal distances', (random: Random) => random.integer(6)],
  ] as const) {
    it(`is as short as any and joins all points, ${name}`, () => {
      const random = new Random(3);
      const points: Points = { rows: 500, columns: 3, data: Float64Array.from({ length: 1500 }, () => draw(random)) };
      const core = Float64Array.from({ length: 500 }, () => Math.abs(random.normal(0, 0.4)));
      const { from, to, length } = spanningTree(buildKdTree(points), core);
      const total = length.reduce((sum, edge) => sum + edge, 0);
      assert.ok(Math.abs(total / shortestLength(points, core) - 1) < 1e-12);
      const reached = new Set([0]);
      const edges = Array.from(from, (a, i): [number, number] => [a, to[i]]);
      for (let grown = true; grown; ) {
        grown = false;
        for (const [a, b] of edges) {
          if (reached.has(a) === reached.has(b)) continue;
          reached.add(a).add(b);
          grown = true;
        }
      }
      assert.equal(reached.size, 500);
      assert.ok(length.every((edge, i) => i === 0 || edge >= length[i - 1]));
    });
  }
});

describe('HDBSCAN', () => {
  const reference = stored('hdbscan.npz');

  for (const [name, what] of [
    ['moons', 'two moons amid noise'],
    ['blobs', 'blobs of unlike size and density in six dimensions'],
    ['nested', 'clusters within clusters'],
    ['doubled', 'a few duplicates between two clusters'],
    ['noise', 'nothing but noise'],
  ]) {
    it(`parts ${what} as scikit-learn does, with the same probabilities`, () => {
      const [minimumClusterSize, minimumSamples] = reference.numbers(`${name}_sizes`);
      const expected = reference.numbers(`${name}_cluster`);
      const { cluster, probability, clusters } = hdbscan(reference.points(name), {
        minimumClusterSize,
        minimumSamples,
      });
      assert.equal(clusters, Math.max(...expected) + 1);
      const probabilities = reference.numbers(`${name}_probability`);
      const names = new Map<number, number>();
      let undecided = 0;
      cluster.forEach((own, i) => {
        if (own === -1 && expected[i] >= 0) {
          // A point of the very level at which clusters part: scikit-learn gives it to one of them by the order of a sort.
          const members = probabilities.filter((_, j) => expected[j] === expected[i]);
          assert.equal(probabilities[i], Math.min(...members), `point ${i}`);
          undecided++;
          return;
        }
        if (!names.has(own)) names.set(own, expected[i]);
        assert.equal(names.get(own), expected[i], `point ${i}`);
        assert.ok(Math.abs(probability[i] - probabilities[i]) < 1e-9, `point ${i}`);
      });
      assert.equal(new Set(names.values()).size, names.size);
      assert.ok(undecided <= 2);
    });
  }

  it('numbers clusters by falling size', () => {
    const { cluster, clusters } = hdbscan(reference.points('blobs'), { minimumClusterSize: 20, minimumSamples: 5 });
    const sizes = Array.from({ length: clusters }, (_, c) => cluster.filter((own) => own === c).length);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
  });

  it('keeps heaps of duplicates together', () => {
    const data = Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : i < 55 ? 5 : 20 + i));
    const { cluster, probability, clusters } = hdbscan({ rows: 60, columns: 1, data }, { minimumClusterSize: 10 });
    assert.equal(clusters, 2);
    assert.deepEqual([cluster[0], cluster[29], cluster[30], cluster[54], cluster[59]], [0, 0, 1, 1, -1]);
    assert.ok(probability.every((value) => value >= 0 && value <= 1));
  });

  it('refuses sizes that the points do not allow', () => {
    const pair: Points = { rows: 2, columns: 1, data: Float64Array.of(0, 1) };
    assert.throws(() => hdbscan(pair, { minimumClusterSize: 3 }), RangeError);
    assert.throws(() => hdbscan(pair, { minimumClusterSize: 1 }), RangeError);
  });
});
