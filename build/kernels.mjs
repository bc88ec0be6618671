// Compiles the AssemblyScript SIMD kernels (not checked in; `npm ci` runs this): kernels.wasm for a memory of one
// thread, kernels-shared.wasm for one that several threads share.
import asc from 'assemblyscript/asc';

const variants = [
  { entry: 'index.ts', file: 'kernels.wasm', enable: 'simd', memory: [] },
  { entry: 'shared.ts', file: 'kernels-shared.wasm', enable: 'simd,threads', memory: ['--sharedMemory'] },
];
for (const { entry, file, enable, memory } of variants) {
  const { error, stderr } = await asc.main([
    `src/kernels/assembly/${entry}`,
    ...['--outFile', `src/kernels/${file}`, '-O3', '--noAssert', '--runtime', 'stub', '--enable', enable],
    ...['--importMemory', ...memory, '--initialMemory', '1', '--maximumMemory', '65536'],
  ]);
  if (error) {
    process.stderr.write(stderr.toString());
    process.exit(1);
  }
}
