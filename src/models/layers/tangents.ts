import { expand, linear, matmul, multiply, type Tensor, unsqueeze } from '../../graph/index.ts';
import type { Activation } from './activation.ts';
import type { DenseTensors } from './dense.ts';

/** A function of Q numbers at N points, with its derivatives. */
export interface WithTangents {
  /** N × P */
  readonly value: Tensor;
  /** N × Q × P: ∂ value / ∂ x_q */
  readonly jacobian: Tensor;
}

/**
 * Dense layers with an activation between, the last one linear, and their Jacobian: a tangent for each input is carried
 * forward beside the value (forward mode), so that Q + 1 products with each layer's weights give both.
 *
 * @param x N × Q
 */
export function denseWithTangents(layers: readonly DenseTensors[], activation: Activation, x: Tensor): WithTangents {
  let value = x;
  let tangents: Tensor | null = null;
  for (const [index, { weight, bias }] of layers.entries()) {
    const sum = linear(value, weight, bias);
    tangents = tangents === null ? weight : matmul(tangents, weight);
    if (index === layers.length - 1) {
      value = sum;
      continue;
    }
    value = activation.value(sum);
    tangents = multiply(unsqueeze(activation.derivative(sum), [1]), tangents);
  }
  const shape = [x.shape[0], Number(x.shape[1]), Number(value.shape[1])];
  return { value, jacobian: expand(tangents ?? value, shape) };
}
