import { readFileBytes, sha256 } from '../io/index.node.ts';
import { readTable } from '../io/index.ts';
import { type LabelTable, type LabelTableOptions, labelTable } from './label-table.ts';

/** A label table from the disk, and the SHA-256 of its file. */
export interface StoredLabelTable extends LabelTable {
  readonly sha256: string;
}

/**
 * Reads a table of labels (CSV, TSV, ECSV, Parquet or FITS, gzip-compressed or not) to be joined to spectra.
 *
 * @throws FileError when it cannot be read, its key is not found or stands twice, or a label is not numeric
 */
export async function readLabelTable(file: string, options: LabelTableOptions = {}): Promise<StoredLabelTable> {
  const bytes = readFileBytes(file);
  const table = await readTable(bytes, file);
  return { ...labelTable(table, file, options), sha256: sha256(bytes) };
}
