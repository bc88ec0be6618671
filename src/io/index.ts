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
export { type FitsFile, isFits, readFits, readImage } from './fits/read.ts';
export { type HduToWrite, type ImageToWrite, type TableToWrite, writeFits } from './fits/write.ts';
export type { CardToWrite } from './fits/writeCards.ts';
export type { ColumnToWrite } from './fits/writeTable.ts';
export { type NpzReadOptions, type NpzWriteOptions, readNpz, writeNpz } from './npy/npz.ts';
export { npyIdentifiers, npyNumbers } from './npy/numbers.ts';
export { readNpy } from './npy/read.ts';
export type { NpyArray, NpyData } from './npy/types.ts';
export { type ArrayToWrite, writeNpy } from './npy/write.ts';
export { csvBytes, readCsv } from './tables/csv.ts';
export {
  readFitsTable,
  readTable,
  TABLE_EXTENSIONS,
  type TableExtension,
  tableBytes,
  tableExtension,
} from './tables/files.ts';
export { type ParquetReadOptions, readParquet } from './tables/parquet/read.ts';
export { parquetBytes } from './tables/parquet/write.ts';
export { type Cell, type Column, makeTable, numberColumn, type Table, textColumn } from './tables/table.ts';
export { isZip } from './zip.ts';
