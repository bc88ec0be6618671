import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { evaluate, gradients, input, parametersOf } from '../../graph/index.ts';
import { initialLabelHead, labelHead, labelLoss } from './label-head.ts';

const random = new Random(4);
const [rows, latents, labels] = [5, 2, 3];
const head = labelHead({ pixels: 9, latents, labels }, 'vae');
const initial = initialLabelHead(head, random);
const shape = [rows, labels];
const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
const feeds: Record<string, Float64Array> = {
  latent: normals(rows * latents),
  label: normals(rows * labels),
  noise: normals(rows * labels).map((value) => 0.1 + value * value),
  seen: Float64Array.from({ length: rows * labels }, (_, at) => (at % 4 === 0 ? 0 : 1)),
  ...Object.fromEntries(Object.entries(initial).map(([name, { data }]) => [name, Float64Array.from(data)])),
};
feeds.labelLogScatter.set([0.3, -1, 2]);
const loss = labelLoss(
  head,
  input('latent', [rows, latents]),
  ...([input('label', shape), input('noise', shape), input('seen', shape)] as const),
);
const lossAt = (values: Readonly<Record<string, Float64Array>>) =>
  evaluate({ outputs: { loss }, feeds: values }).loss.data[0];

/** The head as plain loops: Q–64–K with ReLU between. */
function predictedByHand(row: number): number[] {
  const layer = (name: string, from: readonly number[], outputs: number) =>
    Array.from({ length: outputs }, (_, out) =>
      from.reduce(
        (sum, value, at) => sum + value * feeds[`${name}.weight`][out * from.length + at],
        feeds[`${name}.bias`][out],
      ),
    );
  const latent = [...feeds.latent.subarray(row * latents, (row + 1) * latents)];
  const hidden = layer('labels.1', latent, 64).map((value) => Math.max(0, value));
  return layer('labels.2', hidden, labels);
}

describe('the loss of predicted labels', () => {
  it('is minus the log likelihood of those that were measured', () => {
    let expected = 0;
    for (let row = 0; row < rows; row++) {
      predictedByHand(row).forEach((prediction, k) => {
        const at = row * labels + k;
        const variance = feeds.noise[at] + Math.exp(feeds.labelLogScatter[k]);
        const logDensity = -0.5 * ((feeds.label[at] - prediction) ** 2 / variance + Math.log(variance));
        expected -= (feeds.seen[at] * logDensity) / rows;
      });
    }
    assert.ok(Math.abs(lossAt(feeds) / expected - 1) < 1e-10);
  });

  it('does not heed what stands in place of a missing label', () => {
    const label = feeds.label.map((value, at) => (feeds.seen[at] === 0 ? 1e3 : value));
    assert.equal(lossAt({ ...feeds, label }), lossAt(feeds));
  });

  it('has the gradient of finite differences', () => {
    const parameters = parametersOf([loss]);
    assert.deepEqual([...parameters.keys()].sort(), Object.keys(initial).sort());
    const derivatives = gradients(loss, [...parameters.values()]);
    for (const [index, name] of [...parameters.keys()].entries()) {
      const { derivative } = evaluate({ outputs: { derivative: derivatives[index] }, feeds });
      const along = normals(initial[name].data.length);
      const slope = derivative.data.reduce((sum, value, at) => sum + value * along[at], 0);
      const moved = (step: number) => ({ ...feeds, [name]: feeds[name].map((value, at) => value + step * along[at]) });
      const difference = (lossAt(moved(1e-6)) - lossAt(moved(-1e-6))) / 2e-6;
      assert.ok(Math.abs(slope / difference - 1) < 1e-5, `${name}: ${slope} against ${difference}`);
    }
  });
});
