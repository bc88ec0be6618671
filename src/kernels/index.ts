export { Adam, type AdamState } from './adam.ts';
export { type AdamSettings, instantiateKernels, type KernelOptions, Kernels, type PackedSystems } from './kernels.ts';
export { type KernelArray, LinearMemory } from './memory.ts';
