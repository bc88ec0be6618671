import type { AttributesOf, InputGradients, OperationName, Tensor, TensorOf } from './operation.ts';
import { operations } from './operations.ts';
import { add } from './ops/arithmetic.ts';
import { expand } from './ops/expand.ts';
import { sumTo } from './ops/reductions.ts';
import { constant } from './ops/sources.ts';
import { describeShape, GraphError, sameShape } from './shape.ts';
import { inOrder } from './walk.ts';

/**
 * Derivatives of a scalar tensor with respect to others, as tensors of the same graph (reverse mode): they can be
 * run in the same session as the value, and differentiated again.
 *
 * Only what lies between the two is differentiated. A tensor that `of` does not depend on gets zeros.
 *
 * @throws GraphError when `of` is not a scalar (shape [])
 */
export function gradients(of: Tensor, withRespectTo: readonly Tensor[]): Tensor[] {
  if (of.shape.length !== 0) {
    throw new GraphError(`only a scalar can be differentiated, not ${describeShape(of.shape)}; take a sum first`);
  }
  const order = inOrder([of]);
  const onTheWay = dependents(order, withRespectTo);
  const collected = new Map<Tensor, Tensor>([[of, constant(1)]]);
  for (const tensor of order.reverse()) {
    const gradient = collected.get(tensor);
    if (gradient === undefined || !onTheWay.has(tensor)) continue;
    ruleOf(tensor, gradient).forEach((derivative, at) => {
      const source = tensor.inputs[at];
      if (derivative === null || !onTheWay.has(source)) return;
      const part = fitted(derivative(), source);
      const before = collected.get(source);
      collected.set(source, before === undefined ? part : add(before, part));
    });
  }
  return withRespectTo.map((tensor) => collected.get(tensor) ?? expand(constant(0), tensor.shape));
}

/** The tensors of an ordered graph that depend on any of the sources, sources included. */
function dependents(order: readonly Tensor[], sources: readonly Tensor[]): ReadonlySet<Tensor> {
  const found = new Set<Tensor>(sources);
  for (const tensor of order) {
    if (tensor.inputs.some((input) => found.has(input))) found.add(tensor);
  }
  return found;
}

function ruleOf<Name extends OperationName>(tensor: TensorOf<Name>, gradient: Tensor): InputGradients {
  const { inputs, operation } = tensor;
  const attributes: AttributesOf[Name] = tensor.attributes;
  return operations[operation].gradient({ inputs, output: tensor as Tensor, attributes, gradient });
}

/** A rule's derivative brought to its input's shape: summed where the input was broadcast, spread where it was narrow. */
function fitted(derivative: Tensor, source: Tensor): Tensor {
  if (sameShape(derivative.shape, source.shape)) return derivative;
  return sumTo(derivative, source.shape);
}
