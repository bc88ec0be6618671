import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../base/index.ts';
import { createNodeRuntime } from './index.node.ts';
import {
  gather,
  gradients,
  input,
  linear,
  matmul,
  mean,
  measureMatrixProductRate,
  parameter,
  relu,
  square,
  subtract,
  writeOnnx,
} from './index.ts';

/** A training step large enough for the runtime to use all its threads. */
function step() {
  const W = parameter('W', [300, 200]);
  const b = parameter('b', [200]);
  const V = parameter('V', [200, 300]);
  const x = input('x', [64, 300]);
  const loss = mean(square(subtract(matmul(relu(linear(x, W, b)), V), x)));
  const [gradientW, gradientB, gradientV] = gradients(loss, [W, b, V]);
  return writeOnnx({ name: 'step', outputs: { loss, gradientW, gradientB, gradientV } });
}

const lengths = { loss: 1, gradientW: 60000, gradientB: 200, gradientV: 60000 };

function arrays() {
  const random = new Random(5);
  const normals = (length: number) => {
    const values = new Float32Array(length);
    random.fillNormal(values);
    return values;
  };
  const feeds = { x: normals(64 * 300), W: normals(60000), b: normals(200), V: normals(60000) };
  const fetches = Object.fromEntries(Object.entries(lengths).map(([name, length]) => [name, new Float32Array(length)]));
  return { feeds, fetches };
}

describe('the Node runtime', () => {
  it('gives the same bits in every run and every session', async () => {
    const onnx = step();
    let first: Record<string, Float32Array> | undefined;
    for (let session = 0; session < 3; session++) {
      const loaded = await createNodeRuntime({ threads: 2 }).createSession(onnx);
      const { feeds, fetches } = arrays();
      const bound = loaded.bind(feeds, fetches);
      for (let run = 0; run < 5; run++) {
        for (const values of Object.values(fetches)) values.fill(Number.NaN);
        await bound.run();
        first ??= structuredClone(fetches);
        assert.deepEqual(fetches, first);
      }
      await loaded.release();
    }
  });

  it('works out only what is fetched, in the caller’s own arrays', async () => {
    const session = await createNodeRuntime({ threads: 1 }).createSession(step());
    const { feeds, fetches } = arrays();
    const wide = new Float32Array(20).fill(-1);
    await session.run(feeds, { loss: wide.subarray(7, 8) });
    assert.ok(wide[7] > 0);
    assert.equal(wide.filter((value) => value === -1).length, 19);
    await session.run(feeds, fetches);
    assert.equal(fetches.loss[0], wide[7]);
  });

  it('does not copy what it has written in place', async () => {
    const session = await createNodeRuntime({ threads: 1 }).createSession(step());
    const { feeds, fetches } = arrays();
    const bound = session.bind(feeds, fetches);
    await bound.run();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 10; i++) await bound.run();
    const outputBytes = 4 * Object.values(lengths).reduce((total, length) => total + length);
    assert.ok(process.memoryUsage().arrayBuffers - before < outputBytes);
  });

  it('reports real failures of a run', async () => {
    const outputs = { y: gather(parameter('table', [3]), input('rows', ['N'])) };
    const session = await createNodeRuntime({ threads: 1 }).createSession(writeOnnx({ name: 'rows', outputs }));
    const feeds = { table: new Float32Array(3), rows: Float32Array.of(7) };
    await assert.rejects(session.run(feeds, { y: new Float32Array(1) }), /out of (data )?bounds/);
  });

  it('refuses shared memory, unknown outputs and senseless thread counts', async () => {
    const session = await createNodeRuntime({ threads: 1 }).createSession(step());
    const { feeds } = arrays();
    const shared = new Float32Array(new SharedArrayBuffer(4));
    assert.throws(() => session.bind(feeds, { loss: shared }), /"loss" lies in shared memory/);
    assert.throws(() => session.bind(feeds, { lost: new Float32Array(1) }), /no output "lost"/);
    assert.throws(() => createNodeRuntime({ threads: 0 }), /threads must be 1 or more/);
  });

  it('names itself and times matrix products', async () => {
    const runtime = createNodeRuntime({ threads: 1 });
    assert.match(runtime.name, /^onnxruntime-node \d+\.\d+/);
    const { gflops, size } = await measureMatrixProductRate(runtime, 64);
    assert.ok(gflops > 0 && size === 64);
  });
});
