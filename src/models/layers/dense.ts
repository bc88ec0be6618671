import type { Random } from '../../base/index.ts';
import { linear, parameter, type Tensor, transpose } from '../../graph/index.ts';
import type { Parameters } from '../model.ts';
import type { Activation } from './activation.ts';

/**
 * A fully connected layer x·Wᵀ + b (VAE paper, eq. 1, 3, 5). Its parameters are `name.weight` (outputs × inputs, as in
 * PyTorch; also what the engine multiplies fastest) and `name.bias`.
 */
export interface DenseLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** The layers between consecutive widths: `layersBetween('decoder', [6, 94, 703])` has two. */
export function layersBetween(name: string, widths: readonly number[]): DenseLayer[] {
  return widths.slice(1).map((outputs, index) => ({ name: `${name}.${index + 1}`, inputs: widths[index], outputs }));
}

/** A layer's parameters as tensors, for graphs that use them more than once. */
export interface DenseTensors {
  /** inputs × outputs */
  readonly weight: Tensor;
  readonly bias: Tensor;
}

export function denseTensors(layer: DenseLayer): DenseTensors {
  const weight = parameter(`${layer.name}.weight`, [layer.outputs, layer.inputs]);
  return { weight: transpose(weight), bias: parameter(`${layer.name}.bias`, [layer.outputs]) };
}

/** x (N × inputs) → N × outputs */
export function dense(layer: DenseLayer, x: Tensor): Tensor {
  const { weight, bias } = denseTensors(layer);
  return linear(x, weight, bias);
}

/** Dense layers one after the other, each followed by the activation (VAE paper, eq. 2). */
export function denseActivated(layers: readonly DenseLayer[], activation: Activation, x: Tensor): Tensor {
  return layers.reduce((code, layer) => activation.value(dense(layer, code)), x);
}

/**
 * Starting values: weights and biases uniform within ±1/√inputs, which is PyTorch's default for linear layers
 * (Kaiming uniform with a = √5) and so what the VAE paper started from.
 */
export function initialDense(layer: DenseLayer, random: Random): Parameters {
  const bound = 1 / Math.sqrt(layer.inputs);
  const uniform = (length: number) => Float32Array.from({ length }, () => random.uniform(-bound, bound));
  return {
    [`${layer.name}.weight`]: {
      shape: [layer.outputs, layer.inputs],
      data: uniform(layer.inputs * layer.outputs),
    },
    [`${layer.name}.bias`]: { shape: [layer.outputs], data: uniform(layer.outputs) },
  };
}
