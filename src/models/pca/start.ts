import { type Matrix, type Random, UserError, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { randomisedSvd } from '../../linalg/index.ts';
import type { WeightedRows } from './expectation.ts';
import type { FactorModel } from './factorModel.ts';

/** Spectra that the start is taken from: enough for the leading components, few enough to cost nothing. */
const SAMPLE = 4096;

/**
 * A first guess for weighted PCA: the weighted mean spectrum, and the leading components of a sample of spectra whose
 * unobserved pixels stand at the mean.
 *
 * @throws UserError when the spectra are too few for the number of components
 */
export async function startingModel(
  rows: WeightedRows,
  components: number,
  { runtime, random, signal }: { runtime: Runtime; random: Random; signal?: AbortSignal },
): Promise<FactorModel> {
  const { flux } = rows;
  if (flux.rows <= components) {
    throw new UserError(
      `PCA with ${components} components needs more than ${components} training spectra; there are ${flux.rows}.`,
    );
  }
  const mean = weightedMean(rows);
  const order = random.stream('pca-sample').permutation(flux.rows).subarray(0, SAMPLE);
  const sample = zeros(order.length, flux.columns);
  const centre = new Float32Array(flux.columns);
  order.forEach((n, at) => {
    fillCentred(rows, n, mean, sample.data.subarray(at * flux.columns, (at + 1) * flux.columns));
  });
  const { singularValues, rightVectors } = await randomisedSvd(sample, {
    components: Math.min(components, sample.rows - 1),
    runtime,
    random: random.stream('pca-start'),
    centre,
    maximumPasses: 4,
    ...(signal && { signal }),
  });
  const loadings = zeros(components, flux.columns);
  loadings.data.set(
    rightVectors.data.map(
      (value, i) => (value * singularValues[Math.floor(i / flux.columns)]) / Math.sqrt(sample.rows),
    ),
  );
  return { mean, loadings, noiseScale: Math.fround(residualScale(rows, order, mean) || 1) };
}

function fillCentred({ flux, weights }: WeightedRows, n: number, mean: Float32Array, into: Float32Array): void {
  const from = n * flux.columns;
  for (let d = 0; d < into.length; d++) into[d] = weights.data[from + d] > 0 ? flux.data[from + d] - mean[d] : 0;
}

/** Mean over spectra by weight; pixels that none observed are interpolated from their neighbours. */
export function weightedMean({ flux, weights }: WeightedRows): Float32Array {
  const total = new Float64Array(flux.columns);
  const sum = new Float64Array(flux.columns);
  for (let n = 0, at = 0; n < flux.rows; n++) {
    for (let d = 0; d < flux.columns; d++, at++) {
      const w = weights.data[at];
      total[d] += w;
      sum[d] += w * flux.data[at];
    }
  }
  const mean = Float32Array.from(sum, (value, d) => (total[d] > 0 ? value / total[d] : 0));
  interpolate(mean, (d) => total[d] > 0);
  return mean;
}

/** Fills values that are not known by a straight line between the nearest known ones, level beyond the ends. */
export function interpolate(values: Float32Array, known: (index: number) => boolean): void {
  let before = -1;
  for (let after = 0; after <= values.length; after++) {
    if (after < values.length && !known(after)) continue;
    for (let d = before + 1; d < after; d++) {
      if (before < 0) values[d] = after < values.length ? values[after] : 0;
      else if (after === values.length) values[d] = values[before];
      else values[d] = values[before] + ((values[after] - values[before]) * (d - before)) / (after - before);
    }
    before = after;
  }
}

/** A tenth of the sample's χ² per pixel about the mean: EM finds the scale itself, from above in a few steps. */
function residualScale({ flux, weights }: WeightedRows, order: Uint32Array, mean: Float32Array): number {
  let chi2 = 0;
  let observed = 0;
  for (const n of order) {
    for (let d = 0, at = n * flux.columns; d < flux.columns; d++, at++) {
      const w = weights.data[at];
      if (w > 0) observed++;
      chi2 += w * (flux.data[at] - mean[d]) ** 2;
    }
  }
  return observed === 0 ? 0 : (0.1 * chi2) / observed;
}

/** Number of pixels with weight. */
export function countObserved(weights: Matrix): number {
  let count = 0;
  for (const w of weights.data) if (w > 0) count++;
  return count;
}
