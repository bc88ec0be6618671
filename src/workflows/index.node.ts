/** The room's only door: everything here touches the disk. */
export { writeClusters } from './clusters.node.ts';
export { type CompareOptions, type Comparison, compareModels } from './compare.node.ts';
export { type DemoOptions, type DemoOutcome, runDemo } from './demo.node.ts';
export { type Description, describePath } from './describe.node.ts';
export {
  type OpenExhibitsOptions,
  openExhibits,
  type ServedExplorer,
  type ServeOptions,
  serveExhibits,
} from './explore.node.ts';
export { type ExportOptions, exportOnnx } from './export-onnx.node.ts';
export {
  type ExportSiteOptions,
  exportSite,
  FOR_A_SITE,
  requireSiteTarget,
  type WrittenSite,
} from './export-site.node.ts';
export { type FiguresOptions, type WrittenFigure, type WrittenFigures, writeFigures } from './figures.node.ts';
export { type WriteGeneratedOptions, type WrittenGenerated, writeGenerated } from './generate.node.ts';
export {
  fillMissingClasses,
  type LineProducts,
  lineTable,
  measureEmissionLines,
  type WrittenLines,
  writeLineFigures,
  writeLineProducts,
} from './lines.node.ts';
export { writeNoise } from './noise.node.ts';
export { writeOutliers } from './outliers.node.ts';
export { type WritePredictionOptions, writePrediction } from './predict.node.ts';
export { type ProjectOptions, writeProjection } from './project.node.ts';
export { type WriteRedshiftsOptions, type WrittenRedshifts, writeRedshifts } from './redshift.node.ts';
export { type SearchOptions, type SearchOutcome, searchSettings } from './search/search.node.ts';
export { type SimulateOptions, simulateSurvey } from './simulate.node.ts';
export { type WriteTrackOptions, writeTrack } from './tracks.node.ts';
