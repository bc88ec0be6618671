export type { Gains, LabelPrediction, LatentDistribution, Posterior, SpectrumDistribution } from './distributions.ts';
export { type Generated, type GenerateRequest, generateSpectra, type Sweep } from './generate/generate.ts';
export type { Observation } from './observation.ts';
export { type ObservedParts, observationOf, type PredictFrom, type WavelengthWindow } from './observed-parts.ts';
export { openRunGraph, openRunOfSessions, type RunGraphSource } from './open-graphs.ts';
export { OpenRun, type SpectrumPredictionOptions } from './open-run.ts';
export {
  labelPredictionTable,
  latentTable,
  type ProductOptions,
  type ReconstructionArrays,
  reconstructionArrays,
  spectrumArrays,
} from './products.ts';
export {
  fitRedshift,
  type RedshiftAnswer,
  type RedshiftDetail,
  type RedshiftFit,
  type RedshiftOptions,
  type RedshiftOutcome,
} from './redshift/fit-redshift.ts';
export { type MeasuredRedshift, redshiftJson, redshiftTable } from './redshift/redshift-table.ts';
export { REDSHIFT_WARNINGS, type RedshiftWarning } from './redshift/warnings.ts';
