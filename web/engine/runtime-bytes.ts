import { UserError } from '../../src/base/index.ts';

/** Beside the page: ONNX Runtime's WebAssembly, gzipped when the page is built. */
export const RUNTIME_FILE = 'onnxruntime.wasm.gz';

/** @throws UserError when it is not there */
export async function fetchRuntime(): Promise<Uint8Array> {
  const response = await fetch(new URL(RUNTIME_FILE, document.baseURI)).catch(() => null);
  if (response === null || !response.ok) {
    throw new UserError(
      `${RUNTIME_FILE} cannot be fetched, without which no spectrum can be computed here; load the page anew.`,
    );
  }
  return gunzipped(new Uint8Array(await response.arrayBuffer()));
}

/** Some servers unpack what is named `.gz` by themselves, so the bytes decide. */
async function gunzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}
