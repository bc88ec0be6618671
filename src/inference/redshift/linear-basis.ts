import { type Matrix, row, UserError } from '../../base/index.ts';
import { gatherRows } from '../../dataset/index.ts';
import {
  type DenseMatrix,
  dense,
  orthonormaliseRows,
  product,
  symmetricEigen,
  transposed,
} from '../../linalg/index.ts';
import { isLogSpaced } from '../../spectra/index.ts';
import type { OpenRun } from '../open-run.ts';
import type { LogGrid } from './observed-pixels.ts';

/** Decoded training latents that the basis is made of. */
const LARGEST_SAMPLE = 600;
const MOST_COMPONENTS = 10;
/** Components end when they leave less than this share of the decoded spectra's variance. */
const VARIANCE_LEFT = 1e-4;
/** Directions carried beyond those kept, and passes over the sample: both buy accuracy of the last components. */
const EXTRA_DIRECTIONS = 6;
const PASSES = 8;
/** How many standard deviations of the training population count as one: real spectra stray further. */
const PRIOR_WIDTH = 2;
/** Standard deviation of the terms of the calibration polynomial, as a share of the spectrum's level. */
export const POLYNOMIAL_SHARE = 0.1;
export const POLYNOMIAL_TERMS = 3;

/**
 * A run as a linear model on its grid: the mean of decoded training latents, their principal components, and a
 * quadratic in ln λ for dust, calibration and everything slow that the training spectra did not have.
 */
export interface LinearBasis extends LogGrid {
  /** (1 + K + polynomial) × P: the mean first. */
  readonly vectors: DenseMatrix;
  /** Of each vector's coefficient in units of the mean's; 0 for the mean, whose coefficient is free. */
  readonly priorPrecision: Float64Array;
  /** The decoded spectra themselves, n × P, and the latents they were decoded from, n × Q. */
  readonly archetypes: Matrix;
  readonly latents: Matrix;
  /** Their classes, length n; null = unknown. */
  readonly classes: readonly (string | null)[];
  /** Typical scatter of true spectra about the model, as a share of the mean spectrum. */
  readonly scatter: number;
}

/**
 * @throws UserError when the run keeps no latents of its training spectra, or its grid is not evenly spaced in ln λ
 */
export async function linearBasis(run: OpenRun): Promise<LinearBasis> {
  const { latentSample: sample, wavelength, path } = run.run;
  if (sample === undefined || sample.latent.rows < 2) {
    throw new UserError(
      `${path} keeps no latents of its training spectra, which the redshift scan needs; train it again.`,
    );
  }
  if (!isLogSpaced(wavelength)) {
    throw new UserError(
      `the grid of ${path} is not evenly spaced in log λ; import the spectra with --grid LO:HI:N and train again to measure redshifts.`,
    );
  }
  const chosen = spreadOver(sample.latent.rows, LARGEST_SAMPLE);
  const latents = gatherRows(sample.latent, chosen);
  const { mean: archetypes, variance } = await run.decode(latents);
  const pixels = wavelength.length;
  const mean = columnMeans(archetypes);
  const { components, variances } = principalComponents(archetypes, mean);
  const polynomial = legendre(pixels, mean.reduce((sum, value) => sum + Math.abs(value), 0) / pixels);
  const vectors = dense(1 + components.rows + POLYNOMIAL_TERMS, pixels);
  vectors.data.set(mean);
  vectors.data.set(components.data, pixels);
  vectors.data.set(polynomial.data, (1 + components.rows) * pixels);
  return {
    first: Math.log(wavelength[0]),
    step: Math.log(wavelength[pixels - 1] / wavelength[0]) / (pixels - 1),
    pixels,
    vectors,
    priorPrecision: Float64Array.from([
      0,
      ...Array.from(variances, (value) => 1 / (PRIOR_WIDTH ** 2 * value)),
      ...new Array<number>(POLYNOMIAL_TERMS).fill(1 / POLYNOMIAL_SHARE ** 2),
    ]),
    archetypes,
    latents,
    classes: Array.from(chosen, (n) => sample.objectClass[n]),
    scatter: typicalScatter(mean, row(variance, 0)),
  };
}

function spreadOver(rows: number, most: number): Uint32Array {
  const size = Math.min(most, rows);
  return Uint32Array.from({ length: size }, (_, n) => Math.floor((n * rows) / size));
}

function columnMeans({ rows, columns, data }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let at = 0; at < data.length; at++) mean[at % columns] += data[at] / rows;
  return mean;
}

/** Rows of orthonormal components with the variance of their coefficients, by subspace iteration. */
function principalComponents(
  spectra: Matrix,
  mean: Float64Array,
): { components: DenseMatrix; variances: Float64Array } {
  const { rows, columns } = spectra;
  const centred = dense(rows, columns);
  for (let at = 0; at < centred.data.length; at++) centred.data[at] = spectra.data[at] - mean[at % columns];
  const whole = centred.data.reduce((sum, value) => sum + value * value, 0) / rows;
  const width = Math.min(MOST_COMPONENTS + EXTRA_DIRECTIONS, rows, columns);
  const across = transposed(centred);
  // Spectra spread over the sample are as good a start as any.
  const directions = dense(width, columns);
  for (let k = 0; k < width; k++) {
    const from = Math.floor((k * rows) / width) * columns;
    directions.data.set(centred.data.subarray(from, from + columns), k * columns);
  }
  orthonormaliseRows(directions);
  for (let pass = 0; pass < PASSES; pass++) {
    directions.data.set(product(product(directions, across), centred).data);
    orthonormaliseRows(directions);
  }
  const coefficients = product(directions, across);
  const { values, vectors } = symmetricEigen(product(coefficients, transposed(coefficients)));
  let kept = 0;
  let left = whole;
  while (kept < Math.min(MOST_COMPONENTS, width) && left > VARIANCE_LEFT * whole) left -= values[kept++] / rows;
  const turned = product(vectors, directions);
  return {
    components: dense(kept, columns, turned.data.slice(0, kept * columns)),
    variances: values.slice(0, kept).map((value) => value / rows),
  };
}

/** Legendre polynomials over the grid, `level` high. */
function legendre(pixels: number, level: number): DenseMatrix {
  const rows = dense(POLYNOMIAL_TERMS, pixels);
  for (let p = 0; p < pixels; p++) {
    const x = (2 * p) / (pixels - 1) - 1;
    [1, x, 1.5 * x * x - 0.5].forEach((value, k) => {
      rows.data[k * pixels + p] = level * value;
    });
  }
  return rows;
}

/** Median over pixels of the model's scatter relative to the mean spectrum. */
function typicalScatter(mean: Float64Array, variance: Float32Array): number {
  const shares = Array.from(mean, (value, p) => Math.sqrt(variance[p]) / Math.max(Math.abs(value), 1e-30));
  return shares.sort((a, b) => a - b)[shares.length >> 1];
}
