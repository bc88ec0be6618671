import { setImmediate } from 'node:timers/promises';
import { InterruptedError, type LongWorkOptions, SOFTWARE_VERSION, UserError } from '../base/index.ts';
import { formatNormalisation, type Normalisation, type PresetName } from '../spectra/index.ts';
import { type GridChoice, ownGrid, presetFor, requestedGrid } from './choose-grid.ts';
import type { Dataset, Manifest, Provenance } from './dataset.ts';
import { Intake, type Skipped } from './intake.ts';
import { readLabelTable } from './label-table.node.ts';
import type { LabelTable } from './label-table.ts';
import { DATASET_FORMAT, DATASET_KIND } from './manifest.ts';
import { expandPaths } from './paths.node.ts';
import { SpectrumFiles } from './spectrum-files.node.ts';
import type { SplitFractions } from './splits.ts';

export interface ImportOptions extends LongWorkOptions {
  /** Grid and normalisation of a paper; without it and without `grid`, see `importSpectra`. */
  readonly preset?: PresetName | undefined;
  /** Rest-frame vacuum ångström, strictly increasing; wins over the preset's. */
  readonly grid?: Float64Array | undefined;
  /** Wins over the preset's. */
  readonly normalise?: Normalisation | undefined;
  /** A table of labels: CSV, Parquet or FITS. */
  readonly labelsTable?: string | undefined;
  /** Its key column, or several joined by commas; recognised when not given. */
  readonly key?: string | undefined;
  /** Its columns that are labels; by default every numeric one that is not bookkeeping. */
  readonly labelNames?: readonly string[] | undefined;
  /** A table whose `z` overrides the redshifts in the files; its key is recognised. */
  readonly redshifts?: string | undefined;
  /** Least share of the grid that must be observed. */
  readonly minimumObserved?: number | undefined;
  /** Wavelengths of `.npz` files are in air, against the convention. */
  readonly air?: boolean | undefined;
  /** Of the split; 0 when not given. */
  readonly seed?: number | undefined;
  readonly fractions?: SplitFractions | undefined;
  /** The command as typed, for the manifest. */
  readonly command?: string | undefined;
}

/** What was imported, and what was not. */
export interface Imported {
  readonly dataset: Dataset;
  readonly skipped: readonly Skipped[];
  /** What had to be assumed or chosen, in sentences for the user, each once. */
  readonly notes: readonly string[];
}

/** How many files and spectra are looked at to choose a preset. */
const LOOK_FILES = 200;
const LOOK_SPECTRA = 500;
/** The manifest keeps the reasons of this many skipped objects; the caller gets all. */
const KEPT_REASONS = 1000;
/** How long reading may block, in ms, before the progress bar draws and Ctrl-C arrives. */
const BREATH = 50;

/**
 * Reads files, folders and globs into one dataset: vacuum, rest frame, flux-conserving resampling, masks,
 * normalisation, labels. A file or object that cannot be used is skipped and reported, never fatal; of two objects
 * with one id the first is kept, in the sorted order of the files.
 *
 * Without `preset` and `grid`, `.npz` files alone keep their own grid; otherwise the classes of up to 500 objects
 * from files spread evenly over the list decide between the presets, and the manifest says so.
 *
 * @throws UserError when a path leads nowhere, a table cannot be joined, or no object remains (with the first reasons)
 * @throws InterruptedError when the signal fires; nothing was written
 */
export async function importSpectra(paths: readonly string[], options: ImportOptions = {}): Promise<Imported> {
  const { labelsTable, redshifts: redshiftsTable, key = null, labelNames = null } = options;
  const labels = labelsTable === undefined ? null : await readLabelTable(labelsTable, { key, labels: labelNames });
  const redshifts = redshiftsTable === undefined ? null : await readLabelTable(redshiftsTable, { labels: [] });
  const files = new SpectrumFiles(await expandPaths(paths), { air: options.air ?? false });
  const choice = requestedGrid(options) ?? chooseGrid(files, labels, options.normalise);
  const expected = files.names.length;
  const intake = new Intake(choice, { labels, redshifts, minimumObserved: options.minimumObserved, expected });
  const notes = [`${choice.reason}; normalisation ${formatNormalisation(choice.normalisation)}`];
  notes.push(...(await readAll(files, intake, options)));
  if (intake.size === 0) throw nothingLeft(intake.skipped);
  refuseUnjoined(labels, intake);
  const tables = [labels, redshifts].filter((table) => table !== null);
  const inputs = [...files.checksums].map(([file, sha256]) => ({ file, sha256 }));
  inputs.push(...tables.map(({ file, sha256 }) => ({ file, sha256 })));
  return {
    dataset: {
      wavelength: choice.grid,
      truth: null,
      manifest: manifestOf(choice, intake, inputs, notes, options),
      ...intake.finish(options.seed ?? 0, options.fractions),
    },
    skipped: intake.skipped,
    notes,
  };
}

/** @returns what the readers had to assume, with the number of files */
async function readAll(
  files: SpectrumFiles,
  intake: Intake,
  { onProgress, signal }: LongWorkOptions,
): Promise<string[]> {
  const assumed = new Map<string, number>();
  const report = (done: number): void => onProgress?.({ stage: 'reading files', done, total: files.names.length });
  let lastBreath = performance.now();
  for (const { file, reason } of files.unreadable) intake.skip(file, reason);
  for (const [done, file] of files.names.entries()) {
    if (performance.now() - lastBreath > BREATH) {
      report(done);
      await setImmediate();
      lastBreath = performance.now();
    }
    if (signal?.aborted) throw new InterruptedError('import stopped; nothing was written, so start it again');
    const read = files.read(file);
    if (!read.ok) {
      intake.skip(file, read.reason);
      continue;
    }
    for (const { place, reason } of read.rejected) intake.skip(file, place === '' ? reason : `${place}: ${reason}`);
    for (const spectrum of read.spectra()) intake.take(spectrum);
    for (const note of read.notes) assumed.set(note, (assumed.get(note) ?? 0) + 1);
  }
  report(files.names.length);
  return [...assumed].map(([note, count]) => `${note} (${count} ${count === 1 ? 'file' : 'files'})`);
}

function chooseGrid(files: SpectrumFiles, labels: LabelTable | null, normalise: Normalisation | undefined): GridChoice {
  if (files.names.length > 0 && files.names.every((file) => /\.npz$/i.test(file))) {
    const grids = files.names.flatMap((file) => {
      const read = files.read(file);
      return read.ok && read.grid !== null ? [read.grid] : [];
    });
    // When no file can be read any grid will do: the intake stays empty and says why.
    return grids.length > 0 ? ownGrid(grids, normalise) : presetFor([], normalise);
  }
  const step = Math.max(1, Math.ceil(files.names.length / LOOK_FILES));
  const classes: (string | null)[] = [];
  for (let i = 0; i < files.names.length && classes.length < LOOK_SPECTRA; i += step) {
    const read = files.read(files.names[i]);
    if (!read.ok) continue;
    for (const spectrum of read.spectra()) {
      classes.push(spectrum.objectClass ?? labels?.rowFor(spectrum)?.objectClass ?? null);
    }
  }
  return presetFor(classes, normalise);
}

function nothingLeft(skipped: readonly Skipped[]): UserError {
  const first = skipped.slice(0, 3).map(({ file, reason }) => `${file}: ${reason.replace(/\.$/, '')}`);
  const more = skipped.length > 3 ? `; and ${skipped.length - 3} more` : '';
  return new UserError(`no object could be imported: ${first.join('; ')}${more}`);
}

/** A table that matches nothing has a wrong key more likely than no labels. */
function refuseUnjoined(labels: LabelTable | null, intake: Intake): void {
  if (labels === null || intake.joined > 0) return;
  const { key, file } = labels;
  const mine = key.values.find((value) => value !== null) ?? 'nothing';
  const theirs = key.of === 'file' ? 'file names' : 'ids';
  throw new UserError(
    `${file}: no row matches an object: its column ${key.columns.join(',')} holds such as "${mine}", and the ${theirs} of the spectra are such as "${intake.exampleKey(key.of)}"; name the right column with --key`,
  );
}

function manifestOf(
  choice: GridChoice,
  intake: Intake,
  inputs: Provenance['inputs'],
  notes: readonly string[],
  options: ImportOptions,
): Manifest {
  const { onProgress, signal, command, grid, normalise, ...settings } = options;
  return {
    format: DATASET_FORMAT,
    kind: DATASET_KIND,
    normalisation: formatNormalisation(choice.normalisation),
    fluxUnit: intake.fluxUnits.filter(Boolean).join(' / '),
    preset: choice.preset,
    provenance: {
      software: `lightfold ${SOFTWARE_VERSION}`,
      created: new Date().toISOString(),
      command: command ?? 'importSpectra',
      settings: {
        ...settings,
        seed: options.seed ?? 0,
        notes,
        skipped: intake.skipped.length,
        firstSkipped: intake.skipped.slice(0, KEPT_REASONS),
      },
      inputs,
    },
  };
}
