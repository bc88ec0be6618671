import { createRequire } from 'node:module';
import type { Storage } from './memory.ts';

/** A buffer that is in use keeps the memory under it: koffi's view alone would not. */
const memoryUnder = new WeakMap<ArrayBuffer, WebAssembly.Memory>();

/** The two calls of the foreign-function library that are needed. */
interface AddressBook {
  address(view: ArrayBufferView): bigint;
  view(address: bigint, length: number): ArrayBuffer;
}

/**
 * Storage that several threads share. Native code takes no SharedArrayBuffer from Node before version 24.9
 * (nodejs/node#59071), so ONNX Runtime is given an ordinary ArrayBuffer over the same bytes, which JavaScript alone
 * cannot make; koffi can. Undefined where koffi has no build for the machine: the kernels then run on one thread.
 */
export function sharedStorage(pages: number): Storage | undefined {
  const koffi = addressBook();
  if (koffi === undefined) return undefined;
  const wasm = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const buffer = koffi.view(koffi.address(new Uint8Array(wasm.buffer)), wasm.buffer.byteLength);
  memoryUnder.set(buffer, wasm);
  return { wasm, buffer };
}

function addressBook(): AddressBook | undefined {
  const require = createRequire(import.meta.url);
  try {
    const koffi: AddressBook = require('koffi');
    return koffi;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
