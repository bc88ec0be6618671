/** The room's door to the disk. */
export { type Imported, type ImportOptions, importSpectra } from './import.node.ts';
export { expandPaths } from './paths.node.ts';
export { SpectrumFiles } from './spectrum-files.node.ts';
export {
  describeDataset,
  isDatasetFolder,
  type LoadOptions,
  loadDataset,
  requireFreeTarget,
  type SaveOptions,
  saveDataset,
} from './store.node.ts';
