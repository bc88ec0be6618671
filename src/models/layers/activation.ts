import { add, greater, multiply, relu, sigmoid, subtract, type Tensor } from '../../graph/index.ts';

/** What stands between the layers of a network, with its derivative. */
export interface Activation {
  readonly value: (x: Tensor) => Tensor;
  /** Element by element, at the same x. */
  readonly derivative: (x: Tensor) => Tensor;
}

export const ACTIVATION_NAMES = ['relu', 'silu'] as const;
export type ActivationName = (typeof ACTIVATION_NAMES)[number];

export const ACTIVATIONS: Readonly<Record<ActivationName, Activation>> = {
  /** max(x, 0), the VAE paper's (eq. 2). A network of it is flat between creases. */
  relu: { value: relu, derivative: (x) => greater(x, 0) },
  /** x σ(x) (Elfwing et al. 2018): smooth, so that a decoder made of it has a Jacobian that changes gradually. */
  silu: {
    value: (x) => multiply(x, sigmoid(x)),
    derivative(x) {
      const gate = sigmoid(x);
      return multiply(gate, add(multiply(x, subtract(1, gate)), 1));
    },
  },
};
