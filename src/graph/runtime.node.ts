import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { failedInConversionOnly, UNCONVERTIBLE, withUnconvertibleOutput } from './in-place.ts';
import { OrtSession } from './ort.ts';
import type { Runtime } from './runtime.ts';
import { GraphError } from './shape.ts';

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
      return new OrtSession(session, {
        hidden: UNCONVERTIBLE,
        tensor: (data, shape) => new Tensor('float32', data, shape),
        run: (from, into) => runInPlace(session, from, into),
      });
    },
  };
}

function versionOf(packageName: string): string {
  const manifest: unknown = createRequire(import.meta.url)(`${packageName}/package.json`);
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}

async function runInPlace(
  session: InferenceSession,
  from: Record<string, Tensor>,
  into: Record<string, Tensor>,
): Promise<void> {
  try {
    await session.run(from, { [UNCONVERTIBLE]: null, ...into });
  } catch (error) {
    if (!failedInConversionOnly(error)) throw error;
  }
}
