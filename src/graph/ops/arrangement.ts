import { apply } from '../apply.ts';
import { fill, positionOf } from '../host.ts';
import type { Family, Tensor } from '../operation.ts';
import { type Dimension, describeShape, GraphError, normaliseAxes, type Shape, sameShape, volume } from '../shape.ts';
import { expand } from './expand.ts';

export const arrangement: Family<'reshape' | 'transpose' | 'slice' | 'pad' | 'concatenate'> = {
  reshape: {
    shape([input], { shape }) {
      const before = volume(input);
      const after = volume(shape);
      if (before.size !== after.size || before.symbols !== after.symbols) {
        throw new GraphError(`${describeShape(input)} cannot be reshaped to ${describeShape(shape)}`);
      }
      return shape;
    },
    gradient: ({ inputs: [x], gradient }) => [() => reshape(gradient, x.shape)],
    onnx({ inputs: [x], inputShapes: [before], shape, node, shapeValue, integers }) {
      const kept = keptDimensions(before, shape);
      return node('Reshape', [x, kept === null ? shapeValue(shape) : integers(kept)]);
    },
    reference: ({ inputs: [x] }) => x.data,
  },
  transpose: {
    shape([input], { order }) {
      if (order.length !== input.length || normaliseAxes(order, input.length).length !== input.length) {
        throw new GraphError(`[${order.join(', ')}] is not an order of the axes of ${describeShape(input)}`);
      }
      return order.map((axis) => input[axis]);
    },
    gradient: ({ attributes: { order }, gradient }) => [
      () =>
        transpose(
          gradient,
          order.map((_, axis) => order.indexOf(axis)),
        ),
    ],
    onnx: ({ inputs, attributes, node }) => node('Transpose', inputs, { perm: attributes.order }),
    reference({ inputs: [x], attributes: { order }, shape }) {
      const source = new Array<number>(order.length);
      return fill(shape, (index) => {
        for (let axis = 0; axis < order.length; axis++) source[order[axis]] = index[axis];
        return x.data[positionOf(source, x.shape)];
      });
    },
  },
  slice: {
    shape([input], { axis, start, end }) {
      const length = fixedLength(input, axis, 'slice');
      if (!(start >= 0 && start < end && end <= length)) {
        throw new GraphError(`slice ${start}:${end} of axis ${axis} of ${describeShape(input)} is empty or outside`);
      }
      return input.map((dimension, at) => (at === axis ? end - start : dimension));
    },
    gradient: ({ inputs: [x], attributes: { axis, start, end }, gradient }) => [
      () => pad(gradient, axis, start, fixedLength(x.shape, axis, 'slice') - end),
    ],
    onnx: ({ inputs: [x], attributes: { axis, start, end }, node, integers }) =>
      node('Slice', [x, integers([start]), integers([end]), integers([axis])]),
    reference: ({ inputs: [x], attributes: { axis, start }, shape }) =>
      fill(shape, (index) => {
        index[axis] += start;
        return x.data[positionOf(index, x.shape)];
      }),
  },
  pad: {
    shape([input], { axis, before, after }) {
      const length = fixedLength(input, axis, 'pad');
      return input.map((dimension, at) => (at === axis ? before + length + after : dimension));
    },
    gradient: ({ inputs: [x], attributes: { axis, before }, gradient }) => [
      () => slice(gradient, axis, before, before + fixedLength(x.shape, axis, 'pad')),
    ],
    onnx: ({ inputs: [x], attributes: { axis, before, after }, node, integers, floats }) =>
      node('Pad', [x, integers([before, after]), floats([0], []), integers([axis])]),
    reference: ({ inputs: [x], attributes: { axis, before }, shape }) =>
      fill(shape, (index) => {
        index[axis] -= before;
        return index[axis] < 0 || index[axis] >= x.shape[axis] ? 0 : x.data[positionOf(index, x.shape)];
      }),
  },
  concatenate: {
    shape(inputs, { axis }) {
      const others = (shape: Shape): Shape => shape.filter((_, at) => at !== axis);
      if (!inputs.every((shape) => sameShape(others(shape), others(inputs[0])))) {
        throw new GraphError(`${inputs.map(describeShape).join(' and ')} cannot be joined along axis ${axis}`);
      }
      const length = inputs.reduce((total, shape) => total + fixedLength(shape, axis, 'concatenate'), 0);
      return inputs[0].map((dimension, at) => (at === axis ? length : dimension));
    },
    gradient({ inputs, attributes: { axis }, gradient }) {
      let start = 0;
      return inputs.map((input) => {
        const from = start;
        start += fixedLength(input.shape, axis, 'concatenate');
        const to = start;
        return () => slice(gradient, axis, from, to);
      });
    },
    onnx: ({ inputs, attributes, node }) => node('Concat', inputs, { axis: attributes.axis }),
    reference: ({ inputs, attributes: { axis }, shape }) =>
      fill(shape, (index) => {
        let part = 0;
        for (; index[axis] >= inputs[part].shape[axis]; part++) index[axis] -= inputs[part].shape[axis];
        return inputs[part].data[positionOf(index, inputs[part].shape)];
      }),
  },
};

function fixedLength(shape: Shape, axis: number, operation: string): number {
  const length: Dimension | undefined = shape[axis];
  if (typeof length !== 'number') {
    throw new GraphError(`${operation} needs an axis of known length, not axis ${axis} of ${describeShape(shape)}`);
  }
  return length;
}

/** The same elements in another shape; 'N' must occur as often as before. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (x.operation === 'reshape') return reshape(x.inputs[0], shape);
  if (x.operation === 'expand' && volume(x.inputs[0].shape).size === 1 && volume(x.inputs[0].shape).symbols === 0) {
    return expand(reshape(x.inputs[0], []), shape);
  }
  return apply('reshape', arrangement.reshape, [x], { shape });
}

/**
 * A shape as ONNX's Reshape takes it, with 0 for N where N stays on its axis; null where it moves. A shape that is worked
 * out at run time would be correct, too, but ONNX Runtime then loses sight of sizes, and its planner of memory takes time
 * that grows with the square of the nodes: 8 s to open a GPLVM's encoder that takes 0.6 s like this.
 */
function keptDimensions(before: Shape, after: Shape): number[] | null {
  if (!after.includes('N') || !after.every((dimension, axis) => dimension !== 'N' || before[axis] === 'N')) return null;
  return after.map((dimension) => (dimension === 'N' ? 0 : dimension));
}

/** Axes in a new order; without one, all reversed. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const rank = x.shape.length;
  const wanted = (order ?? x.shape.map((_, axis) => rank - 1 - axis)).map((axis) => (axis < 0 ? axis + rank : axis));
  if (wanted.every((axis, at) => axis === at)) return x;
  if (x.operation === 'transpose') {
    const inner = x.attributes.order;
    return transpose(
      x.inputs[0],
      wanted.map((axis) => inner[axis]),
    );
  }
  return apply('transpose', arrangement.transpose, [x], { order: wanted });
}

/** Elements start … end−1 along one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const [at] = normaliseAxes([axis], x.shape.length);
  if (start === 0 && end === x.shape[at]) return x;
  return apply('slice', arrangement.slice, [x], { axis: at, start, end });
}

/** Zeros put before and after along one axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const [at] = normaliseAxes([axis], x.shape.length);
  return apply('pad', arrangement.pad, [x], { axis: at, before, after });
}

/** Tensors joined along one axis. */
export function concatenate(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0) throw new GraphError('concatenate needs at least one tensor');
  if (tensors.length === 1) return tensors[0];
  const [at] = normaliseAxes([axis], tensors[0].shape.length);
  return apply('concatenate', arrangement.concatenate, tensors, { axis: at });
}

/** New axes of length 1 at the given places of the result. */
export function unsqueeze(x: Tensor, axes: readonly number[]): Tensor {
  const rank = x.shape.length + axes.length;
  const added = new Set(normaliseAxes(axes, rank));
  const kept = x.shape.values();
  return reshape(
    x,
    Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (kept.next().value ?? 1))),
  );
}

/** The given axes of length 1 taken away. */
export function squeeze(x: Tensor, axes: readonly number[]): Tensor {
  const removed = normaliseAxes(axes, x.shape.length);
  for (const axis of removed) {
    if (x.shape[axis] !== 1) throw new GraphError(`axis ${axis} of ${describeShape(x.shape)} is not of length 1`);
  }
  return reshape(
    x,
    x.shape.filter((_, axis) => !removed.includes(axis)),
  );
}
