export type { LatentDistribution, SpectrumDistribution } from './distributions.ts';
export { OpenRun } from './open-run.ts';
export { latentTable, type ReconstructionArrays, reconstructionArrays } from './products.ts';
