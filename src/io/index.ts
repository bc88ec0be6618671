/** The room's door for every platform; files and checksums, which need Node, are behind `index.node.ts`. */

export type { HeaderValue } from './fits/cards.ts';
export type {
  ComplexColumn,
  FitsColumn,
  FixedColumn,
  LogicalColumn,
  LongColumn,
  NumberColumn,
  TextColumn,
  VariableColumn,
} from './fits/columns.ts';
export type { LongArray, NumberArray } from './fits/elements.ts';
export type { ColumnDescription, EmptyHdu, Hdu, ImageHdu, TableHdu, UnreadableHdu } from './fits/hdus.ts';
export type { FitsHeader, HeaderCard } from './fits/header.ts';
export { type FitsImage, imageAsDoubles } from './fits/image.ts';
export { type FitsFile, readFits, readImage } from './fits/read.ts';
