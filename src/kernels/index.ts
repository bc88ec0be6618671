export { instantiateKernels, Kernels } from './kernels.ts';
export { LinearMemory } from './memory.ts';
