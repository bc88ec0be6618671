import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A path in bench/.data, or in the folder that LIGHTFOLD_BENCH_DATA names, where benchmarks keep what they make; its parent
 * exists.
 */
export function benchData(name: string): string {
  const folder = process.env.LIGHTFOLD_BENCH_DATA ?? fileURLToPath(new URL('.data', import.meta.url));
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
