/** The header-data units as callers see them. */
import { FileError } from '../../base/index.ts';
import { openAsciiTable } from './asciiTable.ts';
import { openBinaryTable } from './binaryTable.ts';
import type { ColumnSource, FitsColumn } from './columns.ts';
import type { FitsHeader } from './header.ts';
import { decodeImage, type FitsImage } from './image.ts';
import type { Unit } from './walk.ts';

interface HduBase {
  /** EXTNAME; `PRIMARY` for a nameless first HDU. */
  readonly name: string;
  /** Position in the file, from 0. */
  readonly index: number;
  readonly header: FitsHeader;
}

export interface ImageHdu extends HduBase {
  readonly kind: 'image';
  /** Slowest axis first. */
  readonly shape: readonly number[];
  /** Decodes the data. @throws FileError when they are truncated */
  readonly read: () => FitsImage;
}

/** A header without data. */
export interface EmptyHdu extends HduBase {
  readonly kind: 'empty';
}

/** Something that is recognised and not read: a tile-compressed image or table, an unknown extension. */
export interface UnreadableHdu extends HduBase {
  readonly kind: 'compressed-image' | 'compressed-table' | 'other';
  /** What it is and what to do, as a sentence. */
  readonly reason: string;
}

export interface ColumnDescription {
  readonly name: string;
  /** TUNIT; null when the file gives none. */
  readonly unit: string | null;
  /** TFORM as written: `E`, `10D`, `24A`, `PE(120)`. */
  readonly format: string;
}

/** A binary or ASCII table. Columns are found by exact name, then by name in any case (FITS 4.0, section 7.3.2). */
export class TableHdu implements HduBase {
  readonly kind = 'table';
  readonly name: string;
  readonly index: number;
  readonly header: FitsHeader;
  readonly #file: string;
  readonly #open: () => ColumnSource;
  #source: ColumnSource | null = null;

  constructor(unit: Unit) {
    this.name = unit.header.name;
    this.index = unit.index;
    this.header = unit.header;
    this.#file = unit.file;
    this.#open = () => (unit.extension === 'TABLE' ? openAsciiTable(unit) : openBinaryTable(unit));
  }

  get rows(): number {
    return this.#columns.rows;
  }

  /** All columns in the file's order. @throws FileError when the header's descriptions of them are damaged */
  get columns(): readonly ColumnDescription[] {
    return this.#columns.fields.map(({ name, number, format }) => {
      const unit = this.header.has(`TUNIT${number}`) ? this.header.get(`TUNIT${number}`) : null;
      return { name, unit: typeof unit === 'string' ? unit : null, format };
    });
  }

  has(column: string): boolean {
    return this.#find(column) >= 0;
  }

  /** Decodes a column. @throws FileError when there is no such column, or its data are damaged */
  column(name: string): FitsColumn {
    return this.#columns.decode(this.#required(name));
  }

  /**
   * A column of numbers as float64, rows × width values; NaN for null integers, and NaN or infinity where the file
   * has them. The quick way to flux, ivar and masks.
   *
   * @throws FileError when it is not a column of numbers, or holds 64-bit integers beyond ±2⁵³
   */
  numbers(name: string): Float64Array {
    const index = this.#required(name);
    const values = this.#columns.decodeNumbers(index);
    if (values !== null) return values;
    const { format } = this.#columns.fields[index];
    const reason = `its values (format ${format}) are not numbers that a double holds exactly`;
    throw new FileError(this.#file, `${this.header.place}, column "${name}"`, reason);
  }

  /** A column of texts. @throws FileError when it is something else */
  texts(name: string): readonly string[] {
    const column = this.column(name);
    if (column.kind === 'texts') return column.values;
    throw new FileError(this.#file, `${this.header.place}, column "${name}"`, 'it does not hold text');
  }

  /** Identifiers as text, one a row: texts as they are, integers of any size in decimal. @throws FileError for others */
  identifiers(name: string): readonly string[] {
    const column = this.column(name);
    if (column.kind === 'texts' && column.width === 1) return column.values;
    if (column.kind === 'longs' && column.width === 1) return Array.from(column.values, String);
    const isInteger = column.kind === 'numbers' && column.width === 1 && column.values.every(Number.isInteger);
    if (isInteger) return Array.from(column.values, String);
    const problem = 'it does not hold one text or integer a row, as identifiers must be';
    throw new FileError(this.#file, `${this.header.place}, column "${name}"`, problem);
  }

  get #columns(): ColumnSource {
    this.#source ??= this.#open();
    return this.#source;
  }

  #find(name: string): number {
    const { fields } = this.#columns;
    const exact = fields.findIndex((field) => field.name === name);
    if (exact >= 0) return exact;
    const upper = name.toUpperCase();
    return fields.findIndex((field) => field.name.toUpperCase() === upper);
  }

  #required(name: string): number {
    const index = this.#find(name);
    if (index >= 0) return index;
    const names = this.#columns.fields.slice(0, 30).map((field) => field.name);
    throw new FileError(this.#file, this.header.place, `it has no column "${name}" (it has ${names.join(', ')})`);
  }
}

export type Hdu = ImageHdu | TableHdu | EmptyHdu | UnreadableHdu;

export function makeHdu(unit: Unit): Hdu {
  const { header, index, extension, axes } = unit;
  const base = { name: header.name, index, header };
  const isFlagged = (keyword: string) => header.has(keyword) && header.get(keyword) === true;
  if (extension === 'IMAGE' || extension === 'IUEIMAGE') {
    if (axes.length === 0) return { ...base, kind: 'empty' };
    return { ...base, kind: 'image', shape: axes.toReversed(), read: () => decodeImage(unit) };
  }
  if (extension === 'TABLE') return new TableHdu(unit);
  if (extension !== 'BINTABLE' && extension !== 'A3DTABLE') {
    return { ...base, kind: 'other', reason: `it is an extension of unknown kind, ${JSON.stringify(extension)}` };
  }
  if (isFlagged('ZIMAGE')) {
    const reason = 'it is a tile-compressed image, which is not read; decompress the file first, with `funpack FILE`';
    return { ...base, kind: 'compressed-image', reason };
  }
  if (isFlagged('ZTABLE')) {
    const reason = 'it is a compressed table, which is not read; decompress the file first, with `funpack FILE`';
    return { ...base, kind: 'compressed-table', reason };
  }
  return new TableHdu(unit);
}
