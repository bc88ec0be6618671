/**
 * Spectra and labels as one matrix of D = P + K outputs, each brought to zero mean and unit scatter of the population,
 * with the inverse variance of its noise in the same units. Estimated on the training split alone.
 */
import { type Matrix, zeros } from '../../base/index.ts';
import type { FitData, LabelData } from '../model.ts';
import { excessVariance } from '../scatter/excess-variance.ts';

/** Mean and scatter of every output, in its own units; length D each. */
export interface OutputScaling {
  readonly centre: Float32Array;
  readonly scale: Float32Array;
}

/** Both N × D. */
export interface StandardisedRows {
  readonly value: Matrix;
  /** 1/σ²; 0 = not observed. */
  readonly precision: Matrix;
}

/** Outputs that hardly vary, such as pixels at the normalisation wavelength, are scaled by this share of the median. */
const LEAST_SHARE_OF_MEDIAN = 0.3;

/**
 * @param standardised whether each of the K labels is to be; others keep mean 0 and scale 1
 */
export function scalingOf(data: FitData, standardised: readonly boolean[]): OutputScaling {
  const pixels = populationOf(data.flux, data.ivar);
  const scale = floored(pixels.scale);
  if (data.labels === undefined || standardised.length === 0) return { centre: pixels.centre, scale };
  const labels = populationOf(data.labels.value, data.labels.ivar);
  const kept = (values: Float32Array, otherwise: number) =>
    values.map((value, k) => (standardised[k] ? value : otherwise));
  return {
    centre: joined(pixels.centre, kept(labels.centre, 0)),
    // A label that is the same everywhere has no scatter to measure by.
    scale: joined(
      scale,
      kept(labels.scale, 1).map((value) => (value > 0 ? value : 1)),
    ),
  };
}

export function standardisedRows(data: FitData, { centre, scale }: OutputScaling): StandardisedRows {
  const outputs = centre.length;
  const value = zeros(data.flux.rows, outputs);
  const precision = zeros(data.flux.rows, outputs);
  const place = (from: Matrix, ivar: Matrix, first: number) => {
    for (let n = 0, at = 0; n < from.rows; n++) {
      for (let k = 0; k < from.columns; k++, at++) {
        if (!(ivar.data[at] > 0)) continue;
        const to = n * outputs + first + k;
        const unit = scale[first + k];
        value.data[to] = (from.data[at] - centre[first + k]) / unit;
        precision.data[to] = ivar.data[at] * unit * unit;
      }
    }
  };
  place(data.flux, data.ivar, 0);
  if (data.labels !== undefined && outputs > data.flux.columns) {
    place(data.labels.value, data.labels.ivar, data.flux.columns);
  }
  return { value, precision };
}

/** Weighted mean of each column, and the scatter of its true values about it, their noise taken off. */
function populationOf(value: Matrix, ivar: Matrix): OutputScaling {
  const { rows, columns } = value;
  let centre = meanOf(value, ivar, new Float32Array(columns));
  let variance = new Float32Array(columns);
  // Objects of high S/N own the mean until the scatter between objects is known.
  for (let iteration = 0; iteration < 3; iteration++) {
    const residual = zeros(rows, columns);
    for (let at = 0; at < residual.data.length; at++) residual.data[at] = value.data[at] - centre[at % columns];
    variance = new Float32Array(excessVariance(residual, ivar));
    centre = meanOf(value, ivar, variance);
  }
  return { centre, scale: variance.map(Math.sqrt) };
}

function meanOf(value: Matrix, ivar: LabelData['ivar'], scatter: Float32Array): Float32Array<ArrayBuffer> {
  const { columns } = value;
  const total = new Float64Array(columns);
  const weights = new Float64Array(columns);
  for (let at = 0; at < value.data.length; at++) {
    if (!(ivar.data[at] > 0)) continue;
    const weight = 1 / (1 / ivar.data[at] + scatter[at % columns]);
    total[at % columns] += weight * value.data[at];
    weights[at % columns] += weight;
  }
  return Float32Array.from(total, (sum, k) => (weights[k] > 0 ? sum / weights[k] : 0));
}

function floored(scale: Float32Array): Float32Array {
  const sorted = Float32Array.from(scale).sort();
  const floor = LEAST_SHARE_OF_MEDIAN * sorted[sorted.length >> 1] || 1;
  return scale.map((value) => Math.max(value, floor));
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const whole = new Float32Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
