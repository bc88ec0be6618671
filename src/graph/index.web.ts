/** The room's door to what needs WebAssembly and no Node. */
export { createWebRuntime } from './runtime.web.ts';
