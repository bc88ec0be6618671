import { type Matrix, UserError, zeros } from '../../base/index.ts';
import type { LabelRange } from '../../runs/index.ts';
import type { LabelPrediction } from '../distributions.ts';
import type { Measured } from '../observation.ts';
import type { OpenRun } from '../open-run.ts';
import { listed } from './asked-latents.ts';

/** Labels are taken to be known to this share of the usual error of their measurement. */
const PRECISION = 0.1;
/** Standard deviations by which what the model makes may miss what was asked for. */
const LARGEST_MISS = 3;

/**
 * The labels asked for as measurements, B × K.
 *
 * @throws UserError when the run has no such label, no training object had it measured, one is named twice, or the run
 *   does not know how far its labels reach
 */
export function askedLabels(
  run: OpenRun,
  fixed: Readonly<Record<string, number>>,
  sweep: { readonly name: string; readonly values: Float64Array } | null,
): Measured {
  run.requireJointEncoder();
  if (sweep !== null && Object.hasOwn(fixed, sweep.name)) {
    throw new UserError(`${sweep.name} is both fixed and swept; leave one of them out.`);
  }
  const rows = sweep?.values.length ?? 1;
  const value = zeros(rows, run.labels.length);
  const ivar = zeros(rows, run.labels.length);
  const ask = (name: string, of: (row: number) => number): void => {
    const column = requireLabel(run, name);
    const { error } = requireRange(run, column);
    for (let n = 0; n < rows; n++) {
      value.data[n * run.labels.length + column] = of(n);
      ivar.data[n * run.labels.length + column] = 1 / (PRECISION * error) ** 2;
    }
  };
  for (const [name, constant] of Object.entries(fixed)) ask(name, () => constant);
  if (sweep !== null) ask(sweep.name, (n) => sweep.values[n]);
  return { value, ivar };
}

function requireLabel({ labels, run }: OpenRun, name: string): number {
  const column = labels.indexOf(name);
  if (column >= 0) return column;
  throw new UserError(`${run.path} has no label ${name}; its labels are ${labels.join(', ')}.`);
}

function requireRange({ labels, run }: OpenRun, column: number): LabelRange {
  const { labelRanges } = run.description;
  if (labelRanges === undefined) {
    throw new UserError(`${run.path} was made before runs kept how far their labels reach; train it again.`);
  }
  const range = labelRanges[column] ?? null;
  if (range !== null) return range;
  throw new UserError(`${labels[column]} was measured in none of the objects that ${run.path} was trained on.`);
}

/**
 * What the training objects do not back: values beyond theirs, and combinations that the model cannot make.
 *
 * @param asked as `askedLabels` gives them
 * @param modelled the labels where they put the latents, by the model alone, B × K
 */
export function labelWarnings(run: OpenRun, asked: Measured, modelled: LabelPrediction): string[] {
  return run.labels.flatMap((name, k) => {
    const rows = askedRows(asked.ivar, k);
    if (rows.length === 0) return [];
    const range = requireRange(run, k);
    const at = (of: Matrix, n: number) => of.data[n * run.labels.length + k];
    const values = rows.map((n) => at(asked.value, n));
    const missed = rows.filter((n) => {
      const allowed = Math.sqrt(at(modelled.variance, n) + 1 / at(asked.ivar, n));
      const miss = Math.abs(at(asked.value, n) - at(modelled.mean, n));
      return miss > LARGEST_MISS * allowed && miss > range.error;
    });
    return [...rangeWarnings(name, values, range), ...missWarnings(name, missed, asked.value, modelled, k)];
  });
}

function rangeWarnings(name: string, values: readonly number[], { low, high, minimum, maximum }: LabelRange): string[] {
  const reach = `98% of the training objects lie between ${rounded(low)} and ${rounded(high)}, all between ${rounded(minimum)} and ${rounded(maximum)}`;
  const beyond = values.filter((value) => value < minimum || value > maximum);
  const rare = values.filter((value) => (value < low || value > high) && !beyond.includes(value));
  return [
    ...(beyond.length === 0 ? [] : [`${name} = ${listed(beyond)} is extrapolated: ${reach}.`]),
    ...(rare.length === 0 ? [] : [`${name} = ${listed(rare)} rests on few objects: ${reach}.`]),
  ];
}

function missWarnings(
  name: string,
  missed: readonly number[],
  value: Matrix,
  { mean, variance }: LabelPrediction,
  k: number,
): string[] {
  if (missed.length === 0) return [];
  const at = missed[0] * value.columns + k;
  const made = `${rounded(mean.data[at])} ± ${Math.sqrt(variance.data[at]).toPrecision(2)}`;
  const others = missed.length > 1 ? ` (and ${missed.length - 1} more)` : '';
  return [
    `${name} = ${rounded(value.data[at])}${others} does not go with the other labels: the spectrum made for it has ${made}.`,
  ];
}

function askedRows(ivar: Matrix, k: number): number[] {
  return Array.from({ length: ivar.rows }, (_, n) => n).filter((n) => ivar.data[n * ivar.columns + k] > 0);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
