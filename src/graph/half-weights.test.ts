import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createNodeRuntime } from './index.node.ts';
import { input, multiply, parameter, withHalfWeights, writeOnnx } from './index.ts';

const LENGTH = 2048;

/** A model that gives its weights back. */
function weights(values: Float32Array): Uint8Array {
  const outputs = { found: multiply(parameter('W', [values.length]), input('one', [1])) };
  return writeOnnx({ name: 'weights', outputs, parameterValues: { W: values } });
}

async function loaded(onnx: Uint8Array, length: number): Promise<Float32Array> {
  const session = await createNodeRuntime({ threads: 1 }).createSession(onnx);
  const found = new Float32Array(length);
  await session.run({ one: Float32Array.of(1) }, { found });
  await session.release();
  return found;
}

describe('weights as halves', () => {
  for (const bits of [5, 8, 10]) {
    it(`are off by 2^-${bits + 1} of themselves at most, whatever they are`, async () => {
      const number = fc.float({ noNaN: true, min: -3e4, max: 3e4 });
      const wanted = fc.array(number, { minLength: LENGTH, maxLength: LENGTH });
      const property = fc.asyncProperty(wanted, async (numbers) => {
        const values = Float32Array.from(numbers);
        const found = await loaded(withHalfWeights(weights(values), bits), LENGTH);
        for (const [at, value] of values.entries()) {
          const allowed = Math.max(2 ** -(bits + 1) * Math.abs(value), 2 ** (-15 - bits));
          assert.ok(Math.abs(found[at] - value) <= allowed, `${value} became ${found[at]}`);
        }
      });
      await fc.assert(property, { numRuns: 10 });
    });
  }

  it('take half of the room, and are left alone where they are few or too large', () => {
    const many = weights(new Float32Array(LENGTH).fill(0.3));
    assert.ok(withHalfWeights(many, 8).length < 0.55 * many.length);
    for (const values of [new Float32Array(16).fill(0.3), new Float32Array(LENGTH).fill(1e6)]) {
      const onnx = weights(values);
      assert.deepEqual(withHalfWeights(onnx, 8), new Uint8Array(onnx));
    }
  });

  it('refuse what is no model', () => {
    assert.throws(() => withHalfWeights(new Uint8Array(0), 8), { name: 'GraphError' });
  });
});
