import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { childProgram } from '../../tests/fixtures/child-program.ts';
import { Random } from '../base/index.ts';
import { BOARD_BYTES, WorkerCrew } from './crew.node.ts';
import type { SharedWork } from './crew.ts';
import { loadKernels } from './index.node.ts';
import type { Kernels } from './index.ts';
import { LinearMemory } from './memory.ts';
import { sharedStorage } from './shared-storage.node.ts';

const SETTINGS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Long enough to be shared, and not a multiple of anything. */
const LENGTH = 200_003;
const capacityBytes = 2 ** 23;

const skip = sharedStorage(2) === undefined && 'koffi does not load on this machine';

async function started(kernels: Kernels, threads: number): Promise<Kernels> {
  while (kernels.threads < threads) await setTimeout(5);
  return kernels;
}

/** Parameters and moments after some steps along fixed gradients. */
function descended(kernels: Kernels, seed: number): Float32Array[] {
  const random = new Random(seed);
  const [parameters, gradients, first, second] = [1, 2, 3, 4].map(() => kernels.memory.allocate(LENGTH));
  random.fillNormal(parameters);
  for (let t = 1; t <= 12; t++) {
    random.fillNormal(gradients);
    kernels.adam({ parameters, gradients, first, second }, t, 0.01, SETTINGS);
  }
  return [parameters.slice(), first.slice(), second.slice()];
}

describe('kernels on several threads', { timeout: 60_000, skip }, () => {
  it('moves parameters to the same bits as one thread does, whether or not the others have started', async () => {
    const expected = descended(loadKernels({ capacityBytes }), 1);
    for (const threads of [2, 3]) {
      const early = loadKernels({ capacityBytes, threads });
      assert.deepEqual(descended(early, 1), expected);
      await early.release();
      const all = await started(loadKernels({ capacityBytes, threads }), threads);
      assert.deepEqual(descended(all, 1), expected);
      await all.release();
    }
  });

  it('multiplies and inverts packed matrices to the same bits as one thread does', async () => {
    const run = ({ memory, packed }: Kernels) => {
      const random = new Random(5);
      const [size, count] = [43, 300];
      const a = memory.allocate(count * size);
      random.fillNormal(a);
      const products = memory.allocate((count * size * (size + 1)) / 2);
      packed.outerProducts(size, a, products);
      const adjoint = memory.allocate(a.length);
      packed.outerProductsAdjoint(size, a, products, adjoint);
      // Sums of products as the precisions of 21 outputs: some of few rows, and large.
      const [length, outputs] = [(size * (size + 1)) / 2, 21];
      const precision = memory.allocate(length * outputs);
      for (let n = 0; n < count; n++) {
        const d = Math.min(n, (n * n) % outputs);
        const weight = d % 2 === 0 ? 1 : 1e9;
        for (let at = 0; at < length; at++) precision[d * length + at] += weight * products[n * length + at];
      }
      const right = memory.allocate(size * outputs);
      random.fillNormal(right);
      const inverse = memory.allocate(precision.length);
      const solution = memory.allocate(right.length);
      const divergence = memory.allocateFloat64(outputs);
      const given = { size, count: outputs, precision, right, inverse, solution, divergence };
      assert.ok(packed.invertAll(given).replaced > 0);
      return [products, adjoint, inverse, solution, divergence].map((array) => array.slice());
    };
    const expected = run(loadKernels({ capacityBytes }));
    const all = await started(loadKernels({ capacityBytes, threads: 3 }), 3);
    assert.deepEqual(run(all), expected);
    await all.release();
  });

  it('works for two at a time', async () => {
    const expected = [1, 2].map((seed) => descended(loadKernels({ capacityBytes }), seed));
    const both = await Promise.all([1, 2].map(() => started(loadKernels({ capacityBytes, threads: 2 }), 2)));
    assert.deepEqual(
      both.map((kernels, index) => descended(kernels, index + 1)),
      expected,
    );
    for (const kernels of both) await kernels.release();
  });

  it('can be released at once, twice, and before any thread has started', async () => {
    const kernels = loadKernels({ capacityBytes, threads: 3 });
    await Promise.all([kernels.release(), kernels.release()]);
  });

  const module = new WebAssembly.Module(readFileSync(new URL('./kernels-shared.wasm', import.meta.url)));
  const crewWith = (program: string) => {
    const storage = sharedStorage(4);
    if (storage === undefined) throw new Error('skipped without koffi');
    const memory = new LinearMemory(storage.buffer.byteLength, storage);
    const board = memory.allocate(BOARD_BYTES / 4);
    const options = { module, memory: storage.wasm, board: board.byteOffset, threads: 2, patience: 50, program };
    return { crew: new WorkerCrew(options), board };
  };
  const nothing: SharedWork = { kernel: 'adam', count: 0, units: 1, sharedFrom: 0, values: [] };

  it('says so when a thread fails', async () => {
    const { crew } = crewWith('throw new Error("no room left")');
    await assert.rejects(async () => {
      for (;;) {
        crew.run(nothing);
        await setTimeout(5);
      }
    }, /a thread that helps with the kernels failed: no room left/);
    await crew.release();
  });

  it('says so when a thread that holds a piece never answers', async () => {
    const { crew, board } = crewWith('');
    // As a thread leaves it that is ended in the middle of a piece: the third word counts those that are at work.
    new Int32Array(board.buffer, board.byteOffset, 32)[2] = 1;
    assert.throws(() => crew.run(nothing), /a thread that helps with the kernels has not answered for 0.05 s/);
    await crew.release();
  });

  for (const [ending, code] of [
    ['ends by itself', ''],
    ['calls process.exit', 'process.exit(0)'],
    ['throws', 'throw new Error("stop")'],
  ]) {
    it(`keeps no process alive that ${ending}`, async () => {
      const program = `
        import { loadKernels } from '@/src/kernels/index.node.js';
        const kernels = loadKernels({ capacityBytes: ${capacityBytes}, threads: 3 });
        while (kernels.threads < 3) await new Promise((resolve) => setTimeout(resolve, 5));
        ${code}`;
      const child = childProgram(program, { timeout: 20_000, stdio: 'ignore' });
      await once(child, 'close');
      assert.equal(child.exitCode, ending === 'throws' ? 1 : 0);
    });
  }
});
