/**
 * Spectra of another kind in a survey's latent space (VAE paper, Fig. 16: stars among galaxies): which of them the
 * model would take for its own, and which stand apart.
 */
import { type LongWorkOptions, type Matrix, row } from '../base/index.ts';
import { type Dataset, gatherRows, rowsOfSplit } from '../dataset/index.ts';
import type { ProjectionData } from '../plots/index.ts';
import type { FittedRun } from './fitted-run.ts';
import { type LatentAxes, latentAxes, turnToAxes } from './latent-axes.ts';
import { axisLabels, latentSpace } from './latent-space.ts';
import { reconstructionMetrics } from './metrics.ts';

/** One entry per foreign object, in the order of its dataset. */
export interface Projection extends ProjectionData {
  readonly id: readonly string[];
  /** Latent means in the run's own latents, N × Q. */
  readonly means: Matrix;
  /** Distance from the survey's centroid in standard deviations of the survey (Mahalanobis). */
  readonly distance: Float64Array;
  /** Share of the survey's objects that lie at least as far out, 0–1: small = stands apart. */
  readonly surveyShare: Float64Array;
  readonly chi2PerPixel: Float64Array;
}

/**
 * Places the objects of `foreign` in the latent space that `survey` spans.
 *
 * @throws UserError when either dataset's grid or normalisation is not the run's
 * @throws InterruptedError when `options.signal` fires
 */
export async function projectForeign(
  fitted: FittedRun,
  survey: Dataset,
  foreign: Dataset,
  options: LongWorkOptions = {},
): Promise<Projection> {
  fitted.requireCompatible(survey);
  fitted.requireCompatible(foreign);
  const { title, latents } = fitted.run.description;
  const own = await latentSpace(fitted, survey, rowsOfSplit(survey, 'all'), options);
  const { means } = await latentSpace(fitted, foreign, rowsOfSplit(foreign, 'all'), options);
  const position = turnToAxes(means, own.axes);
  // Along uncorrelated axes, whatever the figure shows.
  const principal = latentAxes(own.means);
  const distance = distances(turnToAxes(means, principal), principal);
  const surveyDistance = distances(turnToAxes(own.means, principal), principal).sort();
  return {
    model: title,
    latents,
    axes: axisLabels(title, own.axes),
    survey: own.position,
    foreign: position,
    foreignClass: foreign.catalogue.objectClass,
    id: foreign.catalogue.id,
    means,
    distance,
    surveyShare: distance.map((value) => 1 - countBelow(surveyDistance, value) / surveyDistance.length),
    chi2PerPixel: await chi2OfEach(fitted, foreign),
  };
}

function distances(position: Matrix, { deviation }: LatentAxes): Float64Array {
  return Float64Array.from({ length: position.rows }, (_, n) => {
    let sum = 0;
    row(position, n).forEach((value, k) => {
      if (deviation[k] > 0) sum += (value / deviation[k]) ** 2;
    });
    return Math.sqrt(sum);
  });
}

/** How many of some sorted numbers lie below a value. */
function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function chi2OfEach(fitted: FittedRun, { flux, ivar }: Dataset): Promise<Float64Array> {
  const chi2 = new Float64Array(flux.rows);
  for (let n = 0; n < flux.rows; n++) {
    const one = { flux: gatherRows(flux, [n]), ivar: gatherRows(ivar, [n]) };
    const rebuilt = await fitted.reconstruct(one.flux, one.ivar);
    chi2[n] = reconstructionMetrics({ ...one, truth: null }, rebuilt).chi2PerPixel;
  }
  return chi2;
}
