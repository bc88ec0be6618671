import { type Matrix, row, zeros } from '../../base/index.ts';
import type { Catalogue, Dataset, ExtraColumn } from '../../dataset/index.ts';
import { classifyByLines, type GalaxyClass } from './classify.ts';
import type { LineMeasurements, LineQuantity } from './measure-lines.ts';
import { LINE_FLAGS } from './measured-line.ts';
import { classifyBySurveyLines } from './survey-lines.ts';

/** What becomes a label: suffix, value and error. Velocities and widths count only for lines that are detected. */
const LABELS: readonly (readonly [suffix: string, LineQuantity, LineQuantity, detectedOnly: boolean])[] = [
  ['FLUX', 'flux', 'fluxError', false],
  ['EW', 'width', 'widthError', false],
  ['SIGMA', 'sigma', 'sigmaError', true],
];

/**
 * The dataset with the measurements as labels (`HALPHA_FLUX`, `HALPHA_EW`, `HALPHA_SIGMA`, …), which models may then be
 * trained with. Labels of the same names are replaced; objects that were not measured have none.
 */
export function withLineLabels(dataset: Dataset, measured: LineMeasurements): Dataset {
  const names = [...measured.lines.keys()].flatMap((line) => LABELS.map(([suffix]) => `${line}_${suffix}`));
  const old = dataset.catalogue.labels;
  const kept = old.names.flatMap((name, k) => (names.includes(name) ? [] : [k]));
  const allNames = [...kept.map((k) => old.names[k]), ...names];
  const n = dataset.flux.rows;
  const [value, ivar] = [zeros(n, allNames.length), zeros(n, allNames.length)];
  for (let i = 0; i < n; i++) {
    kept.forEach((from, to) => {
      row(value, i)[to] = row(old.value, i)[from];
      row(ivar, i)[to] = row(old.ivar, i)[from];
    });
  }
  fillLines(measured, kept.length, value, ivar);
  return { ...dataset, catalogue: { ...dataset.catalogue, labels: { names: allNames, value, ivar } } };
}

function fillLines(measured: LineMeasurements, first: number, value: Matrix, ivar: Matrix): void {
  let column = first;
  for (const columns of measured.lines.values()) {
    for (const [, quantity, error, detectedOnly] of LABELS) {
      measured.rows.forEach((index, at) => {
        if (detectedOnly && (columns.flags[at] & LINE_FLAGS.weak) !== 0) return;
        const weight = Math.fround(1 / columns[error][at] ** 2);
        const measuredValue = Math.fround(columns[quantity][at]);
        if (!(weight > 0 && weight < Infinity) || !Number.isFinite(measuredValue)) return;
        row(value, index)[column] = measuredValue;
        row(ivar, index)[column] = weight;
      });
      column++;
    }
  }
}

/** Which classes the lines decide: those that the survey left open, or those of every object that is a galaxy. */
export type ClassesToFill = 'missing' | 'all';

export interface LineClassOptions {
  readonly fill?: ClassesToFill;
  /** Rows that may be filled; those that were measured unless told. */
  readonly rows?: ArrayLike<number>;
}

/** What `class_source` says of a class. */
const SOURCES = { survey: 'survey', surveyLines: 'survey line fits', lines: 'lines' } as const;

/**
 * The dataset with classes from lines: those that the survey fitted, where its files brought fits that tell a class, else ours.
 * `class_source` says of each object whether its class is the survey's (`survey`), from its line fits (`survey line fits`)
 * or from our measurements (`lines`). Stars and quasars keep theirs, and what the lines cannot tell stays as it was.
 */
export function withLineClasses(
  dataset: Dataset,
  measured: LineMeasurements,
  { fill = 'missing', rows = measured.rows }: LineClassOptions = {},
): FilledClasses {
  const { catalogue } = dataset;
  const classes = [...catalogue.objectClass];
  const source = previousSources(catalogue);
  const bySurvey = classifyBySurveyLines(dataset);
  const found = classifyByLines(measured);
  const ours = new Map(Array.from(measured.rows, (index, at) => [index, found[at]]));
  const filled = { filled: 0, bySurveyLines: 0 };
  for (const index of Array.from(rows)) {
    const fromLines = bySurvey[index] ?? ours.get(index) ?? null;
    if (fromLines === null || !mayFill(classes[index], fill)) continue;
    classes[index] = fromLines;
    source[index] = bySurvey[index] === null ? SOURCES.lines : SOURCES.surveyLines;
    filled.filled++;
    if (bySurvey[index] !== null) filled.bySurveyLines++;
  }
  const extra = { ...catalogue.extra, class_source: source };
  return { dataset: { ...dataset, catalogue: { ...catalogue, objectClass: classes, extra } }, ...filled };
}

/** A dataset with classes from lines, and their number. */
export interface FilledClasses {
  readonly dataset: Dataset;
  readonly filled: number;
  /** Of these, how many the survey's own line fits told. */
  readonly bySurveyLines: number;
}

/** Rows whose class the lines would decide. */
export function rowsToClassify({ catalogue }: Dataset, fill: ClassesToFill = 'missing'): Uint32Array {
  const rows = Uint32Array.from(catalogue.id.keys());
  return rows.filter((index) => mayFill(catalogue.objectClass[index], fill));
}

const GALAXY_CLASSES: readonly GalaxyClass[] = ['quiescent', 'emission-line', 'narrow-line AGN', 'broad-line AGN'];

function mayFill(objectClass: string | null, fill: ClassesToFill): boolean {
  if (objectClass === null || objectClass === 'galaxy') return true;
  return fill === 'all' && GALAXY_CLASSES.some((name) => name === objectClass);
}

function previousSources({ extra, objectClass }: Catalogue): (string | null)[] {
  const known: ExtraColumn | undefined = extra.class_source;
  return objectClass.map((name, i) => {
    const before = known?.[i];
    return typeof before === 'string' ? before : name === null ? null : SOURCES.survey;
  });
}
