import type { Tensor } from './operation.ts';
import { bind, sizeOf } from './shape.ts';
import { inOrder } from './walk.ts';

/**
 * Floating-point operations (a multiplication and an addition count as two) in the matrix products that the outputs
 * need, each product once: the yardstick for "share of the measured matrix-product rate".
 */
export function countMatrixProductFlops(outputs: readonly Tensor[], leadingDimension = 1): number {
  let flops = 0;
  for (const tensor of inOrder(outputs)) {
    if (tensor.operation !== 'matmul' && tensor.operation !== 'linear') continue;
    const factor = bind(tensor.inputs[0].shape, leadingDimension);
    const inner = factor[factor.length - (tensor.attributes.transposeA ? 2 : 1)];
    flops += 2 * inner * sizeOf(bind(tensor.shape, leadingDimension));
  }
  return flops;
}
