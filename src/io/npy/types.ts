/** What a .npy array can hold here. Texts are JavaScript strings; every number is in numpy's own type. */
export type NpyData =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | readonly string[];

export interface NpyArray {
  /** As numpy shows it; empty for a scalar. */
  readonly shape: readonly number[];
  /** Row-major (C order), whatever the file's order was. Booleans are 0 and 1. */
  readonly data: NpyData;
  /** numpy's name of the type, byte order left out: `f4`, `i8`, `b1`, `U11`, `S8`. */
  readonly dtype: string;
}
