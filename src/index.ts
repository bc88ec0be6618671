/**
 * Lightfold as a library: everything the commands do is one of these calls. Names are exported by hand, and
 * `index.test.ts` holds the list.
 */

export {
  bptData,
  classifyByLines,
  classifyBySurveyLines,
  type Evaluation,
  evaluateRuns,
  figureData,
  findClusters,
  findOutliers,
  type LineMeasurements,
  lineFitsData,
  makeTrack,
  measureLines,
  type NoiseResponse,
  noiseResponse,
  type Projection,
  projectForeign,
  type RunScore,
  reconstructionMetrics,
  reportData,
  type Track,
  type TrackOptions,
  withLineClasses,
  withLineLabels,
} from './analysis/index.ts';
export {
  FileError,
  InterruptedError,
  type LongWorkOptions,
  type Matrix,
  Random,
  SOFTWARE_VERSION,
  UserError,
} from './base/index.ts';
export {
  describeDataset,
  type ImportOptions,
  importSpectra,
  loadDataset,
  saveDataset,
} from './dataset/index.node.ts';
export {
  type Catalogue,
  type Dataset,
  exportNpz,
  readNpzDataset,
  rowsOfSplit,
  type Split,
  selectRows,
} from './dataset/index.ts';
export { createNodeRuntime } from './graph/index.node.ts';
export { measureMatrixProductRate } from './graph/index.ts';
export { measureRedshifts, openRun } from './inference/index.node.ts';
export {
  fitRedshift,
  labelPredictionTable,
  latentTable,
  type OpenRun,
  REDSHIFT_WARNINGS,
  type RedshiftFit,
  type RedshiftOptions,
  reconstructionArrays,
  redshiftTable,
} from './inference/index.ts';
export { readFits, readNpz, readTable, type Table, tableBytes, writeFits, writeNpz } from './io/index.ts';
export { MODELS } from './models/index.ts';
export { type Clustering, hdbscan, kMeans, localOutlierFactor, type Points, silhouette } from './neighbours/index.ts';
export { figureFile } from './plots/index.node.ts';
export {
  bptFigure,
  clustersFigure,
  drawFigures,
  lineFitsFigure,
  noiseFigure,
  outliersFigure,
  projectionFigure,
  redshiftFigure,
  reportPage,
  trackFigure,
} from './plots/index.ts';
export { loadRun } from './runs/index.node.ts';
export type { Run } from './runs/index.ts';
export { simulateGalaxies, simulateQuasars, specLiteFile } from './simulation/index.ts';
export {
  airToVacuum,
  logGrid,
  normalise,
  PRESETS,
  presetGrid,
  resample,
  type Spectrum,
  toRestFrame,
  vacuumToAir,
} from './spectra/index.ts';
export { BAD_SDSS_BITS, recogniseAndRead } from './spectra/surveys/index.ts';
export { fit } from './training/index.node.ts';
export type { FitOptions } from './training/index.ts';
export {
  compareModels,
  describePath,
  exportOnnx,
  fillMissingClasses,
  lineTable,
  measureEmissionLines,
  type OpenExhibitsOptions,
  openExhibits,
  runDemo,
  type ServedExplorer,
  type ServeOptions,
  searchSettings,
  serveExhibits,
  simulateSurvey,
  writeClusters,
  writeFigures,
  writeLineFigures,
  writeLineProducts,
  writeNoise,
  writeOutliers,
  writeProjection,
  writeRedshifts,
  writeTrack,
} from './workflows/index.node.ts';
