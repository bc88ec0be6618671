export { clamp, gaussianKernel, logSumExp, mean, squaredDistance } from './composed.ts';
export { evaluate } from './evaluate.ts';
export { countMatrixProductFlops } from './flops.ts';
export { gradients } from './gradients.ts';
export { withHalfWeights } from './half-weights.ts';
export { writeOnnx } from './onnx.ts';
export type { OperationName, Tensor } from './operation.ts';
export { add, divide, maximum, minimum, multiply, negate, reciprocal, subtract } from './ops/arithmetic.ts';
export { concatenate, pad, reshape, slice, squeeze, transpose, unsqueeze } from './ops/arrangement.ts';
export { equal, greater, less, where } from './ops/comparison.ts';
export { expand } from './ops/expand.ts';
export {
  abs,
  exp,
  identity,
  log,
  pow,
  relu,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  stopGradient,
  tanh,
} from './ops/functions.ts';
export { gather, scatterAdd } from './ops/lookup.ts';
export { linear, matmul } from './ops/products.ts';
export { reduceMax, sum } from './ops/reductions.ts';
export { constant, input, leadingDimension, parameter } from './ops/sources.ts';
export { measureMatrixProductRate } from './rate.ts';
export type { BoundRun, Runtime, Session } from './runtime.ts';
export { GraphError, type Shape } from './shape.ts';
export { parametersOf } from './walk.ts';
