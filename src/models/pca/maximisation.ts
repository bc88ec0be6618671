import { type Matrix, UserError, zeros } from '../../base/index.ts';
import { CholeskySolver, type DenseMatrix, dense, packedLength, packedPositions } from '../../linalg/index.ts';
import type { Expectation } from './expectation.ts';
import type { FactorModel } from './factor-model.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * What a pass says about the model that it was made with. `scatter` is Σ w (x − μ − Vᵀz)² averaged over the posterior
 * of z, χ² the same at its mean.
 */
export interface Misfit {
  readonly chi2: number;
  readonly scatter: number;
}

/** Both come from the sums alone, by expanding the square about the rows' centre. */
export function misfit(model: FactorModel, sums: Expectation, rows: WeightedRows): Misfit {
  const { rows: components, columns } = model.loadings;
  const positions = packedPositions(components + 1);
  const m = new Float64Array(components + 1);
  let scatter = rows.sumOfSquares;
  for (let d = 0; d < columns; d++) {
    for (let k = 0; k < components; k++) m[k] = model.loadings.data[k * columns + d];
    m[components] = model.mean[d] - rows.centre[d];
    const second = d * packedLength(components + 1);
    for (let i = 0; i <= components; i++) {
      let along = -2 * sums.first[d * (components + 1) + i];
      for (let j = 0; j <= components; j++) along += sums.second[second + positions[i * (components + 1) + j]] * m[j];
      scatter += m[i] * along;
    }
  }
  const spread = model.noiseScale * (components * rows.weights.rows - sums.trace);
  return { chi2: scatter - spread, scatter };
}

/**
 * The model that the sums of a pass call for: per pixel a (K+1)×(K+1) least-squares solve for its loadings and mean,
 * the noise scale, then the coefficients' own mean and covariance moved into the model so that their prior is N(0, I)
 * again (parameter-expanded EM: Liu, Rubin & Wu 1998), without which the last components come in slowly.
 *
 * @param loadingVariance variance of the prior about zero that each loading has. It decides only where next to nothing
 *   was observed: a pixel seen in fewer spectra than there are components would else fit their noise.
 */
export function updatedModel(
  model: FactorModel,
  sums: Expectation,
  rows: WeightedRows,
  loadingVariance: number,
): FactorModel {
  const components = model.loadings.rows;
  const { mean, loadings } = solvePixels(model, sums, rows.centre, loadingVariance);
  const { shift, factor } = latentMoments(sums.latent, components, rows.weights.rows);
  return {
    mean: Float32Array.from(mean, (value, d) => value + alongPixel(loadings, shift, d)),
    loadings: transformed(loadings, factor),
    noiseScale: Math.fround(misfit(model, sums, rows).scatter / rows.observed),
  };
}

function solvePixels(model: FactorModel, sums: Expectation, centre: Float32Array, loadingVariance: number) {
  const components = model.loadings.rows;
  const pixels = centre.length;
  const solver = new CholeskySolver(components + 1);
  const system = new Float64Array(packedLength(components + 1));
  const solution = new Float64Array(components + 1);
  const loadings = dense(components, pixels);
  const mean = new Float64Array(pixels);
  for (let d = 0; d < pixels; d++) {
    system.set(sums.second.subarray(d * system.length, (d + 1) * system.length));
    solution.set(sums.first.subarray(d * solution.length, (d + 1) * solution.length));
    const observed = system[system.length - 1] > 0;
    for (let i = 0, diagonal = 0; i < components; diagonal += components + 1 - i, i++) {
      system[diagonal] += model.noiseScale / loadingVariance;
    }
    if (!observed) system[system.length - 1] = 1;
    if (!solver.factor(system)) {
      throw new UserError(`PCA met flux or ivar too large for float32 at pixel ${d}; rescale or normalise the flux.`);
    }
    solver.solve(solution);
    for (let k = 0; k < components; k++) loadings.data[k * pixels + d] = solution[k];
    mean[d] = centre[d] + solution[components];
  }
  return { mean, loadings };
}

/** Mean of the coefficients over spectra, and L with L Lᵀ their covariance (posterior spread included). */
function latentMoments(packed: Float64Array, components: number, spectra: number) {
  const positions = packedPositions(components + 1);
  const moment = (i: number, j: number) => packed[positions[i * (components + 1) + j]] / spectra;
  const shift = Float64Array.from({ length: components }, (_, k) => moment(k, components));
  const factor = dense(components, components);
  const l = factor.data;
  for (let j = 0; j < components; j++) {
    for (let i = j; i < components; i++) {
      let sum = moment(i, j) - shift[i] * shift[j];
      for (let k = 0; k < j; k++) sum -= l[i * components + k] * l[j * components + k];
      l[i * components + j] =
        i === j ? Math.sqrt(Math.max(sum, 0)) : l[j * components + j] > 0 ? sum / l[j * components + j] : 0;
    }
  }
  return { shift, factor };
}

function alongPixel(loadings: DenseMatrix, latent: Float64Array, d: number): number {
  let sum = 0;
  for (let k = 0; k < latent.length; k++) sum += latent[k] * loadings.data[k * loadings.columns + d];
  return sum;
}

/** LᵀV as float32. */
function transformed(loadings: DenseMatrix, factor: DenseMatrix): Matrix {
  const { rows, columns } = loadings;
  const result = zeros(rows, columns);
  const sum = new Float64Array(columns);
  for (let k = 0; k < rows; k++) {
    sum.fill(0);
    for (let i = k; i < rows; i++) {
      const weight = factor.data[i * rows + k];
      for (let d = 0; d < columns; d++) sum[d] += weight * loadings.data[i * columns + d];
    }
    result.data.set(sum, k * columns);
  }
  return result;
}
