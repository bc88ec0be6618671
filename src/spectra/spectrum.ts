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
  readonly source: Source;
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
