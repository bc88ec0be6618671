export { type Evaluation, evaluateRuns, type RunScore } from './evaluate.ts';
export { figureData } from './figure-data.ts';
export type { FittedRun } from './fitted-run.ts';
export { reconstructionMetrics } from './metrics.ts';
export { reportData } from './report-data.ts';
