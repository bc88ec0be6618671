/** The room's door for every platform; what reads and writes files is behind `index.node.ts`. */
export { gatherRows } from '../base/index.ts';
export { checkDataset } from './check.ts';
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
export { MANIFEST_FILE, type StoredManifest } from './manifest.ts';
export { exportNpz, type NpzDatasetOptions, type NpzOptions, readNpzDataset, readNpzSpectra } from './npz.ts';
export { minibatches, observedFraction, rowsOfSplit, selectRows } from './rows.ts';
export { assignSplits, DEFAULT_FRACTIONS, type SplitFractions } from './splits.ts';
export { surveyLineFits } from './survey-lines.ts';
