import { join } from 'node:path';
import {
  bptData,
  type ClassesToFill,
  classifyByLines,
  classifyBySurveyLines,
  type FilledClasses,
  type LineMeasurements,
  type LineQuantity,
  lineFitsData,
  type MeasureLinesOptions,
  measureLines,
  rowsToClassify,
  withLineClasses,
  withLineLabels,
} from '../analysis/index.ts';
import { type LongWorkOptions, type Matrix, SOFTWARE_VERSION } from '../base/index.ts';
import { saveDataset } from '../dataset/index.node.ts';
import type { Dataset } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { type Column, makeTable, type Table, tableBytes } from '../io/index.ts';
import { type FigureFormat, figureFile } from '../plots/index.node.ts';
import { bptFigure, lineFitsFigure } from '../plots/index.ts';
import { stellarContinua } from '../simulation/index.ts';

/** Example spectra from which the starlight's components are found: more change them by less than a per mille. */
const EXAMPLES = 240;

/** Fewer pixels of starlight do not tell which stars shine. */
const LEAST_COVERED = 100;

/**
 * Measures the emission lines of a dataset on the starlight of our population templates, where its grid is one that
 * they cover.
 *
 * @throws UserError when the grid holds none of the lines
 */
export async function measureEmissionLines(
  dataset: Dataset,
  options: Omit<MeasureLinesOptions, 'starlight'> = {},
): Promise<LineMeasurements> {
  return measureLines(dataset, { ...options, starlight: starlightOn(dataset.wavelength) });
}

function starlightOn(wavelength: Float64Array): Matrix | null {
  const starlight = stellarContinua(wavelength, EXAMPLES);
  const covered = starlight.data.subarray(0, starlight.columns).filter((flux) => flux > 0).length;
  return covered < LEAST_COVERED ? null : starlight;
}

/**
 * Draws the BPT diagram (where all four lines are seen) and the fits of the objects named, a file each.
 *
 * @returns the files
 * @throws UserError when there is no object of such an id
 */
export async function writeLineFigures(
  dataset: Dataset,
  measured: LineMeasurements,
  options: { readonly out: string; readonly format?: FigureFormat; readonly objects?: readonly string[] },
): Promise<string[]> {
  const { out, format = 'svg', objects = [] } = options;
  const bpt = bptData(measured, dataset);
  const starlight = objects.length > 0 ? starlightOn(dataset.wavelength) : null;
  const figures = [
    ...(bpt === null ? [] : [bptFigure('bpt', bpt)]),
    ...objects.map((id) =>
      lineFitsFigure(`lines-${id.replace(/[^\w.-]+/g, '-')}`, lineFitsData(dataset, id, starlight)),
    ),
  ];
  const files: string[] = [];
  for (const figure of figures) {
    const { name, bytes } = await figureFile(figure, format);
    files.push(join(out, name));
    writeFileAtomically(join(out, name), bytes);
  }
  return files;
}

/** Rest-frame Å that a grid must show for the lines to tell a class: Hβ to [N II]. */
const DIAGNOSTIC_RANGE = [4800, 6640] as const;
/** And at least so many pixels, as lines are lost in wide bins. */
const LEAST_PIXELS = 300;
/** Nearer objects without a class may as well be stars. */
const LEAST_REDSHIFT = 0.003;

/**
 * Gives galaxies whose class the survey left open (`galaxy`, or none at all) the one that their lines show: by the survey's
 * own line fits where the files have them, else by our measurements where the grid holds those lines. Everything
 * else stays, and without such galaxies the very dataset comes back.
 */
export async function fillMissingClasses(dataset: Dataset, options: LongWorkOptions = {}): Promise<FilledClasses> {
  const { wavelength, catalogue } = dataset;
  const [low, high] = DIAGNOSTIC_RANGE;
  const shown = wavelength[0] < low && wavelength[wavelength.length - 1] > high && wavelength.length >= LEAST_PIXELS;
  const rows = rowsToClassify(dataset).filter(
    (index) => catalogue.objectClass[index] !== null || (catalogue.redshift[index] ?? 0) > LEAST_REDSHIFT,
  );
  const bySurvey = classifyBySurveyLines(dataset);
  const toMeasure = rows.filter((index) => shown && bySurvey[index] === null);
  const measured =
    toMeasure.length === 0
      ? { id: [], rows: toMeasure, lines: new Map() }
      : await measureEmissionLines(dataset, { ...options, rows: toMeasure });
  const classified = withLineClasses(dataset, measured, { rows });
  return classified.filled > 0 ? classified : { dataset, filled: 0, bySurveyLines: 0 };
}

/** Column suffixes, in the order of the table. */
const COLUMNS: readonly (readonly [suffix: string, LineQuantity])[] = [
  ['FLUX', 'flux'],
  ['FLUX_ERR', 'fluxError'],
  ['EW', 'width'],
  ['EW_ERR', 'widthError'],
  ['SIGMA', 'sigma'],
  ['SIGMA_ERR', 'sigmaError'],
  ['OFFSET', 'offset'],
  ['OFFSET_ERR', 'offsetError'],
  ['CHI2', 'chi2'],
];

/**
 * One row an object: `id`, `class` (from the lines), then for every line NAME_FLUX, NAME_FLUX_ERR, NAME_EW, … (see
 * docs/contract.md). A number that was not measured is empty; `import --labels` reads the table back as labels.
 */
export function lineTable(measured: LineMeasurements): Table {
  const columns: (readonly [string, Column])[] = [
    ['id', measured.id],
    ['class', classifyByLines(measured)],
  ];
  for (const [name, line] of measured.lines) {
    for (const [suffix, quantity] of COLUMNS) columns.push([`${name}_${suffix}`, Float32Array.from(line[quantity])]);
    columns.push([`${name}_SNR`, Float32Array.from(line.flux, (flux, i) => flux / line.fluxError[i])]);
    columns.push([`${name}_FLAGS`, Int32Array.from(line.flags)]);
  }
  return makeTable(columns);
}

export interface LineProducts {
  readonly table: { readonly file: string; readonly extension: string } | null;
  /** A dataset with the lines as labels; `keep` leaves the classes alone. */
  readonly dataset: {
    readonly path: string;
    readonly overwrite: boolean;
    readonly classes: ClassesToFill | 'keep';
  } | null;
  /** As typed, for the manifest. */
  readonly command?: string;
}

/** What was written of line measurements. */
export interface WrittenLines {
  readonly lines: readonly string[];
  /** Number of objects by the class that their lines give, `unknown` among them. */
  readonly byClass: Readonly<Record<string, number>>;
  /** Classes of the joined dataset that come from the lines. */
  readonly filled: number;
}

/** Writes line measurements as a table, as a dataset, or as both; each appears whole or not at all. */
export async function writeLineProducts(
  dataset: Dataset,
  measured: LineMeasurements,
  products: LineProducts,
): Promise<WrittenLines> {
  let filled = 0;
  if (products.dataset !== null) {
    const { path, overwrite, classes } = products.dataset;
    const labelled = withLineLabels(dataset, measured);
    const classified =
      classes === 'keep' ? { dataset: labelled, filled } : withLineClasses(labelled, measured, { fill: classes });
    filled = classified.filled;
    await saveDataset(path, withStep(classified.dataset, products.command ?? 'writeLineProducts'), { overwrite });
  }
  if (products.table !== null) {
    const { file, extension } = products.table;
    writeFileAtomically(file, tableBytes(lineTable(measured), extension));
  }
  const byClass: Record<string, number> = {};
  for (const name of classifyByLines(measured)) byClass[name ?? 'unknown'] = (byClass[name ?? 'unknown'] ?? 0) + 1;
  return { lines: [...measured.lines.keys()], byClass, filled };
}

/** The dataset's history stays in its manifest; what was done to it since is added. */
function withStep(dataset: Dataset, command: string): Dataset {
  const { manifest } = dataset;
  const step = { command, software: `lightfold ${SOFTWARE_VERSION}`, created: new Date().toISOString() };
  const before = manifest.provenance.settings.steps;
  const from = manifest.checksum === undefined ? {} : { from: manifest.checksum };
  const steps = [...(Array.isArray(before) ? before : []), { ...step, ...from }];
  const { checksum, ...described } = manifest;
  const provenance = { ...manifest.provenance, settings: { ...manifest.provenance.settings, steps } };
  return { ...dataset, manifest: { ...described, provenance } };
}
