import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import { createNodeRuntime } from '../../graph/index.node.ts';
import type { Runtime } from '../../graph/index.ts';
import { loadKernels } from '../../kernels/index.node.ts';
import { AmortisedLatents } from './amortised.ts';
import { drawPart, EncoderNetwork } from './encoder-network.ts';

/** Objects whose first pixels are their latents, the other pixels and the label next to nothing. */
const [N, D, P, Q, B] = [300, 8, 7, 2, 50];
const rows = { value: zeros(N, D), precision: zeros(N, D) };
new Random(3).fillNormal(rows.value.data);
rows.precision.data.fill(1e4);
const start = zeros(N, Q);
for (let n = 0; n < N; n++) start.data.set(rows.value.data.subarray(n * D, n * D + Q), n * Q);

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

function loaded(begun: Matrix | null) {
  const kernels = loadKernels({ capacityBytes: 2 ** 26 });
  const options = { runtime, random: new Random(1), kernels, batch: B, pixels: P };
  return AmortisedLatents.load(new EncoderNetwork(D, Q), begun, rows, options);
}

function rootMeanSquare(values: Iterable<number>): number {
  const all = [...values];
  return Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length);
}

/** Steps with a Gaussian likelihood N(start; z, variance). */
async function descend(latents: AmortisedLatents, variance: number, from: number, to: number): Promise<void> {
  const latent = new Float32Array(B * Q);
  for (let t = from; t < to; t++) {
    const random = new Random(t);
    const chosen = random.permutation(N).subarray(0, B);
    await latents.sample(chosen, random, latent);
    // Gradients come as those of a mean over the minibatch.
    const gradient = latent.map((z, at) => (z - start.data[chosen[Math.floor(at / Q)] * Q + (at % Q)]) / variance / B);
    await latents.step(chosen, gradient, B, 1, 0.03);
  }
}

describe('amortised latents', () => {
  it('start near the latents they are given', async () => {
    const latents = await loaded(start);
    await latents.beginEpoch();
    const misses = latents.means().data.map((mean, at) => mean - start.data[at]);
    assert.ok(rootMeanSquare(misses) < 0.2, `${rootMeanSquare(misses)}`);
    await latents.release();
  });

  it('become the posterior that the likelihood makes of the prior', async () => {
    const latents = await loaded(start);
    const variance = 0.5;
    await descend(latents, variance, 0, 400);
    await latents.beginEpoch();
    const share = 1 / (1 + variance);
    const misses = latents.means().data.map((mean, at) => mean - share * start.data[at]);
    assert.ok(rootMeanSquare(misses) < 0.15, `${rootMeanSquare(misses)}`);
    const squares = rootMeanSquare(latents.means().data) ** 2;
    const deviation = Math.sqrt(share * variance);
    const expected = Q * (0.5 * (squares + deviation ** 2 - 1) - Math.log(deviation));
    assert.ok(Math.abs(latents.divergence() - expected) < 0.1, `${latents.divergence()}, ${expected}`);
    await latents.release();
  });

  it('go on from their arrays as if never stopped', async () => {
    const [whole, resumed] = [await loaded(start), await loaded(null)];
    await descend(whole, 0.5, 0, 3);
    for (const [name, { data }] of Object.entries(resumed.arrays())) data.set(whole.arrays()[name].data);
    for (const latents of [whole, resumed]) {
      await descend(latents, 0.5, 3, 6);
      await latents.beginEpoch();
    }
    assert.deepEqual(resumed.means().data, whole.means().data);
    assert.deepEqual(resumed.arrays(), whole.arrays());
    for (const latents of [whole, resumed]) await latents.release();
  });
});

describe('the part of an object that a network is shown', () => {
  it('is now and then the spectrum alone, the labels alone, half a spectrum, or all', () => {
    const random = new Random(5);
    const shown = new Float32Array(D + 1);
    const drawn = Array.from({ length: 400 }, () => {
      drawPart(shown, P, random);
      assert.ok(shown.every((value) => value === 0 || value === 1));
      const pixels = shown.subarray(0, P).reduce((sum, value) => sum + value, 0);
      return { pixels: pixels / P, labels: shown[P] + shown[P + 1] };
    });
    const share = (is: (part: { pixels: number; labels: number }) => boolean) => drawn.filter(is).length / drawn.length;
    assert.ok(share(({ pixels, labels }) => pixels === 1 && labels === 0) > 0.1);
    assert.ok(share(({ pixels, labels }) => pixels === 0 && labels > 0) > 0.05);
    assert.ok(share(({ pixels }) => pixels > 0.3 && pixels < 0.7) > 0.1);
    assert.ok(share(({ pixels, labels }) => pixels === 1 && labels === 2) > 0.02);
  });
});
