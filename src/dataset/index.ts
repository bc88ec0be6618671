export { checkDataset } from './check.ts';
export { isQuasar, readableClass } from './classes.ts';
export type {
  Catalogue,
  Dataset,
  ExtraColumn,
  Labels,
  Manifest,
  Provenance,
  Split,
} from './dataset.ts';
export { gatherRows, minibatches, observedFraction, rowsOfSplit, selectRows } from './rows.ts';
export { assignSplits, DEFAULT_FRACTIONS, type SplitFractions } from './splits.ts';
