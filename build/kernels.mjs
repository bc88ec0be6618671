// Compiles the AssemblyScript SIMD kernels to src/kernels/kernels.wasm (not checked in; `npm ci` runs this).
import { existsSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const source = 'src/kernels/assembly/index.ts';
if (existsSync(source)) {
  const { error, stderr } = await asc.main([
    source,
    ...['--outFile', 'src/kernels/kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
    ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ]);
  if (error) {
    process.stderr.write(stderr.toString());
    process.exit(1);
  }
}
