/** The room's door to the disk. */
export type { GraphName } from './run.ts';
export {
  hasRunGraph,
  isRunFolder,
  loadRun,
  type RunGraphs,
  type RunToSave,
  readRunGraph,
  saveRun,
} from './store.node.ts';
