import { apply } from '../apply.ts';
import type { AttributesOf, Operation, OperationName, Tensor } from '../operation.ts';

import { broadcast } from '../shape.ts';
import { expand } from './expand.ts';
import { constant, scalarValue } from './sources.ts';

/** A tensor, or a number that stands for a scalar constant. */
export type Operand = Tensor | number;

export function asTensor(operand: Operand): Tensor {
  return typeof operand === 'number' ? constant(operand) : operand;
}

/**
 * Applies an operation that acts on each element. Expansion commutes with it and is moved outward, so that the
 * gradient of a sum, say, is never spread out before something needs it spread; scalar constants are folded.
 */
export function applyElementwise<Name extends OperationName>(
  name: Name,
  record: Operation<AttributesOf[Name]>,
  operands: readonly Operand[],
  attributes: AttributesOf[Name],
): Tensor {
  const tensors = operands.map(asTensor);
  const values = tensors.map(scalarValue);
  if (values.every((value) => value !== undefined)) return constant(fold(record, values, attributes));
  const result = apply(name, record, tensors.map(withoutExpand), attributes);
  return expand(result, broadcast(...tensors.map((tensor) => tensor.shape)));
}

/** What an expanded tensor was expanded from. */
export function withoutExpand(tensor: Tensor): Tensor {
  return tensor.operation === 'expand' ? tensor.inputs[0] : tensor;
}

function fold<Attributes>(record: Operation<Attributes>, values: readonly number[], attributes: Attributes): number {
  const never = () => {
    throw new Error('an elementwise operation reads only its inputs');
  };
  const inputs = values.map((value) => ({ shape: [], data: Float64Array.of(value) }));
  return record.reference({ inputs, attributes, shape: [], leadingDimension: never, feed: never })[0];
}
