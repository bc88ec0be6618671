// Copies what tsc does not: the compiled kernels and every *.html/*.css/*.py template beside the sources.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const carried = /\.(wasm|html|css|py)$/;
for (const entry of readdirSync('src', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !carried.test(entry.name)) continue;
  const from = join(entry.parentPath ?? entry.path, entry.name);
  cpSync(from, from.replace(/^src/, 'dist'));
}
