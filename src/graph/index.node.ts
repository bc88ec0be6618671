export { createNodeRuntime } from './runtime.node.ts';
