import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A path in bench/.data, where benchmarks keep what they make; its parent exists. */
export function benchData(name: string): string {
  const folder = fileURLToPath(new URL('.data', import.meta.url));
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
