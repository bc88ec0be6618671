/** The room's door to what needs Node. */
export { datasetChecksum } from './checksum.node.ts';
export { fit } from './fit.node.ts';
export { loadTrainer, type Trainer } from './gradient-fit.node.ts';
