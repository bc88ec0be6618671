export { createNodeRuntime, type NodeRuntimeOptions } from './runtime.node.ts';
