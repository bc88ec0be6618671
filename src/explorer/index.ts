export {
  type ExpressionColumn,
  type ExpressionColumns,
  ExpressionError,
  quotedName,
  rowsWhere,
  valuesOf,
} from './expression.ts';
export * from './protocol.ts';
export type { ExhibitSource, PlaceRequest } from './source.ts';
export { readSpectraBlock, type SpectraBlock, spectrumOfBlock } from './spectra-block.ts';
