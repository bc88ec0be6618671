import { apply } from '../apply.ts';
import type { Family, Tensor } from '../operation.ts';
import { describeShape, GraphError, type Shape, sizeOf } from '../shape.ts';

export const sources: Family<'input' | 'parameter' | 'constant' | 'leadingDimension'> = {
  input: {
    shape: (_, { shape }) => shape,
    gradient: () => [],
    onnx: ({ attributes, graphInput }) => graphInput(attributes.name, attributes.shape, 'input'),
    reference: ({ attributes, feed }) => feed(attributes.name),
  },
  parameter: {
    shape: (_, { shape }) => shape,
    gradient: () => [],
    onnx: ({ attributes, graphInput }) => graphInput(attributes.name, attributes.shape, 'parameter'),
    reference: ({ attributes, feed }) => feed(attributes.name),
  },
  constant: {
    shape: (_, { shape }) => shape,
    gradient: () => [],
    onnx: ({ attributes, floats }) => floats(attributes.values, concrete(attributes.shape)),
    reference: ({ attributes }) => attributes.values,
  },
  leadingDimension: {
    shape: () => [],
    gradient: () => [],
    onnx({ node, shapeValue, integers }) {
      const asFloat = node('Cast', [shapeValue(['N'])], { to: 1 });
      return node('Squeeze', [asFloat, integers([0])]);
    },
    reference: ({ leadingDimension }) => Float64Array.of(leadingDimension()),
  },
};

/** Data fed at every run. */
export function input(name: string, shape: Shape): Tensor {
  return apply('input', sources.input, [], { name, shape });
}

/** A tensor that training moves; fed at every run, or stored in the ONNX file when values are given. */
export function parameter(name: string, shape: Shape): Tensor {
  return apply('parameter', sources.parameter, [], { name, shape });
}

/** Fixed numbers: a scalar, or row-major values with their shape. */
export function constant(value: number | ArrayLike<number>, shape?: readonly number[]): Tensor {
  const values = typeof value === 'number' ? Float64Array.of(value) : Float64Array.from(value);
  const fixed = shape ?? (typeof value === 'number' ? [] : [values.length]);
  if (values.length !== sizeOf(fixed)) {
    throw new GraphError(`a constant of shape ${describeShape(fixed)} was given ${values.length} values`);
  }
  return apply('constant', sources.constant, [], { values, shape: fixed });
}

/** N itself, as a scalar: what a sum over spectra is divided by to become a mean. */
export function leadingDimension(): Tensor {
  return apply('leadingDimension', sources.leadingDimension, [], {});
}

/** The value of a scalar constant, or undefined for any other tensor. */
export function scalarValue(tensor: Tensor): number | undefined {
  return tensor.operation === 'constant' && tensor.shape.length === 0 ? tensor.attributes.values[0] : undefined;
}

function concrete(shape: Shape): number[] {
  return shape.map((dimension) => {
    if (dimension === 'N') throw new GraphError('a constant cannot have the open dimension N');
    return dimension;
  });
}
