/** Writes Parquet tables through hyparquet-writer. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { storedCells } from '../stored-cells.ts';
import type { Cell, Table } from '../table.ts';

/** A Parquet table (Snappy). */
export function parquetBytes(table: Table): Uint8Array {
  const columnData = table.names.map((name) => {
    const { type, cells } = storedCells(table.columns[name]);
    return { name, type, data: Array.from<Cell>(cells), nullable: cells.includes(null) };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'lightfold' }));
}
