/**
 * Training objects as judges where held-out ones are few: those of a fold are predicted by decoders that were settled on
 * the others. Inducing points, covariances and excess noise stay as they are, which every object had a hand in.
 */
import { gatherRows } from '../../base/index.ts';
import type { FitData, LabelData, Parameters } from '../model.ts';
import { type Judges, LARGEST } from './calibration.ts';

/** With so many held-out objects the error of a factor on variances is 20%: training objects are not asked. */
export const ENOUGH_HELD_OUT = 100;
/** How often decoders are settled anew. */
const FOLDS = 5;

/**
 * Folds of the training objects, or of the first of many.
 *
 * @param settledOn parameters whose decoders know of the given objects alone
 */
export async function leftOutJudges(
  train: FitData,
  settledOn: (objects: Uint32Array) => Promise<Parameters>,
): Promise<Judges[]> {
  const all = Uint32Array.from({ length: train.flux.rows }, (_, n) => n);
  const folds = Math.min(FOLDS, train.flux.rows);
  const judges: Judges[] = [];
  for (let fold = 0; folds > 1 && fold < folds; fold++) {
    const inFold = (n: number) => n < LARGEST && n % folds === fold;
    const parameters = await settledOn(all.filter((n) => !inFold(n)));
    judges.push({ parameters, heldOut: objectsOf(train, all.filter(inFold)) });
  }
  return judges;
}

function objectsOf({ wavelength, flux, ivar, labels }: FitData, rows: Uint32Array): FitData {
  const some = { wavelength, flux: gatherRows(flux, rows), ivar: gatherRows(ivar, rows) };
  return labels === undefined ? some : { ...some, labels: labelsOf(labels, rows) };
}

function labelsOf({ value, ivar }: LabelData, rows: Uint32Array): LabelData {
  return { value: gatherRows(value, rows), ivar: gatherRows(ivar, rows) };
}
