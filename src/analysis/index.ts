export { type EvaluateOptions, type Evaluation, evaluateRuns, type RunScore } from './evaluate.ts';
export { type FigureDataOptions, figureData } from './figure-data.ts';
export type { FittedRun } from './fitted-run.ts';
export { type ReconstructionMetrics, reconstructionMetrics } from './metrics.ts';
export type { ObservedSpectra } from './pixel-sums.ts';
export { type ReportOptions, reportData } from './report-data.ts';
