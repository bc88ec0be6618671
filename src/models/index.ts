export type * from './model.ts';
export { excessVariance } from './model-variance.ts';
export { PrincipalScores, type ScoredSpectra } from './pca/principal-scores.ts';
export { findModel, MODELS } from './registry.ts';
export { lossWeightsOf } from './weights.ts';
