export {
  type ExpressionColumn,
  type ExpressionColumns,
  ExpressionError,
  quotedName,
  rowsWhere,
  valuesOf,
} from './expression.ts';
export { placeFile } from './placing.ts';
export * from './protocol.ts';
export type { ExhibitSource, PlaceRequest } from './source.ts';
export { type BlockSpectrum, readSpectraBlock, type SpectraBlock, spectrumOfBlock } from './spectra-block.ts';
export { judgeLatent, type LatentJudgement } from './support.ts';
