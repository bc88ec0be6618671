import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../base/index.ts';
import { createNodeRuntime } from './index.node.ts';
import { exp, gather, input, linear, parameter, relu, writeOnnx } from './index.ts';
import { createWebRuntime } from './index.web.ts';

const [INPUTS, HIDDEN, OUTPUTS] = [4, 30, 50];
const random = new Random(8);

function normals(length: number): Float32Array {
  const values = new Float32Array(length);
  random.fillNormal(values);
  return values;
}

function network(): Uint8Array {
  const hidden = relu(linear(input('x', ['N', INPUTS]), parameter('W', [INPUTS, HIDDEN]), parameter('b', [HIDDEN])));
  const y = linear(hidden, parameter('V', [HIDDEN, OUTPUTS]), parameter('c', [OUTPUTS]));
  const parameterValues = {
    W: normals(INPUTS * HIDDEN),
    b: normals(HIDDEN),
    V: normals(HIDDEN * OUTPUTS),
    c: normals(OUTPUTS),
  };
  return writeOnnx({ name: 'network', outputs: { y, positive: exp(y) }, parameterValues });
}

describe('the WebAssembly runtime', () => {
  const runtime = createWebRuntime({ threads: 1 });

  it('gives what the Node runtime gives, to rounding', async () => {
    const onnx = network();
    const x = normals(3 * INPUTS);
    const results: Float32Array[] = [];
    for (const each of [runtime, createNodeRuntime({ threads: 1 })]) {
      const session = await each.createSession(onnx);
      const y = new Float32Array(3 * OUTPUTS);
      await session.run({ x }, { y });
      await session.release();
      results.push(y);
    }
    const [web, node] = results;
    assert.ok(node.some((value) => Math.abs(value) > 1));
    web.forEach((value, at) => {
      assert.ok(Math.abs(value - node[at]) <= 1e-5 * (1 + Math.abs(node[at])), `${at}: ${value}, ${node[at]}`);
    });
  });

  it('reads bound arrays anew in every run and writes into the caller’s own', async () => {
    const session = await runtime.createSession(network());
    const x = normals(INPUTS);
    const wide = new Float32Array(OUTPUTS + 2).fill(-1);
    const y = wide.subarray(1, OUTPUTS + 1);
    const bound = session.bind({ x }, { y });
    await bound.run();
    const first = y.slice();
    x.set(normals(INPUTS));
    await bound.run();
    assert.notDeepEqual(y, first);
    assert.equal(wide[0], -1);
    assert.equal(wide[OUTPUTS + 1], -1);
    const again = new Float32Array(OUTPUTS);
    await session.run({ x }, { y: again });
    assert.deepEqual(again, y.slice());
  });

  it('reports failures of a run, and refuses unknown outputs and senseless thread counts', async () => {
    const outputs = { y: gather(parameter('table', [3]), input('rows', ['N'])) };
    const session = await runtime.createSession(writeOnnx({ name: 'rows', outputs }));
    const feeds = { table: new Float32Array(3), rows: Float32Array.of(7) };
    await assert.rejects(session.run(feeds, { y: new Float32Array(1) }), /out of (data )?bounds/);
    assert.throws(() => session.bind(feeds, { lost: new Float32Array(1) }), /no output "lost"/);
    assert.throws(() => createWebRuntime({ threads: 0 }), /threads must be 1 or more/);
  });

  it('names itself', () => {
    assert.match(runtime.name, /^onnxruntime-web \d+\.\d+.*, wasm$/);
  });
});
