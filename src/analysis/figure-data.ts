import { type LongWorkOptions, type Matrix, row } from '../base/index.ts';
import { type Dataset, gatherRows, rowsOfSplit } from '../dataset/index.ts';
import type {
  ErrorPoint,
  FigureData,
  HistoryData,
  LabelFigureData,
  LatentData,
  RebuiltSpectrum,
  ReconstructionData,
  TraversalData,
} from '../plots/index.ts';
import type { Evaluation } from './evaluate.ts';
import type { FittedRun } from './fitted-run.ts';
import { labelFigureData } from './labels/label-figure-data.ts';
import { centroidOnAxes, pointsAlong } from './latent-axes.ts';
import { axisLabels, type LatentSpace, latentSpace } from './latent-space.ts';
import { reconstructionMetrics } from './metrics.ts';
import { chooseRepresentatives, type Representative, rowsByClass } from './representatives.ts';
import { runTitles } from './run-titles.ts';
import { linesOn } from './spectral-lines.ts';
import { thinned } from './thinned.ts';
import { chooseWindows } from './windows.ts';

export interface FigureDataOptions extends LongWorkOptions {
  /** Objects in the reconstruction panels; 6 unless told. */
  readonly objects?: number;
}

/** Objects in a latent plot: more would not be told apart. */
const MAXIMUM_POINTS = 30_000;
/** Standard deviations along a turned axis. */
const OFFSETS = [-2, -1, 1, 2];
/** Along an axis of the model's own, the shares of the objects below where these would be: steps stay where objects are. */
const QUANTILES = [0.02, 0.16, 0.84, 0.98];

/**
 * Everything the figures show about some runs on one dataset. Errors come from `evaluation`; single objects are
 * taken from the objects it was measured on; latent spaces show all objects.
 *
 * @throws UserError when a run was fitted on another grid or normalisation
 */
export async function figureData(
  runs: readonly FittedRun[],
  dataset: Dataset,
  evaluation: Evaluation,
  options: FigureDataOptions = {},
): Promise<FigureData> {
  for (const run of runs) run.requireCompatible(dataset);
  const titles = runTitles(runs);
  const everyRow = rowsOfSplit(dataset, 'all');
  const classes = rowsByClass(dataset, everyRow).flatMap(([name]) => (name === null ? [] : [name]));
  const chosen = chooseRepresentatives(dataset, rowsOfSplit(dataset, evaluation.split), options.objects);
  const latents: LatentData[] = [];
  const traversals: TraversalData[] = [];
  const labels: LabelFigureData[] = [];
  for (const [index, run] of runs.entries()) {
    options.onProgress?.({ stage: 'preparing figures', done: index, total: runs.length });
    const rows = thinned(everyRow, MAXIMUM_POINTS);
    const space = await latentSpace(run, dataset, rows);
    latents.push({
      model: titles[index],
      latents: run.run.description.latents,
      axes: axisLabels(titles[index], space.axes),
      position: space.position,
      objectClass: Array.from(rows, (at) => dataset.catalogue.objectClass[at]),
    });
    traversals.push(await traversal(run, titles[index], space));
    const ofLabels = await labelFigureData(run, dataset, {
      title: titles[index],
      split: evaluation.split,
      scores: evaluation.runs[index].labels,
      ...{ space, rows, chosen },
      ...(options.signal && { signal: options.signal }),
    });
    if (ofLabels !== null) labels.push(ofLabels);
  }
  return {
    fluxLabel: fluxLabel(dataset),
    classes,
    reconstructions: await reconstructions(runs, titles, dataset, chosen),
    errors: errorPoints(runs, evaluation),
    latents,
    traversals,
    histories: trainingHistories(runs),
    labels,
  };
}

async function reconstructions(
  runs: readonly FittedRun[],
  titles: readonly string[],
  dataset: Dataset,
  chosen: readonly Representative[],
): Promise<ReconstructionData[]> {
  const rows = chosen.map((object) => object.row);
  const flux = gatherRows(dataset.flux, rows);
  const ivar = gatherRows(dataset.ivar, rows);
  const rebuilt = await Promise.all(runs.map((run) => run.reconstruct(flux, ivar)));
  return chosen.map(({ row: index, title }, at) => {
    const observed = { flux: row(flux, at), ivar: row(ivar, at) };
    const models = runs.map((run, which): RebuiltSpectrum => {
      const one = { mean: oneRow(rebuilt[which].mean, at), variance: oneRow(rebuilt[which].variance, at) };
      const { chi2PerPixel } = reconstructionMetrics(
        { flux: oneRow(flux, at), ivar: oneRow(ivar, at), truth: null },
        one,
      );
      return {
        model: titles[which],
        latents: run.run.description.latents,
        flux: one.mean.data,
        deviation: one.variance.data.map(Math.sqrt),
        chi2PerPixel,
      };
    });
    const { catalogue, wavelength, truth } = dataset;
    return {
      title: capitalised(title),
      id: catalogue.id[index],
      redshift: catalogue.redshift[index],
      snr: catalogue.snr[index],
      wavelength,
      ...observed,
      truth: truth === null ? null : row(truth, index),
      models,
      windows: chooseWindows(catalogue.objectClass[index], wavelength, observed.ivar, 3),
      lines: linesOn(wavelength),
    };
  });
}

/** The error of every run on all objects and on each class (VAE paper, Fig. 3). */
export function errorPoints(runs: readonly FittedRun[], evaluation: Evaluation): ErrorPoint[] {
  const titles = runTitles(runs);
  return evaluation.runs.flatMap(({ latents, mse, objects, mseByClass, objectsByClass }, index) => [
    { model: titles[index], latents, objectClass: null, objects, mse },
    ...Object.entries(mseByClass).map(([objectClass, error]) => ({
      model: titles[index],
      latents,
      objectClass,
      objects: objectsByClass[objectClass],
      mse: error,
    })),
  ]);
}

async function traversal(fitted: FittedRun, title: string, space: LatentSpace): Promise<TraversalData> {
  const { description, wavelength } = fitted.run;
  const { axes } = space;
  const centre = (await fitted.decode(pointsAlong(axes, 0, [centroidOnAxes(axes)[0]]))).mean.data;
  const labels = axisLabels(title, axes);
  const steps: TraversalData['axes'][number][] = [];
  for (const [k, label] of labels.entries()) {
    const stops = traversalStops(space, k);
    const at = stops.map(({ position }) => position);
    const { mean } = await fitted.decode(pointsAlong(axes, k, at));
    steps.push({
      ...label,
      spectra: stops.map(({ position, ...step }, index) => ({ ...step, flux: row(mean, index) })),
    });
  }
  return { model: title, latents: description.latents, wavelength, centre, axes: steps, lines: linesOn(wavelength) };
}

interface TraversalStop {
  readonly position: number;
  readonly offset: number;
  readonly quantile?: number;
}

function traversalStops({ axes, position }: LatentSpace, k: number): TraversalStop[] {
  const deviation = axes.deviation[k];
  const centre = centroidOnAxes(axes)[k];
  if (axes.latent === null) return OFFSETS.map((offset) => ({ offset, position: centre + offset * deviation }));
  const sorted = Float64Array.from({ length: position.rows }, (_, object) => row(position, object)[k]).sort();
  return QUANTILES.map((quantile) => {
    const at = sorted[Math.round(quantile * (sorted.length - 1))];
    return { quantile, position: at, offset: deviation > 0 ? (at - centre) / deviation : 0 };
  });
}

/** How the training of each run went. */
export function trainingHistories(runs: readonly FittedRun[]): HistoryData[] {
  const titles = runTitles(runs);
  return runs.map((run, index) => historyOf(run, titles[index]));
}

function historyOf({ run }: FittedRun, title: string): HistoryData {
  return {
    model: title,
    latents: run.description.latents,
    epochs: run.history.map(({ step, trainLoss, validLoss, terms }) => ({
      epoch: step,
      trainLoss,
      validLoss,
      learningRate: terms.learningRate ?? null,
    })),
    bestEpoch: run.description.training.bestEpoch,
  };
}

function oneRow(matrix: Matrix, index: number): Matrix {
  return { rows: 1, columns: matrix.columns, data: row(matrix, index) };
}

export function fluxLabel({ manifest }: Dataset): string {
  if (manifest.normalisation !== 'none') return 'Normalised flux';
  return manifest.fluxUnit === '' ? 'Flux' : `Flux (${manifest.fluxUnit})`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
