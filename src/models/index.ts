export { defineModel, type ModelPlan } from './define.ts';
export type * from './model.ts';
export { findModel, MODELS } from './registry.ts';
export { lossWeightsOf } from './weights.ts';
