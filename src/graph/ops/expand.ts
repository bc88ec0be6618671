import { apply } from '../apply.ts';
import { broadcastValue, fill } from '../host.ts';
import type { Family, Tensor } from '../operation.ts';
import { broadcast, describeShape, GraphError, type Shape, sameShape } from '../shape.ts';

export const expansion: Family<'expand'> = {
  expand: {
    shape([input], { shape }) {
      if (!sameShape(broadcast(input, shape), shape)) {
        throw new GraphError(`${describeShape(input)} does not expand to ${describeShape(shape)}`);
      }
      return shape;
    },
    gradient: ({ gradient }) => [() => gradient],
    onnx: ({ inputs, attributes, node, shapeValue }) => node('Expand', [inputs[0], shapeValue(attributes.shape)]),
    reference: ({ inputs: [input], shape }) => fill(shape, (index) => broadcastValue(input, index)),
  },
};

/** Repeats a tensor along axes of length 1, or new leading axes, to the given shape. */
export function expand(tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  const source = tensor.operation === 'expand' ? tensor.inputs[0] : tensor;
  return apply('expand', expansion.expand, [source], { shape });
}
