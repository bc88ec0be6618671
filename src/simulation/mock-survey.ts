import {
  InterruptedError,
  type LongWorkOptions,
  type Matrix,
  row,
  SOFTWARE_VERSION,
  UserError,
  zeros,
} from '../base/index.ts';
import { assignSplits, type Catalogue, type Dataset, type ExtraColumn, type Labels } from '../dataset/index.ts';
import {
  createPreparation,
  formatNormalisation,
  PRESETS,
  type PresetName,
  pixelEdges,
  resampleInto,
} from '../spectra/index.ts';
import { wavelengthAt } from './log-wavelength.ts';
import type { ObjectMaker, SimulatedObject } from './simulated-object.ts';

/** A simulated survey: the dataset that the import of its files would give, and the files' contents on request. */
export interface MockSurvey {
  /** With `truth`: the noise-free spectra in the units of `flux`, on all pixels, observed or not. */
  readonly dataset: Dataset;
  /** The objects once more, one at a time and in the order of the dataset, for writing as survey files. */
  readonly observed: () => Generator<SimulatedObject, void, undefined>;
}

export interface SurveyPlan {
  readonly preset: PresetName;
  readonly objects: number;
  readonly seed: number;
  /** Rest wavelengths, vacuum Å. */
  readonly grid: Float64Array;
  readonly make: ObjectMaker;
  readonly labelNames: readonly string[];
}

/** How often an object is drawn again before the grid is blamed. */
const ATTEMPTS = 20;

/**
 * Makes the objects and takes each through the pipeline that imports files. A spectrum that the pipeline refuses (bad
 * pixels just where it would be normalised) is one that a sample would not contain: another is drawn in its place.
 *
 * @throws UserError when `objects` is not a positive integer or no spectrum fits the grid
 */
export function runSurvey(plan: SurveyPlan, options: LongWorkOptions = {}): MockSurvey {
  const { objects, seed, grid, make } = plan;
  if (!Number.isInteger(objects) || objects < 1) {
    throw new UserError(`a survey needs a whole number of objects above 0, not ${objects}`);
  }
  const flux = zeros(objects, grid.length);
  const ivar = zeros(objects, grid.length);
  const truth = zeros(objects, grid.length);
  const normalisation = PRESETS[plan.preset].normalisation;
  const prepare = createPreparation(grid, normalisation, { minimumObserved: 0 });
  const resampleTruth = createTruthResampler(grid);
  const notes: Note[] = [];
  const attempts = new Uint8Array(objects);
  for (let i = 0; i < objects; i++) {
    if (options.signal?.aborted) {
      throw new InterruptedError(`simulation stopped after ${i} of ${objects} objects; start it again`);
    }
    for (;;) {
      const object = make(i, attempts[i]);
      const outcome = prepare(object.spectrum, row(flux, i), row(ivar, i));
      if (outcome.ok) {
        resampleTruth(object, outcome.scale, row(truth, i));
        const onGrid = object.extraOnGrid?.(row(truth, i), row(ivar, i));
        notes.push({ ...noteOf(object, outcome.scale, outcome.snr), extra: { ...object.extra, ...onGrid } });
        break;
      }
      if (++attempts[i] === ATTEMPTS) {
        throw new UserError(
          `no simulated spectrum fits the grid from ${grid[0]} to ${grid[grid.length - 1]} Å: ${outcome.reason}`,
        );
      }
    }
    if (i % 64 === 63 || i === objects - 1) options.onProgress?.({ stage: 'simulating', done: i + 1, total: objects });
  }
  const dataset: Dataset = {
    wavelength: grid,
    flux,
    ivar,
    truth,
    catalogue: catalogueOf(notes, plan),
    manifest: {
      format: 1,
      kind: 'lightfold-dataset',
      normalisation: formatNormalisation(normalisation),
      fluxUnit: FLUX_UNIT,
      preset: plan.preset,
      provenance: {
        software: `lightfold ${SOFTWARE_VERSION}`,
        created: new Date().toISOString(),
        command: `simulate ${plan.preset}`,
        settings: { objects, seed, gridLow: grid[0], gridHigh: grid[grid.length - 1], gridPixels: grid.length },
        inputs: [],
      },
    },
  };
  return {
    dataset,
    *observed() {
      for (let i = 0; i < objects; i++) yield make(i, attempts[i]);
    },
  };
}

/** As our reader of SDSS files writes it. */
export const FLUX_UNIT = '1e-17 erg/s/cm^2/Angstrom';

/**
 * Puts the noise-free spectrum on the grid just as `createPreparation` puts the noisy one there, but with every pixel
 * observed, and divides it by the scale that the noisy one was given.
 */
function createTruthResampler(grid: Float64Array) {
  const gridEdges = pixelEdges(grid);
  const edges = new Float64Array(gridEdges.length);
  const values = new Float64Array(grid.length);
  const weights = new Float64Array(grid.length);
  return ({ spectrum, model, modelRange }: SimulatedObject, scale: number, into: Float32Array): void => {
    const stretch = 1 + (spectrum.redshift ?? 0);
    for (let i = 0; i < edges.length; i++) edges[i] = gridEdges[i] * stretch;
    const modelEdges = new Float64Array(modelRange.count + 1);
    const ratio = wavelengthAt(1);
    modelEdges[0] = wavelengthAt(modelRange.first - 0.5);
    for (let i = 1; i < modelEdges.length; i++) modelEdges[i] = modelEdges[i - 1] * ratio;
    resampleInto(modelEdges, model, new Float64Array(model.length).fill(1), edges, values, weights);
    for (let i = 0; i < values.length; i++) into[i] = values[i] / scale;
  };
}

type Note = Pick<SimulatedObject, 'objectClass' | 'labels' | 'extra'> & {
  readonly id: string;
  readonly redshift: number | null;
  readonly scale: number;
  readonly snr: number;
};

function noteOf({ spectrum, objectClass, labels, extra }: SimulatedObject, scale: number, snr: number): Note {
  return { id: spectrum.id, redshift: spectrum.redshift, objectClass, labels, extra, scale, snr };
}

function catalogueOf(notes: readonly Note[], plan: SurveyPlan): Catalogue {
  const id = notes.map((note) => note.id);
  return {
    id,
    redshift: notes.map((note) => note.redshift),
    objectClass: notes.map((note) => note.objectClass),
    snr: Float32Array.from(notes, (note) => note.snr),
    split: assignSplits(id, plan.seed),
    scale: Float32Array.from(notes, (note) => note.scale),
    source: notes.map(() => `simulate ${plan.preset} --seed ${plan.seed}`),
    labels: labelsOf(notes, plan.labelNames),
    extra: extraOf(notes),
  };
}

function labelsOf(notes: readonly Note[], names: readonly string[]): Labels {
  const value: Matrix = zeros(notes.length, names.length);
  const ivar: Matrix = zeros(notes.length, names.length);
  notes.forEach((note, index) => {
    names.forEach((name, column) => {
      const label = note.labels[name];
      value.data[index * names.length + column] = label.value;
      ivar.data[index * names.length + column] = label.ivar;
    });
  });
  return { names, value, ivar };
}

function extraOf(notes: readonly Note[]): Record<string, ExtraColumn> {
  const names = Object.keys(notes[0].extra);
  return Object.fromEntries(
    // The makers give every object the same columns, each of numbers or of text throughout.
    names.map((name) => [name, notes.map((note) => note.extra[name]) as ExtraColumn]),
  );
}
