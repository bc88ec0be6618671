import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { onnxRuntimeFile, withoutBundledRuntime } from './onnx-runtime-file.ts';

export default defineConfig({
  // A static site may stand in any folder of a server.
  base: './',
  plugins: [react(), onnxRuntimeFile()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1500 },
  worker: { format: 'es', plugins: () => [withoutBundledRuntime()] },
});
