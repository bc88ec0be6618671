import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { failedInConversionOnly, UNCONVERTIBLE, withUnconvertibleOutput } from './in-place.ts';
import { type BoundRun, boundDimension, type Declared, type Runtime, type Session, type Values } from './runtime.ts';
import { bind, type Dimension, GraphError, sizeOf } from './shape.ts';

export interface NodeRuntimeOptions {
  /** Threads that one run uses. Results are the same bit for bit only for the same number. */
  readonly threads: number;
}

/**
 * How long a thread of ONNX Runtime spins for more work before it sleeps. The default is so long that on a machine
 * with other work the threads mostly spin in each other's way.
 */
const SPIN_MICROSECONDS = '20';

/** ONNX Runtime on this machine's processor. */
export function createNodeRuntime({ threads }: NodeRuntimeOptions): Runtime {
  if (!Number.isInteger(threads) || threads < 1) throw new GraphError(`threads must be 1 or more, not ${threads}`);
  return {
    name: `onnxruntime-node ${versionOf('onnxruntime-node')}, cpu`,
    threads,
    async createSession(onnx) {
      const session = await InferenceSession.create(withUnconvertibleOutput(onnx), {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        extra: { session: { intra_op: { spin_duration_us: SPIN_MICROSECONDS } } },
      });
      return new NodeSession(session);
    },
  };
}

function versionOf(packageName: string): string {
  const manifest: unknown = createRequire(import.meta.url)(`${packageName}/package.json`);
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}

class NodeSession implements Session {
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
  readonly #session: InferenceSession;

  constructor(session: InferenceSession) {
    this.#session = session;
    this.inputs = session.inputMetadata.map(declared);
    this.outputs = session.outputMetadata.filter(({ name }) => name !== UNCONVERTIBLE).map(declared);
  }

  async run(feeds: Values, fetches: Values): Promise<void> {
    await this.bind(feeds, fetches).run();
  }

  bind(feeds: Values, fetches: Values): BoundRun {
    const N = boundDimension(this.inputs, feeds);
    const from = wrap(this.inputs, feeds, N);
    const into = wrap(
      this.outputs.filter(({ name }) => name in fetches),
      fetches,
      N,
    );
    const unknown = Object.keys(fetches).filter((name) => !(name in into));
    if (unknown.length > 0) throw new GraphError(`the graph has no output "${unknown.join('", "')}"`);
    const fetched = { [UNCONVERTIBLE]: null, ...into };
    return {
      run: async () => {
        try {
          await this.#session.run(from, fetched);
        } catch (error) {
          if (!failedInConversionOnly(error)) throw error;
        }
      },
    };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function wrap(declarations: readonly Declared[], values: Values, N: number | undefined): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const { name, shape } of declarations) {
    const data = values[name];
    const bound = bind(shape, N ?? 0);
    if (data.length !== sizeOf(bound)) {
      throw new GraphError(`"${name}" [${bound.join(', ')}] was given an array of ${data.length} values`);
    }
    // Node 20 cannot hand a SharedArrayBuffer to native code.
    if (!(data.buffer instanceof ArrayBuffer)) throw new GraphError(`"${name}" lies in shared memory`);
    tensors[name] = new Tensor('float32', data, bound);
  }
  return tensors;
}

function declared(metadata: InferenceSession.ValueMetadata): Declared {
  if (!metadata.isTensor || metadata.type !== 'float32') throw new GraphError(`"${metadata.name}" is not float32`);
  return { name: metadata.name, shape: metadata.shape.map((dimension) => dimensionOf(dimension, metadata.name)) };
}

function dimensionOf(dimension: number | string, name: string): Dimension {
  if (typeof dimension === 'number' || dimension === 'N') return dimension;
  throw new GraphError(`"${name}" has an open dimension "${dimension}"; only N is known`);
}
