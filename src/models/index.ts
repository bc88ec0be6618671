export type * from './model.ts';
export { PrincipalScores, type ScoredSpectra } from './pca/principal-scores.ts';
export { findModel, MODELS } from './registry.ts';
export { excessVariance } from './scatter/excess-variance.ts';
export { lossWeightsOf } from './weights.ts';
