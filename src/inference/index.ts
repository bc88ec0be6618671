export type { LabelPrediction, LatentDistribution, SpectrumDistribution } from './distributions.ts';
export { OpenRun } from './open-run.ts';
export { labelPredictionTable, latentTable, type ReconstructionArrays, reconstructionArrays } from './products.ts';
