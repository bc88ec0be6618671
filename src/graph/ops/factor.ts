import type { Tensor } from '../operation.ts';
import { reshape, transpose } from './arrangement.ts';
import { scalarValue } from './sources.ts';

/**
 * A tensor seen as a fixed number times another. Numbers are moved outward when a graph is built: they merge there
 * (2 · ½), cost one pass instead of several, and vanish into the next matrix product, which scales for nothing.
 */
export interface Factored {
  readonly factor: number;
  /** What is multiplied; undefined when the tensor is nothing but the number. */
  readonly core: Tensor | undefined;
}

export function factored(tensor: Tensor): Factored {
  const value = scalarValue(tensor);
  if (value !== undefined) return { factor: value, core: undefined };
  if (tensor.operation === 'negate') return { factor: -1, core: tensor.inputs[0] };
  if (tensor.operation === 'multiply') {
    const factor = scalarValue(tensor.inputs[1]);
    if (factor !== undefined) return { factor, core: tensor.inputs[0] };
  }
  if (tensor.operation === 'reshape' || tensor.operation === 'transpose') {
    const { factor, core } = separated(tensor.inputs[0]);
    if (factor !== 1) return { factor, core: rearranged(tensor, core) };
  }
  return { factor: 1, core: tensor };
}

/** Another tensor arranged as one was. */
function rearranged(like: Tensor, core: Tensor): Tensor {
  return like.operation === 'transpose' ? transpose(core, like.attributes.order) : reshape(core, like.shape);
}

/** The tensor and its factor, for operations that a factor passes through; lone numbers are left as they are. */
export function separated(tensor: Tensor): { factor: number; core: Tensor } {
  const { factor, core } = factored(tensor);
  return core === undefined ? { factor: 1, core: tensor } : { factor, core };
}
