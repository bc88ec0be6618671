import { FileError, InterruptedError, UserError } from '../base/index.ts';
import { createPreparation, type Preparation, type Spectrum } from '../spectra/index.ts';
import type { GridChoice } from './choose-grid.ts';
import { readableClass } from './classes.ts';
import { type Collected, type ObjectRow, RowCollector } from './collector.ts';
import type { LabelTable, TableRow } from './label-table.ts';
import type { SplitFractions } from './splits.ts';
import { surveyLineColumns } from './survey-lines.ts';

/** A file, or an object in it, that is not in the dataset, and why. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

/** What objects are joined to, and what is asked of them. */
export interface IntakeOptions {
  /** What a file does not say of its objects (redshift, class) and their labels. */
  readonly labels?: LabelTable | null;
  /** Redshifts that override those of the files. */
  readonly redshifts?: LabelTable | null;
  /** Least share of the grid that must be observed; by default as the grid's choice and the room `spectra` say. */
  readonly minimumObserved?: number | undefined;
  /** How many objects will come, if that can be guessed. */
  readonly expected?: number;
}

/** Brings spectra, one after another, onto the grid of a dataset, and keeps account of those that it refuses. */
export class Intake {
  readonly #choice: GridChoice;
  readonly #prepare: Preparation;
  readonly #collector: RowCollector;
  readonly #skipped: Skipped[] = [];
  readonly #units = new Set<string>();
  readonly #labels: LabelTable | null;
  readonly #redshifts: LabelTable | null;
  readonly #flux: Float64Array;
  readonly #ivar: Float64Array;
  #joined = 0;
  #example: Spectrum['source'] & { readonly id: string } = { id: '', file: '', place: '' };

  /** @throws UserError when the normalisation looks where the grid has no pixel */
  constructor(choice: GridChoice, options: IntakeOptions = {}) {
    const minimumObserved = options.minimumObserved ?? choice.minimumObserved;
    this.#choice = choice;
    this.#prepare = createPreparation(
      choice.grid,
      choice.normalisation,
      minimumObserved === null ? {} : { minimumObserved },
    );
    this.#collector = new RowCollector(choice.grid.length, options.expected);
    this.#labels = options.labels ?? null;
    this.#redshifts = options.redshifts ?? null;
    this.#flux = new Float64Array(choice.grid.length);
    this.#ivar = new Float64Array(choice.grid.length);
  }

  get size(): number {
    return this.#collector.size;
  }

  get skipped(): readonly Skipped[] {
    return this.#skipped;
  }

  /** Units of the fluxes taken, in the order met. */
  get fluxUnits(): readonly string[] {
    return [...this.#units];
  }

  /** Objects for which the label table has a row. */
  get joined(): number {
    return this.#joined;
  }

  /** The id, or the file, of an object that was offered; to show what keys look like. */
  exampleKey(of: 'id' | 'file'): string {
    return of === 'id' ? this.#example.id : this.#example.file;
  }

  skip(file: string, reason: string): void {
    this.#skipped.push({ file, reason });
  }

  /** Adds a spectrum, or reports why not. */
  take(spectrum: Spectrum): void {
    const { file, place } = spectrum.source;
    try {
      this.#add(spectrum);
    } catch (error) {
      this.skip(file, `${place === '' ? '' : `${place}: `}${reasonOf(error, file)}`);
    }
  }

  finish(seed: number, fractions?: SplitFractions): Collected {
    return this.#collector.finish(seed, fractions);
  }

  #add(given: Spectrum): void {
    this.#example = { ...given.source, id: given.id };
    const table = this.#labels?.rowFor(given) ?? null;
    if (table !== null) this.#joined++;
    const spectrum = withRedshift(given, this.#redshifts?.rowFor(given) ?? null, table);
    this.#refuseOtherUnit(spectrum);
    const outcome = this.#prepare(spectrum, this.#flux, this.#ivar);
    if (!outcome.ok) throw new UserError(outcome.reason);
    const { id, source } = spectrum;
    this.#collector.add({
      id,
      redshift: spectrum.redshift,
      objectClass: readableClass(spectrum.objectClass ?? table?.objectClass ?? null, subclassOf(spectrum, table)),
      flux: this.#flux,
      ivar: this.#ivar,
      scale: outcome.scale,
      snr: outcome.snr,
      source: source.place === '' ? source.file : `${source.file}, ${source.place}`,
      labels: { ...spectrum.labels, ...table?.labels },
      extra: extraOf(spectrum, table),
    });
    this.#units.add(spectrum.fluxUnit);
  }

  /** Fluxes that are not normalised can only stand together in one unit. */
  #refuseOtherUnit({ fluxUnit }: Spectrum): void {
    if (this.#choice.normalisation.kind !== 'none' || this.#units.size === 0 || this.#units.has(fluxUnit)) return;
    throw new UserError(
      `its flux is in ${fluxUnit || 'an unknown unit'}, that of the objects before in ${this.fluxUnits.map((unit) => unit || 'an unknown unit').join(' and ')}; normalise (--normalise flux) to have both`,
    );
  }
}

/** What the file says of the redshift stands, unless a table of redshifts was given; the label table fills gaps. */
function withRedshift(spectrum: Spectrum, override: TableRow | null, table: TableRow | null): Spectrum {
  const source = override?.redshift != null ? override : spectrum.redshift === null ? table : null;
  if (source?.redshift == null) return spectrum;
  const { lineFits, ...rest } = spectrum;
  const { redshift, redshiftError } = source;
  // Lines were sought where the survey's redshift put them: at another one they are other lines.
  const same = spectrum.redshift !== null && Math.abs(redshift - spectrum.redshift) < SAME_REDSHIFT * (1 + redshift);
  return { ...(same ? spectrum : rest), redshift, redshiftError, redshiftWarning: null };
}

/** Of 1 + z: 300 km/s, within which a line is still the same line. */
const SAME_REDSHIFT = 1e-3;

/** A subclass belongs to the class it was given with. */
function subclassOf(spectrum: Spectrum, table: TableRow | null): string | null {
  return spectrum.objectClass === null ? (table?.subclass ?? null) : spectrum.subclass;
}

function extraOf(spectrum: Spectrum, table: TableRow | null): ObjectRow['extra'] {
  return {
    ...table?.extra,
    subclass: subclassOf(spectrum, table) || null,
    z_err: spectrum.redshiftError,
    z_warning: spectrum.redshiftWarning,
    ...surveyLineColumns(spectrum.lineFits ?? []),
  };
}

/**
 * Why a file or object was refused, without the file's name. One broken file must not end a batch, so even an error
 * that no reader meant to raise is reported rather than thrown; its wording says that the fault is ours.
 */
export function reasonOf(error: unknown, file: string): string {
  if (error instanceof InterruptedError) throw error;
  if (error instanceof FileError && error.file === file) {
    return `${error.place === '' ? '' : `${error.place}: `}${error.problem}`;
  }
  if (error instanceof UserError) return error.message;
  return `unexpected failure in Lightfold: ${error instanceof Error ? error.message : String(error)}`;
}
