import type { Matrix } from '../../base/index.ts';

/** The scatter has settled to a few percent by then. */
const ITERATIONS = 8;
/** Residuals count at most this many standard deviations: a few odd spectra must not widen everyone's band. */
const CLIP = 5;

/**
 * s² of the model r ~ N(0, σ² + s²) for each column, by iterating the weighted moment equation
 * s² = Σ a² (r² − σ²) / Σ a², a = 1 / (σ² + s²), whose fixed point is the maximum likelihood.
 *
 * @param residual N × P, data minus model
 * @param ivar N × P: 1/σ²; 0 = not observed
 * @returns length P; 0 where the residuals are no wider than the noise, or nothing was observed
 */
export function excessVariance(residual: Matrix, ivar: Matrix): Float32Array {
  const { rows, columns } = residual;
  const excess = new Float64Array(columns);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const total = new Float64Array(columns);
    const weight = new Float64Array(columns);
    for (let n = 0, at = 0; n < rows; n++) {
      for (let p = 0; p < columns; p++, at++) {
        if (!(ivar.data[at] > 0)) continue;
        const noise = 1 / ivar.data[at];
        const variance = noise + excess[p];
        // The first pass has no scale to clip by yet.
        const square = Math.min(residual.data[at] ** 2, iteration === 0 ? Infinity : CLIP ** 2 * variance);
        const a = 1 / variance ** 2;
        total[p] += a * (square - noise);
        weight[p] += a;
      }
    }
    for (let p = 0; p < columns; p++) excess[p] = weight[p] > 0 ? Math.max(0, total[p] / weight[p]) : 0;
  }
  return Float32Array.from(excess);
}
