import { writeOnnx } from './onnx.ts';
import { matmul } from './ops/products.ts';
import { input } from './ops/sources.ts';
import type { Runtime } from './runtime.ts';

export interface MatrixProductRate {
  /** 10⁹ floating-point operations a second, the median of the timed products. */
  readonly gflops: number;
  readonly size: number;
  readonly threads: number;
}

/** Times a product of two large square matrices on the runtime's threads: what this machine can do. */
export async function measureMatrixProductRate(runtime: Runtime, size = 1024): Promise<MatrixProductRate> {
  const product = matmul(input('a', [size, size]), input('b', [size, size]));
  const session = await runtime.createSession(writeOnnx({ name: 'product', outputs: { product } }));
  const factor = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  const bound = session.bind({ a: factor, b: factor.slice() }, { product: new Float32Array(size * size) });
  for (let i = 0; i < 3; i++) await bound.run();
  const seconds: number[] = [];
  for (let i = 0; i < 15; i++) {
    const start = performance.now();
    await bound.run();
    seconds.push((performance.now() - start) / 1000);
  }
  await session.release();
  seconds.sort((a, b) => a - b);
  return { gflops: (2 * size ** 3) / seconds[7] / 1e9, size, threads: runtime.threads };
}
