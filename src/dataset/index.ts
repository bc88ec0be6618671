/** The room's door for every platform; what reads and writes files is behind `index.node.ts`. */
export { checkDataset } from './check.ts';
export { isQuasar, readableClass } from './classes.ts';
export { type Collected, type ObjectRow, RowCollector } from './collector.ts';
export type {
  Catalogue,
  Dataset,
  ExtraColumn,
  Labels,
  Manifest,
  Provenance,
  Split,
} from './dataset.ts';
export type { Skipped } from './intake.ts';
export { DATASET_FORMAT, DATASET_KIND, type StoredManifest } from './manifest.ts';
export { type Label, NOMINAL_ERROR } from './measurements.ts';
export { exportNpz, type NpzDatasetOptions, type NpzOptions, readNpzDataset } from './npz.ts';
export { gatherRows, minibatches, observedFraction, rowsOfSplit, selectRows } from './rows.ts';
export { assignSplits, DEFAULT_FRACTIONS, type SplitFractions } from './splits.ts';
