import { InterruptedError, type Matrix, row } from '../../base/index.ts';
import { type Dataset, gatherRows, rowsOfSplit } from '../../dataset/index.ts';
import { localOutlierFactor } from '../../neighbours/index.ts';
import type { FittedRun } from '../fitted-run.ts';
import { type LatentSpaceOptions, latentSpace } from '../latent-space.ts';
import { type ClassDistances, classDistances } from './class-distance.ts';
import { type Discontinuity, discontinuityFinder } from './discontinuity.ts';
import { beyondGasLines, type StrongestLine, strongestLineFinder } from './emission.ts';
import { type StellarSigns, stellarFinder } from './looks-stellar.ts';
import { type Misfit, misfitFinder } from './misfit.ts';
import { type MissingChunk, missingChunkFinder } from './missing-chunk.ts';
import type { SeenObject } from './seen-object.ts';

/** Everything measured of one object's spectrum and model. */
export interface ObjectMeasures {
  readonly misfit: Misfit;
  readonly gap: MissingChunk;
  readonly jump: Discontinuity | null;
  readonly star: StellarSigns | null;
  readonly line: StrongestLine;
}

/** Measures of a survey's N objects. */
export interface SurveyMeasures {
  /** N × Q latent means, as the run gives them. */
  readonly means: Matrix;
  /** Length N. */
  readonly lof: Float64Array;
  readonly distances: ClassDistances;
  readonly objects: readonly ObjectMeasures[];
}

export interface MeasureOptions extends LatentSpaceOptions {
  /** Neighbours of the local outlier factor. */
  readonly k: number;
  /** Where two detectors meet, observed ångström. */
  readonly joins: readonly number[];
}

const CHUNK = 1024;

/** Encodes, decodes and measures every object, chunk by chunk. @throws InterruptedError when `options.signal` fires */
export async function measureSurvey(
  run: FittedRun,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<SurveyMeasures> {
  const n = dataset.flux.rows;
  const { means } = await latentSpace(run, dataset, rowsOfSplit(dataset, 'all'), options);
  const lof = localOutlierFactor(means, options.k, options);
  const distances = classDistances(means, dataset.catalogue.objectClass);
  const measure = createMeasures(dataset, options.joins);
  const objects: ObjectMeasures[] = [];
  const see = createView(dataset);
  for (let start = 0; start < n; start += CHUNK) {
    if (options.signal?.aborted) throw new InterruptedError('the search for outliers was interrupted');
    const rows = Array.from({ length: Math.min(CHUNK, n - start) }, (_, i) => start + i);
    const decoded = await run.decode(gatherRows(means, rows));
    const ordinary = await run.decode(gatherRows(distances.ordinary, rows));
    rows.forEach((object, at) => {
      const models = { model: row(decoded.mean, at), ordinary: row(ordinary.mean, at) };
      objects.push(measure(see(object, models, row(decoded.variance, at))));
    });
    options.onProgress?.({ stage: 'looking at spectra', done: start + rows.length, total: n });
  }
  return { means, lof, distances, objects };
}

function createMeasures(dataset: Dataset, joins: readonly number[]): (object: SeenObject) => ObjectMeasures {
  const { wavelength } = dataset;
  const misfit = misfitFinder(wavelength.length);
  const gap = missingChunkFinder(dataset);
  const jump = discontinuityFinder(wavelength, joins);
  const star = stellarFinder(wavelength);
  const line = strongestLineFinder(wavelength);
  return (object) => ({
    misfit: misfit(object),
    gap: gap(object),
    jump: jump(object),
    star: star(object),
    line: line(object),
  });
}

function createView({ wavelength, flux, ivar, catalogue }: Dataset) {
  const weight = new Float64Array(wavelength.length);
  const continuumWeight = new Float64Array(wavelength.length);
  const beyond = beyondGasLines(wavelength);
  return (object: number, models: Pick<SeenObject, 'model' | 'ordinary'>, scatter: Float32Array): SeenObject => {
    const own = row(ivar, object);
    for (let p = 0; p < own.length; p++) {
      weight[p] = own[p] > 0 ? 1 / (1 / own[p] + scatter[p]) : 0;
      continuumWeight[p] = beyond[p] * weight[p];
    }
    const shift = Math.log1p(catalogue.redshift[object] ?? 0);
    return { flux: row(flux, object), ivar: own, ...models, weight, continuumWeight, shift };
  };
}
