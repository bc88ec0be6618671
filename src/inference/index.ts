export type { LabelPrediction, LatentDistribution, SpectrumDistribution } from './distributions.ts';
export { OpenRun } from './open-run.ts';
export { labelPredictionTable, latentTable, type ReconstructionArrays, reconstructionArrays } from './products.ts';
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
