export type * from './model.ts';
export { findModel, MODELS } from './registry.ts';
export { lossWeightsOf } from './weights.ts';
