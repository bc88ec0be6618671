/** The room's door to the disk. */
export {
  hasRunGraph,
  isRunFolder,
  loadRun,
  type RunGraphs,
  type RunToSave,
  readRunGraph,
  saveRun,
} from './store.node.ts';
