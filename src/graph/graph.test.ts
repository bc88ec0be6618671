import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNodeRuntime } from './index.node.ts';
import {
  add,
  constant,
  evaluate,
  GraphError,
  gradients,
  input,
  linear,
  matmul,
  mean,
  multiply,
  parameter,
  relu,
  slice,
  square,
  subtract,
  sum,
  writeOnnx,
} from './index.ts';

function network() {
  const x = input('x', ['N', 3]);
  const parameters = { W: parameter('W', [3, 4]), b: parameter('b', [4]), V: parameter('V', [4, 1]) };
  const hidden = relu(linear(x, parameters.W, parameters.b));
  const residual = subtract(matmul(hidden, parameters.V), input('y', ['N', 1]));
  const loss = mean(square(residual));
  const [W, b, V] = gradients(loss, [parameters.W, parameters.b, parameters.V]);
  return { loss, gradientW: W, gradientB: b, gradientV: V };
}

const feeds = {
  x: Float32Array.from({ length: 15 }, (_, i) => Math.sin(i)),
  y: Float32Array.from({ length: 5 }, (_, i) => Math.cos(i)),
  W: Float32Array.from({ length: 12 }, (_, i) => Math.sin(3 * i)),
  b: Float32Array.of(0.1, -0.2, 0.3, 0),
  V: Float32Array.of(1, -1, 0.5, 2),
};

describe('a graph', () => {
  it('gives its loss and all gradients in one run, as the float64 reference does', async () => {
    const outputs = network();
    const session = await createNodeRuntime({ threads: 1 }).createSession(writeOnnx({ name: 'step', outputs }));
    const memory = new ArrayBuffer(1024);
    const fetches = {
      loss: new Float32Array(memory, 0, 1),
      gradientW: new Float32Array(memory, 64, 12),
      gradientB: new Float32Array(memory, 128, 4),
      gradientV: new Float32Array(memory, 192, 4),
    };
    await session.run(feeds, fetches);
    const reference = evaluate({ outputs, feeds });
    for (const name of ['loss', 'gradientW', 'gradientB', 'gradientV'] as const) {
      fetches[name].forEach((value, i) => {
        assert.ok(Math.abs(value - reference[name].data[i]) < 1e-5, `${name}[${i}]`);
      });
    }
  });

  it('stores given parameter values in the file and asks for the rest', async () => {
    const y = add(multiply(input('x', ['N', 2]), parameter('scale', [2])), parameter('shift', [2]));
    const bytes = writeOnnx({ name: 'affine', outputs: { y }, parameterValues: { scale: [2, 3] } });
    const session = await createNodeRuntime({ threads: 1 }).createSession(bytes);
    assert.deepEqual(
      session.inputs.map(({ name }) => name),
      ['x', 'shift'],
    );
    const fetched = new Float32Array(4);
    await session.run({ x: Float32Array.of(1, 2, 3, 4), shift: Float32Array.of(10, 20) }, { y: fetched });
    assert.deepEqual([...fetched], [12, 26, 16, 32]);
  });

  it('stores of a parameter no more than the parts that are used, unless all of it is', async () => {
    const x = input('x', ['N', 2]);
    const whole = parameter('whole', [1000, 3]);
    const values = { whole: Float32Array.from({ length: 3000 }, (_, at) => at) };
    const part = slice(slice(whole, 0, 500, 502), 1, 1, 3);
    const outputs = { y: matmul(x, part), own: slice(whole, 0, 7, 8) };
    const small = writeOnnx({ name: 'parts', outputs, parameterValues: values });
    const large = writeOnnx({ name: 'all', outputs: { ...outputs, sum: sum(whole) }, parameterValues: values });
    assert.ok(small.length < 2000 && large.length > 12000, `${small.length}, ${large.length}`);
    for (const file of [small, large]) {
      const session = await createNodeRuntime({ threads: 1 }).createSession(file);
      const made = { y: new Float32Array(2), own: new Float32Array(3) };
      await session.run({ x: Float32Array.of(1, 10) }, made);
      assert.deepEqual([...made.y, ...made.own], [1501 + 15040, 1502 + 15050, 21, 22, 23]);
      await session.release();
    }
  });

  it('names the same tensor twice, and an input as an output, when asked', async () => {
    const x = input('x', ['N']);
    const doubled = add(x, x);
    const bytes = writeOnnx({ name: 'names', outputs: { a: doubled, b: doubled, same: x } });
    const session = await createNodeRuntime({ threads: 1 }).createSession(bytes);
    const fetches = { a: new Float32Array(2), b: new Float32Array(2), same: new Float32Array(2) };
    await session.run({ x: Float32Array.of(1, 2) }, fetches);
    assert.deepEqual(
      [[...fetches.a], [...fetches.b], [...fetches.same]],
      [
        [2, 4],
        [2, 4],
        [1, 2],
      ],
    );
  });

  it('refuses shapes that do not fit when it is built, naming both', () => {
    assert.throws(() => matmul(input('a', ['N', 3]), constant([1, 2], [2, 1])), /\[N, 3\] and \[2, 1\]/);
    assert.throws(() => add(input('a', [2]), input('b', [3])), GraphError);
    assert.throws(() => gradients(input('a', [2]), []), /only a scalar/);
  });

  it('refuses feeds of the wrong length, naming the tensor', async () => {
    const outputs = { y: sum(input('x', ['N', 2])) };
    const session = await createNodeRuntime({ threads: 1 }).createSession(writeOnnx({ name: 'sum', outputs }));
    const y = new Float32Array(1);
    await assert.rejects(() => session.run({ x: new Float32Array(3) }, { y }), /"x" \[2, 2\] was given an array of 3/);
    await assert.rejects(() => session.run({}, { y }), /nothing was fed for "x" \[N, 2\]/);
    assert.throws(() => evaluate({ outputs, feeds: { x: [1, 2, 3] } }), /"x" \[N, 2\] was fed 3 values/);
  });

  it('refuses two tensors of one name', () => {
    const outputs = { y: add(input('x', [1]), input('x', [1])) };
    assert.throws(() => writeOnnx({ name: 'twice', outputs }), /two tensors are named "x"/);
  });
});
