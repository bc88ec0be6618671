import type { Tensor } from './operation.ts';
import type { Operand } from './ops/apply-elementwise.ts';
import { add, divide, maximum, minimum, multiply, subtract } from './ops/arithmetic.ts';
import { reshape } from './ops/arrangement.ts';
import { exp, log, square, stopGradient } from './ops/functions.ts';
import { matmul } from './ops/products.ts';
import { reduceMax, sum } from './ops/reductions.ts';
import { constant, leadingDimension } from './ops/sources.ts';
import { normaliseAxes, volume } from './shape.ts';

/** The mean over the given axes (all, when none are given); N may be among them. */
export function mean(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  const over = normaliseAxes(axes ?? x.shape.map((_, axis) => axis), x.shape.length);
  const { size, symbols } = volume(over.map((axis) => x.shape[axis]));
  let count = constant(size);
  for (let i = 0; i < symbols; i++) count = multiply(count, leadingDimension());
  return divide(sum(x, over, keepDims), count);
}

/** log Σ eˣ over the given axes, without overflow. */
export function logSumExp(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  const largest = stopGradient(reduceMax(x, axes, true));
  const total = log(sum(exp(subtract(x, largest)), axes, true));
  const result = add(total, largest);
  return keepDims ? result : reshape(result, sum(x, axes).shape);
}

/**
 * |aᵢ − bⱼ|² for every pair of rows: a [n, Q], b [m, Q] → [n, m]. Worked out as |a|² + |b|² − 2 a·b, so that rounding
 * may leave equal rows slightly below 0: take `maximum(…, 0)` before a square root.
 */
export function squaredDistance(a: Tensor, b: Tensor): Tensor {
  return scaledSquaredDistance(a, b, 1);
}

/** exp(−|aᵢ − bⱼ|² / squaredWidth) for every pair of rows: a [n, Q], b [m, Q] → [n, m]. */
export function gaussianKernel(a: Tensor, b: Tensor, squaredWidth: number): Tensor {
  return exp(scaledSquaredDistance(a, b, -1 / squaredWidth));
}

/** The factor is put on the small parts, not on the n × m result. */
function scaledSquaredDistance(a: Tensor, b: Tensor, factor: number): Tensor {
  const ofA = multiply(sum(square(a), [1], true), factor);
  const ofB = multiply(sum(square(b), [1]), factor);
  return add(add(matmul(a, b, { transposeB: true, scale: -2 * factor }), ofA), ofB);
}

/** x held between two bounds. */
export function clamp(x: Operand, low: number, high: number): Tensor {
  return minimum(maximum(x, low), high);
}
