import { apply } from '../apply.ts';
import type { AttributesOf, Operation, OperationName, Tensor } from '../operation.ts';

import { broadcast } from '../shape.ts';
import { reshape, transpose } from './arrangement.ts';
import { expand } from './expand.ts';
import { constant, scalarValue } from './sources.ts';

/** A tensor, or a number that stands for a scalar constant. */
export type Operand = Tensor | number;

export function asTensor(operand: Operand): Tensor {
  return typeof operand === 'number' ? constant(operand) : operand;
}

/**
 * Applies an operation that acts on each element. Expansion commutes with it and is moved outward, so that the
 * gradient of a sum, say, is never spread out before something needs it spread; so is the transposition of matrices,
 * until a matrix product takes it up for nothing. Scalar constants are folded.
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
  const narrow = tensors.map(withoutExpand);
  const turned = turnedTogether(narrow);
  const result =
    turned === undefined ? apply(name, record, narrow, attributes) : transpose(apply(name, record, turned, attributes));
  return expand(result, broadcast(...tensors.map((tensor) => tensor.shape)));
}

/** What the operands are transposes of, if all are transposed matrices or lie along one axis only. */
function turnedTogether(operands: readonly Tensor[]): Tensor[] | undefined {
  const isTurned = (tensor: Tensor) => tensor.operation === 'transpose' && tensor.shape.length === 2;
  if (!operands.some(isTurned)) return undefined;
  const turned: Tensor[] = [];
  for (const operand of operands) {
    if (isTurned(operand)) turned.push(operand.inputs[0]);
    else if (operand.shape.length === 0) turned.push(operand);
    else if (operand.shape.length === 1) turned.push(reshape(operand, [operand.shape[0], 1]));
    else if (operand.shape.length === 2 && operand.shape.includes(1)) turned.push(transposedVector(operand));
    else return undefined;
  }
  return turned;
}

/** A row as a column or a column as a row, without moving anything. */
function transposedVector(vector: Tensor): Tensor {
  return reshape(vector, [vector.shape[1], vector.shape[0]]);
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
