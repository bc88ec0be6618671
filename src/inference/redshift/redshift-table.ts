import { type Column, makeTable, type Table } from '../../io/index.ts';
import type { RedshiftFit } from './fit-redshift.ts';

/** The redshift of one spectrum and what its file says of it. */
export interface MeasuredRedshift {
  readonly file: string;
  /** Row or fibre within the file; empty where the file holds one spectrum. */
  readonly place: string;
  readonly id: string;
  readonly fit: RedshiftFit;
  /** Redshift and class that the file gives; null when it gives none. */
  readonly surveyRedshift: number | null;
  readonly surveyClass: string | null;
}

const RUNNERS_UP = [0, 1, 2];

/** A row a spectrum; the runners-up as columns `z2 … z4` and `delta_chi2_2 … delta_chi2_4`. */
export function redshiftTable(measured: readonly MeasuredRedshift[]): Table {
  const numbers = (of: (entry: MeasuredRedshift) => number | null | undefined) =>
    Float64Array.from(measured, (entry) => of(entry) ?? Number.NaN);
  const texts = (of: (entry: MeasuredRedshift) => string | null) => measured.map(of);
  const columns: (readonly [string, Column])[] = [
    ['file', texts(({ file }) => file)],
    ['place', texts(({ place }) => place)],
    ['id', texts(({ id }) => id)],
    ['z', numbers(({ fit }) => fit.z)],
    ['z_err', numbers(({ fit }) => fit.zError)],
    ['warning', Int32Array.from(measured, ({ fit }) => fit.warning)],
    ['chi2', numbers(({ fit }) => fit.chi2)],
    ['dof', Int32Array.from(measured, ({ fit }) => fit.degreesOfFreedom)],
    ['delta_chi2', numbers(({ fit }) => fit.deltaChi2)],
    ['class', texts(({ fit }) => fit.objectClass)],
    ...RUNNERS_UP.flatMap((k): (readonly [string, Column])[] => [
      [`z${k + 2}`, numbers(({ fit }) => fit.runnersUp[k]?.z)],
      [`delta_chi2_${k + 2}`, numbers(({ fit }) => fit.runnersUp[k]?.deltaChi2)],
    ]),
    ['survey_z', numbers(({ surveyRedshift }) => surveyRedshift)],
    ['survey_class', texts(({ surveyClass }) => surveyClass)],
  ];
  return makeTable(columns);
}

/** The fields of `lightfold redshift --json`, an object a spectrum. */
export function redshiftJson({ file, place, id, fit, surveyRedshift, surveyClass }: MeasuredRedshift) {
  return {
    file,
    ...(place === '' ? {} : { place }),
    id,
    z: fit.z,
    z_err: fit.zError,
    warning: fit.warning,
    warnings: fit.warnings,
    chi2: fit.chi2,
    dof: fit.degreesOfFreedom,
    deltaChi2: fit.deltaChi2,
    class: fit.objectClass,
    runnersUp: fit.runnersUp,
    surveyRedshift,
    surveyClass,
  };
}
