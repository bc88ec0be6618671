import { type Matrix, zeros } from '../../base/index.ts';

/**
 * Spectra as weighted PCA reads them again and again. Centred once and multiplied by their weights, so that a pass is
 * nothing but matrix products.
 */
export interface WeightedRows {
  /** N × P; 0 = unobserved. */
  readonly weights: Matrix;
  /** N × P: w (x − centre). */
  readonly weighted: Matrix;
  /** Length P: the weighted mean spectrum. */
  readonly centre: Float32Array;
  /** Number of observed pixels over all spectra. */
  readonly observed: number;
  /** Σ w (x − centre)² over all of them. */
  readonly sumOfSquares: number;
}

/** @param weights N × P, kept, not copied */
export function weightedRows(flux: Matrix, weights: Matrix, centre = weightedMean(flux, weights)): WeightedRows {
  const weighted = zeros(flux.rows, flux.columns);
  let observed = 0;
  let sumOfSquares = 0;
  for (let n = 0, at = 0; n < flux.rows; n++) {
    for (let d = 0; d < flux.columns; d++, at++) {
      const w = weights.data[at];
      if (w === 0) continue;
      const centred = flux.data[at] - centre[d];
      observed++;
      weighted.data[at] = w * centred;
      sumOfSquares += w * centred * centred;
    }
  }
  return { weights, weighted, centre, observed, sumOfSquares };
}

/** Some of the spectra, about the same centre. */
export function chosenRows(rows: WeightedRows, chosen: Uint32Array): WeightedRows {
  const { columns } = rows.weights;
  const weights = zeros(chosen.length, columns);
  const weighted = zeros(chosen.length, columns);
  let observed = 0;
  let sumOfSquares = 0;
  chosen.forEach((n, into) => {
    for (let d = 0, from = n * columns, to = into * columns; d < columns; d++, from++, to++) {
      const w = rows.weights.data[from];
      if (w === 0) continue;
      weights.data[to] = w;
      weighted.data[to] = rows.weighted.data[from];
      observed++;
      sumOfSquares += rows.weighted.data[from] ** 2 / w;
    }
  });
  return { weights, weighted, centre: rows.centre, observed, sumOfSquares };
}

/** x − centre where observed, 0 elsewhere: N × P. */
export function centredRows({ weights, weighted }: WeightedRows): Matrix {
  const centred = zeros(weights.rows, weights.columns);
  for (let i = 0; i < centred.data.length; i++) {
    if (weights.data[i] > 0) centred.data[i] = weighted.data[i] / weights.data[i];
  }
  return centred;
}

/** Mean over spectra by weight; pixels that none observed are interpolated from their neighbours. */
function weightedMean(flux: Matrix, weights: Matrix): Float32Array {
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
