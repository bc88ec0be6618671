/**
 * One spectrum as the survey measured it, in this house's conventions: vacuum ångström, flux as in the file
 * (unit kept), inverse variance of the flux beside it, and `ivar = 0` wherever a pixel was not observed or the
 * survey's mask calls it bad. No NaN or infinity is ever inside.
 */
export interface Spectrum {
  /** Unique within its survey: `0266-51630-0168` (plate-mjd-fiber), a DESI TARGETID, a file's own id. */
  readonly id: string;
  /** Vacuum ångström, strictly increasing, length P. */
  readonly wavelength: Float64Array;
  readonly frame: 'observed' | 'rest';
  /** Length P, in `fluxUnit`. */
  readonly flux: Float64Array;
  /** Length P, in `fluxUnit`⁻²; 0 = not observed. */
  readonly ivar: Float64Array;
  readonly fluxUnit: string;
  /** Redshift by the survey's pipeline or by the caller; null when unknown. */
  readonly redshift: number | null;
  readonly redshiftError: number | null;
  /** The survey's own redshift warning flag; 0 = none, null = the survey gives none. */
  readonly redshiftWarning: number | null;
  /** The survey's class and subclass, upper case as SDSS writes them: `GALAXY`, `QSO`, `STAR`. */
  readonly objectClass: string | null;
  readonly subclass: string | null;
  /** Other measured quantities found in the file, by name. */
  readonly labels: Readonly<Record<string, Measurement>>;
  /** The survey's own fits of the lines that tell galaxies apart, of those that it fitted; absent when the file has none. */
  readonly lineFits?: readonly SurveyLineFit[];
  readonly source: Source;
}

/** Lines of the [O III]/Hβ – [N II]/Hα diagnostic, by the names that `lines` gives them. */
export const DIAGNOSTIC_LINES = ['HBETA', 'OIII_5007', 'HALPHA', 'NII_6584'] as const;

export type DiagnosticLine = (typeof DIAGNOSTIC_LINES)[number];

/** One emission line as the survey's pipeline fitted it with a Gaussian. */
export interface SurveyLineFit {
  readonly line: DiagnosticLine;
  /** In `fluxUnit` × Å of the observed frame; negative in absorption. */
  readonly flux: number;
  readonly fluxError: number;
  /** Rest-frame Å, positive in emission; null where the pipeline gives none. */
  readonly width: number | null;
  /** σ in km/s, the spectrograph's own width inside; null where the pipeline gives none. */
  readonly sigma: number | null;
}

/** A physical label; `ivar = 0` = not measured (then `value` is 0 too). */
export interface Measurement {
  readonly value: number;
  readonly ivar: number;
}

/** Where a spectrum came from: the file as the user named it, and the row or fibre within. */
export interface Source {
  readonly file: string;
  readonly place: string;
}
