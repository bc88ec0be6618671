import type { Matrix } from '../base/index.ts';

export type Split = 'train' | 'valid' | 'test';

/**
 * Rest-frame spectra of N objects on one grid of P pixels, with their labels. This is what models see.
 * Everywhere `ivar = 0` means "not observed", for pixels and for labels.
 */
export interface Dataset {
  /** Rest-frame vacuum ångström, length P. */
  readonly wavelength: Float64Array;
  /** N × P, normalised as `manifest.normalisation` says. */
  readonly flux: Matrix;
  /** N × P, inverse variance of `flux`; 0 = not observed. */
  readonly ivar: Matrix;
  /** N × P, the noise-free spectrum in the units of `flux`, for simulated surveys only. */
  readonly truth: Matrix | null;
  readonly catalogue: Catalogue;
  readonly manifest: Manifest;
}

/** One entry per object, in the order of the rows of `flux`. */
export interface Catalogue {
  readonly id: readonly string[];
  readonly redshift: readonly (number | null)[];
  /** Class used for colours and tables: `quiescent`, `emission-line`, `narrow-line AGN`, `QSO`, …; null = unknown. */
  readonly objectClass: readonly (string | null)[];
  /** Median signal-to-noise ratio per observed pixel on the grid. */
  readonly snr: Float32Array;
  readonly split: readonly Split[];
  /** Flux of the file = `flux` × `scale`. */
  readonly scale: Float32Array;
  /** File (and place within) that the object came from; for simulated objects, the simulator. */
  readonly source: readonly string[];
  readonly labels: Labels;
  /** Further columns, by name (the truth of simulated surveys: `true_log_mbh`, `planted_oddity`, …). */
  readonly extra: Readonly<Record<string, ExtraColumn>>;
}

export type ExtraColumn = readonly (number | null)[] | readonly (string | null)[];

/** Physical labels of N objects, row-major N × K. */
export interface Labels {
  /** Length K, snake case as in the field: `log_mbh`, `log_lbol`, `log_edd`. */
  readonly names: readonly string[];
  /** N × K; 0 where not measured. */
  readonly value: Matrix;
  /** N × K; inverse variance in units of label⁻²; 0 = not measured. */
  readonly ivar: Matrix;
}

export interface Manifest {
  /** Version of the folder's format. */
  readonly format: number;
  readonly kind: 'lightfold-dataset';
  readonly normalisation: string;
  readonly fluxUnit: string;
  readonly preset: string | null;
  /**
   * Names the data in the folder it was loaded from (SHA-256 over its files' checksums). Absent before it is saved, and
   * from every dataset made of another: a copy with other contents must not carry it.
   */
  readonly checksum?: string;
  /** How the data came to be: command or call, settings, input files, software version, date. */
  readonly provenance: Provenance;
}

export interface Provenance {
  readonly software: string;
  readonly created: string;
  readonly command: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Number of input files and, for each, name and SHA-256 of its bytes. */
  readonly inputs: readonly { readonly file: string; readonly sha256: string }[];
}
