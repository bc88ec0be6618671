import { apply } from '../apply.ts';
import { indexAt, positionOf } from '../host.ts';
import type { AttributesOf, Family, HostTensor, Tensor } from '../operation.ts';
import { normaliseAxes, type Shape, sizeOf, volume } from '../shape.ts';
import { divide, multiply, scaled } from './arithmetic.ts';
import { reshape } from './arrangement.ts';
import { equal } from './comparison.ts';
import { expand } from './expand.ts';
import { separated } from './factor.ts';

type Reduction = AttributesOf['sum'];

const reducedShape = (shape: Shape, { axes, keepDims }: Reduction): Shape =>
  keepDims
    ? shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension))
    : shape.filter((_, axis) => !axes.includes(axis));

/** A reduced tensor with its lost axes put back, spread over the shape it was reduced from. */
function spread(reduced: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  const { size, symbols } = volume(reduced.shape);
  const kept = size === 1 && symbols === 0 ? [] : reducedShape(shape, { axes, keepDims: true });
  return expand(reshape(reduced, kept), shape);
}

function reduce(
  x: HostTensor,
  { axes }: Reduction,
  size: number,
  start: number,
  combine: (a: number, b: number) => number,
): Float64Array {
  const result = new Float64Array(size).fill(start);
  const kept = reducedShape(x.shape, { axes, keepDims: true }).map(Number);
  for (let position = 0; position < x.data.length; position++) {
    const index = indexAt(position, x.shape);
    for (const axis of axes) index[axis] = 0;
    const at = positionOf(index, kept);
    result[at] = combine(result[at], x.data[position]);
  }
  return result;
}

export const reductions: Family<'sum' | 'reduceMax'> = {
  sum: {
    shape: ([shape], attributes) => reducedShape(shape, attributes),
    gradient: ({ inputs: [x], attributes: { axes }, gradient }) => [() => spread(gradient, x.shape, axes)],
    onnx({ inputs: [x], inputShapes: [shape], attributes: { axes, keepDims }, node, integers, floats }) {
      const [rows] = shape;
      // Sums of columns, such as a bias gradient, run faster as a row of ones times the matrix.
      if (shape.length === 2 && axes.join() === '0' && !keepDims && rows !== 'N' && rows <= 4096) {
        return node('MatMul', [floats(new Float32Array(rows).fill(1), [rows]), x]);
      }
      return node('ReduceSum', [x, integers(axes)], { keepdims: Number(keepDims) });
    },
    reference: ({ inputs: [x], attributes, shape }) => reduce(x, attributes, sizeOf(shape), 0, (a, b) => a + b),
  },
  reduceMax: {
    shape: ([shape], attributes) => reducedShape(shape, attributes),
    // Equal largest elements share the gradient.
    gradient: ({ inputs: [x], attributes: { axes }, output, gradient }) => [
      () => {
        const largest = equal(x, spread(output, x.shape, axes));
        const share = divide(spread(gradient, x.shape, axes), sum(largest, axes, true));
        return multiply(largest, share);
      },
    ],
    onnx: ({ inputs: [x], attributes: { axes, keepDims }, node, integers }) =>
      node('ReduceMax', [x, integers(axes)], { keepdims: Number(keepDims) }),
    reference: ({ inputs: [x], attributes, shape }) =>
      reduce(x, attributes, sizeOf(shape), Number.NEGATIVE_INFINITY, Math.max),
  },
};

/** The sum over the given axes (all, when none are given). */
export function sum(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  const over = normaliseAxes(axes ?? x.shape.map((_, axis) => axis), x.shape.length);
  if (over.length === 0) return x;
  const { factor, core } = separated(x);
  if (core.operation === 'sum' && !core.attributes.keepDims && over.length === core.shape.length && !keepDims) {
    return scaled(sum(core.inputs[0]), factor);
  }
  if (core.operation === 'transpose' && core.shape.length === 2) {
    const turned = sum(
      core.inputs[0],
      over.map((axis) => 1 - axis),
    );
    return scaled(reshape(turned, reducedShape(core.shape, { axes: over, keepDims })), factor);
  }
  return scaled(apply('sum', reductions.sum, [core], { axes: over, keepDims }), factor);
}

/** The largest element over the given axes (all, when none are given). */
export function reduceMax(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  const over = normaliseAxes(axes ?? x.shape.map((_, axis) => axis), x.shape.length);
  if (over.length === 0) return x;
  return apply('reduceMax', reductions.reduceMax, [x], { axes: over, keepDims });
}

/** A tensor summed over the axes along which the given smaller shape was broadcast to it. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const missing = x.shape.length - shape.length;
  const leading = sum(x, [...Array(missing).keys()]);
  const stretched = shape.flatMap((dimension, axis) => (dimension === 1 && leading.shape[axis] !== 1 ? [axis] : []));
  return sum(leading, stretched, true);
}
