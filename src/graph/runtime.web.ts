import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { OrtSession } from './ort.ts';
import type { Runtime, Values } from './runtime.ts';
import { GraphError } from './shape.ts';

export interface WebRuntimeOptions {
  /** ort-wasm-simd-threaded.wasm; unless given, the build finds it itself, as it does in Node. */
  readonly wasm?: Uint8Array;
  /** More than 1 only where memory can be shared: on pages that are cross-origin isolated. */
  readonly threads: number;
}

/** ONNX Runtime compiled to WebAssembly. The first runtime made decides on threads and bytes for all of a page. */
export function createWebRuntime({ wasm, threads }: WebRuntimeOptions): Runtime {
  if (!Number.isInteger(threads) || threads < 1) throw new GraphError(`threads must be 1 or more, not ${threads}`);
  env.wasm.numThreads = threads;
  if (wasm !== undefined) env.wasm.wasmBinary = wasm;
  return {
    name: `onnxruntime-web ${env.versions.web ?? 'unknown'}, wasm`,
    threads,
    async createSession(onnx) {
      const session = await InferenceSession.create(onnx, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
      return new OrtSession(session, {
        tensor: (data, shape) => new Tensor('float32', data, shape),
        run: (from, into, fetches) => runAndCopy(session, from, Object.keys(into), fetches),
      });
    },
  };
}

/**
 * Outputs are in the module's own memory until they are copied out of it. Arrays handed over as fetches would be copied
 * in and never written, so only names are handed over.
 */
async function runAndCopy(
  session: InferenceSession,
  from: Record<string, Tensor>,
  names: readonly string[],
  fetches: Values,
): Promise<void> {
  const made = await session.run(from, [...names]);
  for (const name of names) {
    const { data } = made[name];
    if (!(data instanceof Float32Array)) throw new GraphError(`"${name}" is not float32`);
    fetches[name].set(data);
    made[name].dispose();
  }
}
