/** The room's door to what needs Node. */
export { type ExhibitInput, type PrepareOptions, prepareExhibits } from './prepare/exhibits.node.ts';
