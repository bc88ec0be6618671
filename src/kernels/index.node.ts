export { loadKernels } from './kernels.node.ts';
