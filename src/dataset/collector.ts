import { type Matrix, UserError, zeros } from '../base/index.ts';
import { FIXED_COLUMNS } from './check.ts';
import type { Catalogue, ExtraColumn, Labels } from './dataset.ts';
import type { Label } from './measurements.ts';
import { assignSplits, type SplitFractions } from './splits.ts';

/** One object on the grid of the dataset that is being gathered. */
export interface ObjectRow {
  readonly id: string;
  readonly redshift: number | null;
  readonly objectClass: string | null;
  /** Length P each, in the units of the dataset; `ivar = 0` = not observed. */
  readonly flux: ArrayLike<number>;
  readonly ivar: ArrayLike<number>;
  /** Flux of the file = `flux` × `scale`. */
  readonly scale: number;
  readonly snr: number;
  readonly source: string;
  readonly labels: Readonly<Record<string, Label>>;
  /** Further columns; an object that lacks one gets null. */
  readonly extra: Readonly<Record<string, number | string | null>>;
}

/** What a collector gives back: everything of a dataset but its grid and manifest. */
export interface Collected {
  readonly flux: Matrix;
  readonly ivar: Matrix;
  readonly catalogue: Catalogue;
}

/** Gathers objects of unknown number into float32 matrices; an object is added whole or, when it throws, not at all. */
export class RowCollector {
  readonly #rows: Omit<ObjectRow, 'flux' | 'ivar'>[] = [];
  readonly #ids = new Map<string, string>();
  readonly #flux: GrowingMatrix;
  readonly #ivar: GrowingMatrix;

  /** @param expected how many objects will come, if that can be guessed; more or fewer are fine */
  constructor(pixels: number, expected = 64) {
    this.#flux = new GrowingMatrix(pixels, expected);
    this.#ivar = new GrowingMatrix(pixels, expected);
  }

  get size(): number {
    return this.#rows.length;
  }

  /** The source of the object that has this id already, or null. */
  sourceOf(id: string): string | null {
    return this.#ids.get(id) ?? null;
  }

  /**
   * Adds one object.
   *
   * @throws UserError when its id was added before (the first is kept: a second row of one object could fall into
   * another split and leak from training into testing), when nothing of it is observed, or when a number does not
   * fit float32
   */
  add({ flux, ivar, ...row }: ObjectRow): void {
    const first = this.#ids.get(row.id);
    if (first !== undefined) {
      throw new UserError(`the id ${row.id} was read before, from ${first}; the first is kept`);
    }
    checkPixels(flux, ivar, this.#flux.columns);
    checkScale(row);
    for (const [name, label] of Object.entries(row.labels)) checkLabel(name, label);
    this.#flux.push(flux);
    this.#ivar.push(ivar);
    this.#rows.push(row);
    this.#ids.set(row.id, row.source);
  }

  /** The matrices and the catalogue; labels and extra columns that no object has are left out. */
  finish(seed: number, fractions?: SplitFractions): Collected {
    const rows = this.#rows;
    const id = rows.map((row) => row.id);
    const labels = labelMatrices(rows.map((row) => row.labels));
    return {
      flux: this.#flux.finish(),
      ivar: this.#ivar.finish(),
      catalogue: {
        id,
        redshift: rows.map((row) => row.redshift),
        objectClass: rows.map((row) => row.objectClass),
        snr: Float32Array.from(rows, (row) => row.snr),
        split: assignSplits(id, seed, fractions),
        scale: Float32Array.from(rows, (row) => row.scale),
        source: rows.map((row) => row.source),
        labels,
        extra: extraColumns(
          rows.map((row) => row.extra),
          labels.names,
        ),
      },
    };
  }
}

function checkPixels(flux: ArrayLike<number>, ivar: ArrayLike<number>, pixels: number): void {
  if (flux.length !== pixels || ivar.length !== pixels) {
    throw new UserError(`flux has ${flux.length} and ivar ${ivar.length} pixels; the grid has ${pixels}`);
  }
  let observed = 0;
  for (let i = 0; i < pixels; i++) {
    const weight = Math.fround(ivar[i]);
    if (!(weight >= 0 && weight < Infinity) || !Number.isFinite(Math.fround(flux[i]))) {
      throw new UserError(
        `flux ${flux[i]} with ivar ${ivar[i]} at pixel ${i} does not fit float32; normalise the spectra or rescale the unit`,
      );
    }
    if (weight > 0) observed++;
  }
  if (observed === 0) throw new UserError('no pixel of the grid is observed');
}

function checkScale({ redshift, scale, snr }: Pick<ObjectRow, 'redshift' | 'scale' | 'snr'>): void {
  const numbers = [redshift ?? 0, Math.fround(scale), Math.fround(snr)];
  if (numbers.every(Number.isFinite) && Math.fround(scale) !== 0) return;
  throw new UserError(
    `its redshift ${redshift}, scale ${scale} or S/N ${snr} is out of range; check its flux, ivar and z`,
  );
}

function checkLabel(name: string, { value, ivar }: Label): void {
  if (ivar === 0) return;
  const weight = Math.fround(ivar);
  if (Number.isFinite(Math.fround(value)) && weight > 0 && weight < Infinity) return;
  throw new UserError(
    `label "${name}" = ${value} with ivar ${ivar} does not fit float32; give its logarithm or rescale it`,
  );
}

function labelMatrices(rows: readonly Readonly<Record<string, Label>>[]): Labels {
  const measured = new Map<string, boolean>();
  for (const row of rows) {
    for (const name of Object.keys(row)) measured.set(name, measured.get(name) === true || row[name].ivar > 0);
  }
  const names = [...measured.keys()].filter((name) => measured.get(name) === true);
  const value = zeros(rows.length, names.length);
  const ivar = zeros(rows.length, names.length);
  rows.forEach((row, index) => {
    names.forEach((name, column) => {
      const label = row[name];
      if (label === undefined || !(label.ivar > 0)) return;
      value.data[index * names.length + column] = label.value;
      ivar.data[index * names.length + column] = label.ivar;
    });
  });
  return { names, value, ivar };
}

/** A name that the catalogue needs for itself or for a label becomes NAME_given. */
function extraColumns(rows: readonly ObjectRow['extra'][], labels: readonly string[]): Record<string, ExtraColumn> {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) if (row[name] !== null) names.add(name);
  const taken = new Set([...FIXED_COLUMNS, ...labels.flatMap((label) => [label, `${label}_err`])]);
  return Object.fromEntries(
    [...names].map((name) => [taken.has(name) ? `${name}_given` : name, oneKind(rows.map((row) => row[name] ?? null))]),
  );
}

/** A column that came as numbers from one file and as text from another is kept as text. */
function oneKind(column: readonly (number | string | null)[]): ExtraColumn {
  if (!column.some((value) => typeof value === 'string')) return column as readonly (number | null)[];
  return column.map((value) => (value === null ? null : String(value)));
}

class GrowingMatrix {
  readonly columns: number;
  #rows = 0;
  #data: Float32Array;

  constructor(columns: number, expected: number) {
    this.columns = columns;
    this.#data = new Float32Array(columns * Math.max(1, expected));
  }

  push(values: ArrayLike<number>): void {
    const end = (this.#rows + 1) * this.columns;
    if (end > this.#data.length) {
      const grown = new Float32Array(this.#data.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data.set(values, this.#rows * this.columns);
    this.#rows++;
  }

  finish(): Matrix {
    const length = this.#rows * this.columns;
    // A view would hold the spare capacity for as long as the dataset lives; a small spare is not worth a copy.
    const tight = this.#data.length - length <= length / 8;
    return {
      rows: this.#rows,
      columns: this.columns,
      data: tight ? this.#data.subarray(0, length) : this.#data.slice(0, length),
    };
  }
}
