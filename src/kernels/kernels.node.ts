import { readFileSync } from 'node:fs';
import { type KernelOptions, Kernels } from './kernels.ts';

let compiled: WebAssembly.Module | undefined;

/** Kernels with a linear memory of their own; the module beside this file is compiled once. */
export function loadKernels(options: KernelOptions = {}): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)));
  return new Kernels(compiled, options);
}
