import type { Cell, Column } from './table.ts';

/** How a column is stored in a typed format (Parquet, Arrow). */
export interface StoredCells {
  readonly type: 'FLOAT' | 'DOUBLE' | 'INT32' | 'INT64' | 'STRING';
  /** NaN is null: a table has no other way to say "no value". */
  readonly cells: readonly Cell[];
}

/** Typed arrays keep their type; of plain numbers, whole ones become INT32, others DOUBLE. */
export function storedCells(column: Column): StoredCells {
  const cells = Array.from<Cell, Cell>(column, (cell) =>
    typeof cell === 'number' && Number.isNaN(cell) ? null : cell,
  );
  return { type: typeOf(column, cells), cells };
}

function typeOf(column: Column, cells: readonly Cell[]): StoredCells['type'] {
  if (column instanceof Float32Array) return 'FLOAT';
  if (column instanceof Int32Array) return 'INT32';
  if (column instanceof Float64Array) return 'DOUBLE';
  const present = cells.filter((cell) => cell !== null);
  if (present.some((cell) => typeof cell === 'string')) return 'STRING';
  if (present.some((cell) => typeof cell === 'bigint')) return 'INT64';
  return present.length > 0 && present.every((cell) => Number(cell) === (Number(cell) | 0)) ? 'INT32' : 'DOUBLE';
}
