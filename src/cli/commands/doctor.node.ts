import { freemem, totalmem } from 'node:os';
import { Command } from 'commander';
import { SOFTWARE_VERSION } from '../../base/index.ts';
import { action, everywhere, type Outcome } from '../context.node.ts';

/** `lightfold doctor`: what this machine can do, and whether the engine works on it. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('describe the machine: engine, threads, SIMD, memory, matrix-product rate')
    .addHelpText('after', '\nExample:\n  lightfold doctor --threads 2');
  return everywhere(command).action(action(async ({ threads, log }) => examine(threads, log)));
}

async function examine(threads: number, log: (line: string) => void): Promise<Outcome> {
  const { createNodeRuntime } = await import('../../graph/index.node.ts');
  const { measureMatrixProductRate } = await import('../../graph/index.ts');
  const { loadKernels } = await import('../../kernels/index.node.ts');
  const runtime = createNodeRuntime({ threads });
  log('measuring the matrix-product rate …');
  const rate = await measureMatrixProductRate(runtime);
  // Loading fails where WebAssembly SIMD is missing.
  loadKernels();
  const gibibytes = (bytes: number): number => Number((bytes / 2 ** 30).toFixed(1));
  const json = {
    software: SOFTWARE_VERSION,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    engine: runtime.name,
    threads,
    simd: true,
    gflops: Math.round(rate.gflops),
    memory: { totalGiB: gibibytes(totalmem()), freeGiB: gibibytes(freemem()) },
  };
  return {
    json,
    lines: [
      `lightfold ${json.software} on Node ${json.node}, ${json.platform}`,
      `engine   ${json.engine}, ${threads} threads; WebAssembly SIMD works`,
      `rate     ${json.gflops} GFLOP/s (float32 matrix product, ${rate.size} × ${rate.size})`,
      `memory   ${json.memory.totalGiB} GiB, ${json.memory.freeGiB} GiB free`,
    ],
  };
}
