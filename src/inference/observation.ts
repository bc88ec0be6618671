import { type Matrix, UserError } from '../base/index.ts';

/**
 * What is known of N objects: spectra, labels, or both; what is left out was not observed. `flux` needs its `ivar`,
 * `label` its `labelIvar`.
 */
export interface Observation {
  /** N × P, on the run's grid and normalised as its dataset was. */
  readonly flux?: Matrix;
  /** N × P; 0 = not observed. */
  readonly ivar?: Matrix;
  /** N × K, in label units and the run's order. */
  readonly label?: Matrix;
  /** N × K; 0 = not measured. */
  readonly labelIvar?: Matrix;
}

/** Values with their inverse variances. */
export interface Measured {
  readonly value: Matrix;
  readonly ivar: Matrix;
}

export interface Known {
  /** N */
  readonly rows: number;
  readonly spectra: Measured | null;
  readonly labels: Measured | null;
}

/** @throws UserError when shapes do not fit each other or the run, or nothing is given */
export function knownOf(observation: Observation, run: string, pixels: number, labels: number): Known {
  const { flux, ivar, label, labelIvar } = observation;
  const spectra = pair('flux', flux, 'ivar', ivar);
  const measured = pair('label', label, 'labelIvar', labelIvar);
  if (spectra !== null && spectra.value.columns !== pixels) {
    throw new UserError(
      `${run} was trained on spectra of ${pixels} pixels and these have ${spectra.value.columns}; resample them onto the run's grid.`,
    );
  }
  if (measured !== null && measured.value.columns !== labels) {
    throw new UserError(`${run} has ${labels} labels and ${measured.value.columns} were given for each object.`);
  }
  const rows = spectra?.value.rows ?? measured?.value.rows;
  if (rows === undefined) throw new UserError('neither spectra nor labels were given to find latents from.');
  if (measured !== null && measured.value.rows !== rows) {
    throw new UserError(`spectra of ${rows} objects were given and labels of ${measured.value.rows}.`);
  }
  return { rows, spectra, labels: measured };
}

function pair(name: string, value: Matrix | undefined, ivarName: string, ivar: Matrix | undefined): Measured | null {
  if (value === undefined && ivar === undefined) return null;
  if (value === undefined || ivar === undefined) {
    throw new UserError(`${name} and ${ivarName} belong together and only one was given.`);
  }
  if (value.rows !== ivar.rows || value.columns !== ivar.columns) {
    throw new UserError(
      `${name} is ${value.rows} × ${value.columns} and ${ivarName} ${ivar.rows} × ${ivar.columns}; they must have the same shape.`,
    );
  }
  return { value, ivar };
}
