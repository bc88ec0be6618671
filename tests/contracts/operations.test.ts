/**
 * What every operation promises, run over all of them: ONNX Runtime in float32 and the float64 reference agree; the
 * gradient and the gradient of the gradient agree with central differences along random directions; shapes are as the
 * shape rule says, with N open or fixed.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../src/base/index.ts';
import { createNodeRuntime } from '../../src/graph/index.node.ts';
import {
  add,
  evaluate,
  gradients,
  input,
  multiply,
  type OperationName,
  sum,
  type Tensor,
  writeOnnx,
} from '../../src/graph/index.ts';
import { operations } from '../../src/graph/operations.ts';
import { inOrder } from '../../src/graph/walk.ts';
import { type Sample, samples, symbolic } from './operation-samples.ts';

const N = 3;
const STEP = 1e-5;
const FINITE_DIFFERENCE = 1e-5;
const FLOAT32 = 1e-5;
const FLOAT32_GRADIENT = 1e-3;

type Feeds = Record<string, Float64Array>;
const runtime = createNodeRuntime({ threads: 1 });

const lengthOf = (tensor: Tensor): number =>
  tensor.shape.reduce<number>((size, dimension) => size * (dimension === 'N' ? N : dimension), 1);

function draw(sample: Sample, tensors: readonly Tensor[], random: Random): Feeds {
  const feeds: Feeds = { unmoved: Float64Array.of(0.5) };
  sample.inputs.forEach((given, at) => {
    // Float32 values, so that both precisions start from the same numbers.
    feeds[`x${at}`] = Float64Array.from({ length: lengthOf(tensors[at]) }, (_, position) =>
      Math.fround(given.draw(random, position)),
    );
  });
  return feeds;
}

const normals = (length: number, random: Random): Float64Array =>
  Float64Array.from({ length }, () => Math.fround(random.normal()));

async function runFloat32(
  outputs: Record<string, Tensor>,
  inputs: readonly Tensor[],
  feeds: Feeds,
  leadingDimension?: number,
) {
  const fixed = leadingDimension === undefined ? {} : { leadingDimension };
  const session = await runtime.createSession(writeOnnx({ name: 'sample', inputs, outputs, ...fixed }));
  const fetches: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(outputs)) fetches[name] = new Float32Array(lengthOf(tensor));
  const given = session.inputs.map(({ name }) => [name, Float32Array.from(feeds[name])]);
  await session.run(Object.fromEntries(given), fetches);
  await session.release();
  return fetches;
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    const miss = Math.abs(actual[i] - expected[i]) / scale;
    assert.ok(miss < tolerance, `${what}: element ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}

/** Compares a scalar's change along a direction with what its gradients say. */
function assertSlope(
  value: Tensor,
  inputs: readonly Tensor[],
  slopes: readonly Tensor[],
  feeds: Feeds,
  random: Random,
): void {
  const at = inputs.map((tensor) => (tensor.operation === 'input' ? tensor.attributes.name : ''));
  const given = evaluate({ outputs: Object.fromEntries(slopes.map((slope, i) => [at[i], slope])), feeds, inputs });
  for (const moved of [...at.map((name) => [name]), at]) {
    const direction = Object.fromEntries(moved.map((name) => [name, normals(feeds[name].length, random)]));
    const shifted = (step: number) => {
      const next = { ...feeds };
      for (const name of moved) next[name] = feeds[name].map((x, i) => x + step * direction[name][i]);
      return evaluate({ outputs: { value }, feeds: next, inputs }).value.data[0];
    };
    const measured = (shifted(STEP) - shifted(-STEP)) / (2 * STEP);
    let predicted = 0;
    let size = 0;
    for (const name of moved) {
      given[name].data.forEach((slope, i) => {
        predicted += slope * direction[name][i];
        size += Math.abs(slope * direction[name][i]);
      });
    }
    const miss = Math.abs(measured - predicted) / Math.max(size, 1e-2);
    assert.ok(miss < FINITE_DIFFERENCE, `along ${moved.join()}: measured ${measured}, predicted ${predicted}`);
  }
}

/** The sample's output made a scalar by random weights, and its gradients. */
function differentiated(sample: Sample, tensors: readonly Tensor[], output: Tensor) {
  const moved = tensors.filter((_, i) => !sample.inputs[i].fixed);
  const value = sum(multiply(output, input('weights', output.shape)));
  return { value, moved, slopes: gradients(value, moved) };
}

for (const name of Object.keys(operations) as OperationName[]) {
  describe(`operation ${name}`, () => {
    it('has samples that use it', () => {
      assert.ok(samples[name].length > 0);
      const used = samples[name].flatMap((sample) => inOrder([sample.build(symbolic(sample))]));
      assert.ok(used.some(({ operation }) => operation === name));
    });

    samples[name].forEach((sample, number) => {
      const tensors = symbolic(sample);
      const output = sample.build(tensors);
      const shapes = tensors.map(({ shape }) => `[${shape.join(',')}]`).join(' ');
      const random = new Random(number + 1).stream(name);
      const feeds = draw(sample, tensors, random);
      feeds.weights = normals(lengthOf(output), random);

      it(`${number} ${shapes}: ONNX Runtime gives what the reference gives, N open or fixed`, async () => {
        const outputs = { y: output };
        const { y } = evaluate({ outputs, feeds, inputs: tensors });
        assert.equal(y.data.length, lengthOf(output));
        assertClose((await runFloat32(outputs, tensors, feeds)).y, y.data, FLOAT32, 'open N');
        assertClose((await runFloat32(outputs, tensors, feeds, N)).y, y.data, FLOAT32, 'fixed N');
      });

      it(`${number} ${shapes}: gradients agree with finite differences and with float32`, async () => {
        const { value, moved, slopes } = differentiated(sample, tensors, output);
        const outputs = Object.fromEntries(slopes.map((slope, i) => [`g${i}`, slope]));
        const expected = evaluate({ outputs, feeds, inputs: tensors });
        if (sample.flat !== undefined) {
          for (const { data } of Object.values(expected)) assert.ok(data.every((slope) => slope === 0));
          return;
        }
        assertSlope(value, moved, slopes, feeds, random);
        const float32 = await runFloat32({ value, ...outputs }, tensors, feeds);
        for (const [key, { data }] of Object.entries(expected)) assertClose(float32[key], data, FLOAT32_GRADIENT, key);
      });

      it(`${number} ${shapes}: second derivatives agree with finite differences`, () => {
        const { moved, slopes } = differentiated(sample, tensors, output);
        const along = slopes.map((slope, i) => sum(multiply(slope, input(`d${i}`, slope.shape))));
        const value = along.reduce((total, part) => add(total, part));
        slopes.forEach((slope, i) => {
          feeds[`d${i}`] = normals(lengthOf(slope), random);
        });
        assertSlope(value, moved, gradients(value, moved), feeds, random);
      });
    });
  });
}
