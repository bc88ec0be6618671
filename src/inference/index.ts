export type { LatentDistribution, SpectrumDistribution } from './distributions.ts';
export { TrainedModel } from './trained-model.ts';
