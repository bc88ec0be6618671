/** The room's door to the disk. */
export { type GraphName, isRunFolder, loadRun, type RunToSave, readRunGraph, saveRun } from './store.node.ts';
