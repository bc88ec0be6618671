/** Writes Arrow tables (the IPC file format, also called Feather V2) through apache-arrow. */
import {
  Table as ArrowTable,
  type DataType,
  Float32,
  Float64,
  Int32,
  Int64,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { type StoredCells, storedCells } from './stored-cells.ts';
import type { Table } from './table.ts';

const arrowTypes: Readonly<Record<StoredCells['type'], () => DataType>> = {
  FLOAT: () => new Float32(),
  DOUBLE: () => new Float64(),
  INT32: () => new Int32(),
  INT64: () => new Int64(),
  STRING: () => new Utf8(),
};

export function arrowBytes(table: Table): Uint8Array {
  const vectors: Record<string, Vector> = Object.fromEntries(
    table.names.map((name) => {
      const { type, cells } = storedCells(table.columns[name]);
      const values = type === 'INT64' ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : cells;
      return [name, vectorFromArray(values, arrowTypes[type]())];
    }),
  );
  return tableToIPC(new ArrowTable(vectors), 'file');
}
