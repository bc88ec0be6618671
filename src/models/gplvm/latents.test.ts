import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random, zeros } from '../../base/index.ts';
import { PointTable } from './latents.ts';

const [N, Q] = [5, 2];

function start() {
  const matrix = zeros(N, Q);
  new Random(2).fillNormal(matrix.data);
  return matrix;
}

/** Adam (Kingma & Ba 2015, algorithm 1) for one number, gradients in turn. */
function plainAdam(x: number, gradientAt: (x: number, t: number) => number, steps: number, rate: number): number {
  let [value, first, second] = [x, 0, 0];
  for (let t = 1; t <= steps; t++) {
    const slope = gradientAt(value, t);
    first = 0.9 * first + 0.1 * slope;
    second = 0.99 * second + 0.01 * slope ** 2;
    value -= (rate * first) / (1 - 0.9 ** t) / (Math.sqrt(second / (1 - 0.99 ** t)) + 1e-8);
  }
  return value;
}

describe('a table of latent points', () => {
  for (const underPrior of [false, true]) {
    it(`moves the chosen objects, and only them, as Adam does${underPrior ? ', the prior pulling' : ''}`, async () => {
      const begun = start();
      const table = new PointTable(begun, underPrior);
      const chosen = Uint32Array.of(3, 0);
      const latent = new Float32Array(2 * Q);
      const gradientOf = (x: number, t: number) => Math.sin(x) + 0.1 * t;
      for (let t = 1; t <= 20; t++) {
        await table.sample(chosen, new Random(1), latent);
        // Gradients come as those of a mean over the minibatch.
        await table.step(
          chosen,
          latent.map((x) => gradientOf(x, t) / 7),
          7,
          t,
          0.05,
        );
      }
      const moved = table.means();
      for (let at = 0; at < N * Q; at++) {
        const [n, x] = [Math.floor(at / Q), begun.data[at]];
        const slope = (value: number, t: number) => gradientOf(value, t) + (underPrior ? value : 0);
        const expected = chosen.includes(n) ? plainAdam(x, slope, 20, 0.05) : x;
        assert.ok(Math.abs(moved.data[at] - expected) < 1e-5, `${at}: ${moved.data[at]}, ${expected}`);
      }
    });
  }

  it('states what the prior asks of the points, and nothing when they are free', () => {
    const begun = start();
    const expected = begun.data.reduce((sum, x) => sum + 0.5 * x * x, 0) / N;
    assert.ok(Math.abs(new PointTable(begun, true).divergence() - expected) < 1e-6);
    assert.equal(new PointTable(begun, false).divergence(), 0);
  });

  it('goes on from its arrays as if never stopped, and leaves the matrix it was given alone', async () => {
    const begun = start();
    const kept = begun.data.slice();
    const all = Uint32Array.from({ length: N }, (_, n) => n);
    const [whole, first, second] = [begun, begun, zeros(N, Q)].map((points) => new PointTable(points, true));
    const gradient = Float32Array.from({ length: N * Q }, (_, at) => Math.cos(at));
    for (let t = 1; t <= 6; t++) await whole.step(all, gradient, 1, t, 0.1);
    for (let t = 1; t <= 3; t++) await first.step(all, gradient, 1, t, 0.1);
    for (const [name, { data }] of Object.entries(second.arrays())) data.set(first.arrays()[name].data);
    for (let t = 4; t <= 6; t++) await second.step(all, gradient, 1, t, 0.1);
    assert.deepEqual(second.means().data, whole.means().data);
    assert.deepEqual(begun.data, kept);
  });
});
