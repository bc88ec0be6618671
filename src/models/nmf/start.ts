import { type Matrix, type Random, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { randomisedSvd } from '../../linalg/index.ts';

export interface StartOptions {
  readonly components: number;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly signal?: AbortSignal;
}

/**
 * NNDSVDa (Boutsidis & Gallopoulos 2008): of every singular vector the sign whose positive part carries more, with the
 * mean flux where it is zero, since a multiplicative update could never leave a zero.
 *
 * @param filled N × P, no gaps
 * @returns Q × P, all positive
 */
export async function templatesFromSvd(filled: Matrix, options: StartOptions): Promise<Matrix> {
  const { components } = options;
  const { rows, columns } = filled;
  const { singularValues, rightVectors } = await randomisedSvd(filled, { ...options, maximumPasses: 6 });
  const level = Math.max(meanOf(filled), 1e-6);
  const templates = zeros(components, columns);
  for (let k = 0; k < components; k++) {
    const right = rightVectors.data.subarray(k * columns, (k + 1) * columns);
    const left = new Float64Array(rows);
    for (let n = 0, at = 0; n < rows; n++) {
      for (let d = 0; d < columns; d++, at++) left[n] += filled.data[at] * right[d];
    }
    const sign =
      positiveNorm(left, 1) * positiveNorm(right, 1) >= positiveNorm(left, -1) * positiveNorm(right, -1) ? 1 : -1;
    const size = positiveNorm(right, sign);
    const strength = Math.sqrt(Math.max((positiveNorm(left, sign) * size) / Math.max(singularValues[k], 1e-30), 0));
    const scale = size > 0 ? (strength * Math.sqrt(singularValues[k])) / size : 0;
    for (let d = 0; d < columns; d++) {
      const value = sign * right[d] * scale;
      templates.data[k * columns + d] = value > 0 ? value : level;
    }
  }
  return templates;
}

/** Every template a random multiple, pixel by pixel, of the mean spectrum. */
export function randomTemplates(mean: Float32Array, components: number, random: Random): Matrix {
  const templates = zeros(components, mean.length);
  const level = Math.max(
    mean.reduce((sum, value) => sum + value / mean.length, 0),
    1e-6,
  );
  for (let at = 0; at < templates.data.length; at++) {
    templates.data[at] = Math.max(mean[at % mean.length], 0.01 * level) * random.uniform(0.1, 2);
  }
  return templates;
}

function positiveNorm(values: ArrayLike<number>, sign: number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += Math.max(sign * values[i], 0) ** 2;
  return Math.sqrt(total);
}

function meanOf({ data }: Matrix): number {
  let total = 0;
  for (const value of data) total += value;
  return total / data.length;
}
