import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readFileBytes, sha256 } from '../io/index.node.ts';
import type { Spectrum } from '../spectra/index.ts';
import { applyRedshifts, type RedshiftEntry, recogniseAndRead, redshiftFileNames } from '../spectra/surveys/index.ts';
import { reasonOf } from './intake.ts';
import { readNpzSpectra } from './npz.ts';

/** What one file gave, or why it gave nothing. */
export type FileSpectra =
  | {
      readonly ok: true;
      readonly spectra: () => Iterable<Spectrum>;
      /** Objects of the file that cannot be used; the others are. */
      readonly rejected: readonly { readonly place: string; readonly reason: string }[];
      /** The grid that all spectra of the file share and that is a rest-frame one already, or null. */
      readonly grid: Float64Array | null;
      /** What had to be assumed, in sentences. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/** How surveys name files that hold redshifts and no spectra. */
const REDSHIFT_FILE = /^(redrock|rrdetails|zbest|zcat|zall|zpix|ztile)/i;

type RedshiftIndex = ReadonlyMap<string, readonly RedshiftEntry[]>;

/**
 * The files of an import, read one at a time. Files that hold redshifts for the spectra of others (DESI redrock,
 * zbest, zcat) are read first and set apart; a spectrum without a redshift takes it from the file that belongs to its own
 * by name, or else from one in the same folder, or else from any.
 */
export class SpectrumFiles {
  /** The files with spectra, in the order given. */
  readonly names: readonly string[];
  /** SHA-256 of every file read so far. */
  readonly checksums = new Map<string, string>();
  /** Files with redshifts that could not be read. */
  readonly unreadable: { readonly file: string; readonly reason: string }[] = [];
  #last: { readonly file: string; readonly gave: FileSpectra } | null = null;
  readonly #air: boolean;
  readonly #redshifts = new Map<string, RedshiftIndex>();

  constructor(files: readonly string[], { air }: { readonly air: boolean }) {
    this.#air = air;
    this.names = files.filter((file) => !(REDSHIFT_FILE.test(basename(file)) && this.#takeRedshifts(file)));
  }

  /** The last file read stays at hand: choosing a grid and reading often begin with the same, large one. */
  read(file: string): FileSpectra {
    if (this.#last?.file !== file) this.#last = { file, gave: this.#readAnew(file) };
    return this.#last.gave;
  }

  #readAnew(file: string): FileSpectra {
    try {
      const bytes = readFileBytes(file);
      this.checksums.set(file, sha256(bytes));
      return isZip(bytes) ? this.#readNpz(bytes, file) : this.#readFits(bytes, file);
    } catch (error) {
      return { ok: false, reason: reasonOf(error, file) };
    }
  }

  #readNpz(bytes: Uint8Array, file: string): FileSpectra {
    const { wavelength, spectra } = readNpzSpectra(bytes, file, { air: this.#air });
    return { ok: true, spectra, rejected: [], grid: wavelength, notes: [] };
  }

  #readFits(bytes: Uint8Array, file: string): FileSpectra {
    const { spectra, rejected, redshifts, notes } = recogniseAndRead(bytes, file);
    if (spectra.length === 0 && redshifts.length > 0) {
      const reason = `it holds ${redshifts.length} redshifts and no spectra; give it with --redshifts`;
      return { ok: false, reason };
    }
    const complete = this.#withRedshifts(spectra, file);
    return { ok: true, spectra: () => complete, rejected, grid: null, notes };
  }

  #withRedshifts(spectra: readonly Spectrum[], file: string): readonly Spectrum[] {
    let complete = spectra;
    for (const index of this.#sourcesFor(file)) {
      if (complete.every(({ redshift }) => redshift !== null)) break;
      complete = applyRedshifts(
        complete,
        complete.flatMap(({ id }) => index.get(id) ?? []),
      );
    }
    return complete;
  }

  /** Nearest first. */
  *#sourcesFor(file: string): Generator<RedshiftIndex> {
    const folder = dirname(file);
    for (const name of redshiftFileNames(file)) {
      const path = join(folder, name);
      if (!this.#redshifts.has(path) && existsSync(path)) this.#takeRedshifts(path);
      const index = this.#redshifts.get(path);
      if (index !== undefined) yield index;
    }
    for (const [path, index] of this.#redshifts) if (dirname(path) === folder) yield index;
    for (const [path, index] of this.#redshifts) if (dirname(path) !== folder) yield index;
  }

  /** Whether the file is one of redshifts, sound or not; it is then remembered. */
  #takeRedshifts(file: string): boolean {
    try {
      const bytes = readFileBytes(file);
      const { spectra, redshifts } = recogniseAndRead(bytes, file);
      if (spectra.length > 0) return false;
      const index = new Map<string, RedshiftEntry[]>();
      for (const entry of redshifts) {
        const known = index.get(entry.id);
        if (known === undefined) index.set(entry.id, [entry]);
        else known.push(entry);
      }
      this.#redshifts.set(file, index);
      this.checksums.set(file, sha256(bytes));
    } catch (error) {
      this.#redshifts.set(file, new Map());
      this.unreadable.push({ file, reason: reasonOf(error, file) });
    }
    return true;
  }
}

function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b;
}
