import { existsSync, readFileSync } from 'node:fs';
import { BOARD_BYTES, WorkerCrew } from './crew.node.ts';
import { type KernelOptions, Kernels } from './kernels.ts';
import { LinearMemory, pagesFor } from './memory.ts';
import { sharedStorage } from './shared-storage.node.ts';

export interface NodeKernelOptions extends KernelOptions {
  /** Threads that share the work of a kernel. Default 1. Results do not depend on it. */
  readonly threads?: number;
}

const compiled = new Map<string, WebAssembly.Module>();

/** Kernels with a linear memory of their own; the modules beside this file are compiled once. */
export function loadKernels({ capacityBytes = 2 ** 30, threads = 1 }: NodeKernelOptions = {}): Kernels {
  const storage = threads > 1 ? sharedStorage(pagesFor(capacityBytes + BOARD_BYTES + 64)) : undefined;
  if (storage === undefined) return new Kernels(moduleIn('kernels.wasm'), new LinearMemory(capacityBytes));
  const module = moduleIn('kernels-shared.wasm');
  const memory = new LinearMemory(capacityBytes, storage);
  const board = memory.allocate(BOARD_BYTES / 4).byteOffset;
  return new Kernels(module, memory, new WorkerCrew({ module, memory: storage.wasm, board, threads }));
}

function moduleIn(file: string): WebAssembly.Module {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const path = new URL(file, import.meta.url);
  if (!existsSync(path)) throw new Error(`the compiled kernels lack ${file}; run npm run build:kernels`);
  const module = new WebAssembly.Module(readFileSync(path));
  compiled.set(file, module);
  return module;
}
