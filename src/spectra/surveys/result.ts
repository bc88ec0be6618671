import type { FitsFile } from '../../io/index.ts';
import type { Spectrum } from '../index.ts';

/** What one file gave. */
export interface SurveyResult {
  /** The format it was recognised as: `SDSS spec`, `DESI spectra`, … */
  readonly format: string;
  readonly spectra: readonly Spectrum[];
  /** Objects of the file that cannot be used, and why; the others are. */
  readonly rejected: readonly Rejection[];
  /** Redshifts of objects whose spectra are in other files (DESI redrock, zbest, zcat): see `applyRedshifts`. */
  readonly redshifts: readonly RedshiftEntry[];
  /** What had to be assumed, in sentences for the user. */
  readonly notes: readonly string[];
}

export interface Rejection {
  /** Row, fibre or object within the file. */
  readonly place: string;
  readonly reason: string;
}

/** One object's redshift as a pipeline wrote it apart from the spectra. */
export interface RedshiftEntry {
  /** The `id` of the spectrum it belongs to. */
  readonly id: string;
  readonly redshift: number;
  readonly redshiftError: number | null;
  readonly redshiftWarning: number | null;
  readonly objectClass: string | null;
  readonly subclass: string | null;
}

/** A survey's file format. */
export interface SurveyFormat {
  readonly name: string;
  /** What to look for, in a few words, for the message that no format fits. */
  readonly sign: string;
  /** Whether a file is of this format, by its HDUs and column names. */
  readonly recognise: (fits: FitsFile) => boolean;
  /** @throws FileError when the file as a whole is damaged */
  readonly read: (fits: FitsFile) => SurveyResult;
}
