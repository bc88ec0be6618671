/** What a column of a table can decode to. A column of W values a row has rows × W values, row after row. */
import type { LongArray, NumberArray } from './elements.ts';

interface FixedWidth {
  /** Values in each row, W. */
  readonly width: number;
  /** The same as an array shape, slowest axis first (from TDIM); `[W]` when none is given. */
  readonly shape: readonly number[];
}

/** Numbers in the file's own type; scaled columns as float64. */
export interface NumberColumn extends FixedWidth {
  readonly kind: 'numbers';
  readonly values: NumberArray;
  /** 1 where the file holds no usable number (TNULL, NaN, infinity), row-major; null when every number is usable. */
  readonly missing: Uint8Array | null;
}

/** 64-bit integers, exact: identifiers such as DESI's TARGETID do not fit a double. */
export interface LongColumn extends FixedWidth {
  readonly kind: 'longs';
  readonly values: LongArray;
  readonly missing: Uint8Array | null;
}

/** Texts without trailing spaces. */
export interface TextColumn extends FixedWidth {
  readonly kind: 'texts';
  readonly values: readonly string[];
}

/** True and false (L), or single bits (X), as 1 and 0. */
export interface LogicalColumn extends FixedWidth {
  readonly kind: 'logicals';
  readonly values: Uint8Array;
  readonly missing: Uint8Array | null;
}

/** Complex numbers as real and imaginary part in turn: 2 W numbers a row. */
export interface ComplexColumn extends FixedWidth {
  readonly kind: 'complex';
  readonly values: NumberArray;
  readonly missing: Uint8Array | null;
}

export type FixedColumn = NumberColumn | LongColumn | TextColumn | LogicalColumn | ComplexColumn;

/** A different number of values in each row, kept in the heap. */
export interface VariableColumn {
  readonly kind: 'variable';
  readonly rows: number;
  /** The values of one row, as a column of one row; its `width` is the number of values. */
  readonly cell: (row: number) => FixedColumn;
}

export type FitsColumn = FixedColumn | VariableColumn;

/** A column as its header describes it. */
export interface ColumnField {
  /** TTYPE; empty when the file names it not. */
  readonly name: string;
  /** Its number in the header's keywords, from 1. */
  readonly number: number;
  /** TFORM as written. */
  readonly format: string;
}

/** Columns that can be decoded one by one, whatever kind of table they are in. */
export interface ColumnSource {
  readonly rows: number;
  readonly fields: readonly ColumnField[];
  readonly decode: (index: number) => FitsColumn;
  /** As float64 (NaN for null integers); null when the column is not numbers that a double holds exactly. */
  readonly decodeNumbers: (index: number) => Float64Array | null;
}
