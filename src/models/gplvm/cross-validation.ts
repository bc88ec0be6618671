/**
 * Training objects as judges where held-out ones are few: those of a fold are predicted by decoders that were settled on
 * the others. Inducing points, covariances and excess noise stay as they are, which every object had a hand in.
 */
import { gatherRows, type Matrix } from '../../base/index.ts';
import type { Parameters } from '../model.ts';
import { type Judges, LARGEST } from './calibration.ts';
import type { StandardisedRows } from './standardise.ts';

/** With so many held-out objects the error of a factor on variances is 20%: training objects are not asked. */
export const ENOUGH_HELD_OUT = 100;
/** How often decoders are settled anew. */
const FOLDS = 5;

/**
 * Folds of the training objects, or of the first of many.
 *
 * @param latents of the training objects, N × Q
 * @param settledOn parameters whose decoders know of the given objects alone
 */
export async function leftOutJudges(
  rows: StandardisedRows,
  latents: Matrix,
  settledOn: (objects: Uint32Array) => Promise<Parameters>,
): Promise<Judges[]> {
  const all = Uint32Array.from({ length: latents.rows }, (_, n) => n);
  const folds = Math.min(FOLDS, latents.rows);
  const judges: Judges[] = [];
  for (let fold = 0; folds > 1 && fold < folds; fold++) {
    const inFold = (n: number) => n < LARGEST && n % folds === fold;
    const parameters = await settledOn(all.filter((n) => !inFold(n)));
    const leftOut = all.filter(inFold);
    const [value, precision] = [gatherRows(rows.value, leftOut), gatherRows(rows.precision, leftOut)];
    judges.push({ parameters, rows: { value, precision }, start: gatherRows(latents, leftOut), settled: false });
  }
  return judges;
}
