/** The room's door to what needs Node. */
export { datasetChecksum } from './checksum.node.ts';
export { type Advanced, advanceFit, fit } from './fit.node.ts';
export { fitOrReuse } from './fit-or-reuse.node.ts';
export { loadTrainer, type Trainer } from './gradient-fit.node.ts';
export { SharedWork } from './shared-work.node.ts';
