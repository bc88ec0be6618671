export type { BaselineScore } from './baselines/score-baselines.ts';
export {
  type ClusterOptions,
  findClusters,
  type LatentClusters,
} from './clusters/find-clusters.ts';
export { type Evaluation, evaluateRuns, type RunScore } from './evaluate.ts';
export { errorPoints, figureData, trainingHistories } from './figure-data.ts';
export type { FittedRun } from './fitted-run.ts';
export { generatedFigureData } from './generated-figure.ts';
export { type HiddenPixelScore, scoreHiddenPixels } from './hidden-pixels.ts';
export { decoderRelevance } from './labels/decoder-relevance.ts';
export { type LatentAxes, latentAxes, turnToAxes } from './latent-axes.ts';
export { axisLabels } from './latent-space.ts';
export { classifyByLines } from './lines/classify.ts';
export { bptData, lineFitsData } from './lines/line-figures.ts';
export {
  type LineMeasurements,
  type LineQuantity,
  type MeasureLinesOptions,
  measureLines,
} from './lines/measure-lines.ts';
export { classifyBySurveyLines } from './lines/survey-lines.ts';
export {
  type ClassesToFill,
  type FilledClasses,
  rowsToClassify,
  withLineClasses,
  withLineLabels,
} from './lines/with-lines.ts';
export { reconstructionMetrics } from './metrics.ts';
export {
  type EncodingRun,
  NOISE_FREE,
  type NoiseResponse,
  type NoiseResponseOptions,
  noiseResponse,
} from './noise-response.ts';
export { findOutliers, type Outlier, type OutlierMethod, type OutlierOptions } from './outliers/find-outliers.ts';
export { outlierFigureData } from './outliers/outlier-figure-data.ts';
export { type Projection, projectForeign } from './projection.ts';
export { redshiftFigureData } from './redshift-figure.ts';
export { reportData } from './report-data.ts';
export { linesOn } from './spectral-lines.ts';
export { makeTrack, type Track, type TrackOptions } from './tracks/track.ts';
