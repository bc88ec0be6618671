/** The room's door to the disk. */
export {
  type GraphName,
  hasRunGraph,
  isRunFolder,
  loadRun,
  type RunGraphs,
  type RunToSave,
  readRunGraph,
  saveRun,
} from './store.node.ts';
