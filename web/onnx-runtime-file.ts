/**
 * Puts ONNX Runtime's WebAssembly beside the page, gzipped: 14 MB become 4, which matters to sites that are kept with a
 * paper. The page unpacks it (engine/runtime-bytes.ts), so servers need no settings.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { RUNTIME_FILE } from './engine/runtime-bytes.ts';

const WASM = 'ort-wasm-simd-threaded.wasm';

function zippedRuntime(): Buffer {
  const library = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm'));
  return gzipSync(readFileSync(join(library, WASM)), { level: 9 });
}

export function onnxRuntimeFile(): Plugin {
  return {
    name: 'onnx-runtime-file',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: RUNTIME_FILE, source: zippedRuntime() });
    },
    configureServer(server) {
      let zipped: Buffer | undefined;
      server.middlewares.use(`/${RUNTIME_FILE}`, (_request, response) => {
        zipped ??= zippedRuntime();
        response.setHeader('content-type', 'application/octet-stream');
        response.end(zipped);
      });
    },
  };
}

/** The library names its wasm file, which would make bundlers add it once more, unzipped. */
export function withoutBundledRuntime(): Plugin {
  return {
    name: 'without-bundled-runtime',
    enforce: 'pre',
    transform(code, id) {
      if (!/onnxruntime-web/.test(id)) return null;
      return code.replaceAll(
        /new URL\((["'])ort-wasm-simd-threaded\.wasm\1,\s*import\.meta\.url\)/g,
        `new URL("${WASM}", self.location.href)`,
      );
    },
  };
}
