export { type AdamSettings, instantiateKernels, Kernels } from './kernels.ts';
export { LinearMemory } from './memory.ts';
