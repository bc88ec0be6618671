import type { Tensor } from '../operation.ts';
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
  return { factor: 1, core: tensor };
}

/** The tensor and its factor, for operations that a factor passes through; lone numbers are left as they are. */
export function separated(tensor: Tensor): { factor: number; core: Tensor } {
  const { factor, core } = factored(tensor);
  return core === undefined ? { factor: 1, core: tensor } : { factor, core };
}
