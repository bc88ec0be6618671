/** Writes Parquet tables through hyparquet-writer. */
import type { DecodedArray } from 'hyparquet';
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import type { Cell, Column, Table } from '../table.ts';

/** A Parquet table (Snappy); typed arrays keep their type, whole numbers become INT32, others DOUBLE. */
export function parquetBytes(table: Table): Uint8Array {
  const columnData = table.names.map((name) => {
    const { type, data, nullable } = encoded(table.columns[name]);
    return { name, type, data, nullable };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'lightfold' }));
}

function encoded(column: Column): { type: BasicType; data: DecodedArray; nullable: boolean } {
  const cells = Array.from<Cell, Cell>(column, (cell) =>
    typeof cell === 'number' && Number.isNaN(cell) ? null : cell,
  );
  const nullable = cells.includes(null);
  return { type: parquetType(column, cells), data: cells, nullable };
}

function parquetType(column: Column, cells: readonly Cell[]): BasicType {
  if (column instanceof Float32Array) return 'FLOAT';
  if (column instanceof Int32Array) return 'INT32';
  if (column instanceof Float64Array) return 'DOUBLE';
  const present = cells.filter((cell) => cell !== null);
  if (present.some((cell) => typeof cell === 'string')) return 'STRING';
  if (present.some((cell) => typeof cell === 'bigint')) return 'INT64';
  return present.length > 0 && present.every((cell) => Number(cell) === (Number(cell) | 0)) ? 'INT32' : 'DOUBLE';
}
