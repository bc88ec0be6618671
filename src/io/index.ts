/** The room's door for every platform; files and checksums, which need Node, are behind `index.node.ts`. */

export type { FitsColumn, FixedColumn } from './fits/columns.ts';
export type { Hdu, TableHdu } from './fits/hdus.ts';
export type { FitsHeader } from './fits/header.ts';
export { imageAsDoubles } from './fits/image.ts';
export { type FitsFile, isFits, readFits, readImage } from './fits/read.ts';
export { type HduToWrite, writeFits } from './fits/write.ts';
export type { CardToWrite } from './fits/writeCards.ts';
export type { ColumnToWrite } from './fits/writeTable.ts';
export { readNpz, writeNpz } from './npy/npz.ts';
export { npyIdentifiers, npyNumbers } from './npy/numbers.ts';
export { readNpy } from './npy/read.ts';
export type { NpyArray } from './npy/types.ts';
export { type ArrayToWrite, writeNpy } from './npy/write.ts';
export { csvBytes, readCsv } from './tables/csv.ts';
export { readTable, tableBytes, tableExtension } from './tables/files.ts';
export { readParquet } from './tables/parquet/read.ts';
export { parquetBytes } from './tables/parquet/write.ts';
export { type Cell, type Column, makeTable, numberColumn, type Table, textColumn } from './tables/table.ts';
export { type VotableField, votableBytes } from './tables/votable.ts';
export { isZip } from './zip.ts';
