import { apply } from '../apply.ts';
import { broadcastValue, fill } from '../host.ts';
import type { Family, GradientStep, InputGradients, Operation, Tensor } from '../operation.ts';
import { broadcast } from '../shape.ts';
import { applyElementwise, asTensor, type Operand, withoutExpand } from './apply-elementwise.ts';
import { greater, where } from './comparison.ts';
import { expand } from './expand.ts';
import { factored, separated } from './factor.ts';
import { constant, scalarValue } from './sources.ts';

type None = Readonly<Record<string, never>>;

function binary(
  type: string,
  value: (a: number, b: number) => number,
  gradient: (step: GradientStep<None>) => InputGradients,
): Operation<None> {
  return {
    shape: (shapes) => broadcast(...shapes),
    gradient,
    onnx: ({ inputs, node }) => node(type, inputs),
    reference: ({ inputs: [a, b], shape }) =>
      fill(shape, (index) => value(broadcastValue(a, index), broadcastValue(b, index))),
  };
}

export const arithmetic: Family<
  'add' | 'subtract' | 'multiply' | 'divide' | 'minimum' | 'maximum' | 'negate' | 'reciprocal'
> = {
  add: binary(
    'Add',
    (a, b) => a + b,
    ({ gradient }) => [() => gradient, () => gradient],
  ),
  subtract: binary(
    'Sub',
    (a, b) => a - b,
    ({ gradient }) => [() => gradient, () => negate(gradient)],
  ),
  multiply: binary(
    'Mul',
    (a, b) => a * b,
    ({ inputs: [a, b], gradient }) => [() => multiply(gradient, b), () => multiply(gradient, a)],
  ),
  divide: binary(
    'Div',
    (a, b) => a / b,
    ({ inputs: [, b], output, gradient }) => [
      () => divide(gradient, b),
      () => negate(divide(multiply(gradient, output), b)),
    ],
  ),
  // Where the two are equal the gradient goes to the second.
  minimum: binary('Min', Math.min, ({ inputs: [a, b], gradient }) => {
    const mask = greater(b, a);
    return [() => where(mask, gradient, 0), () => where(mask, 0, gradient)];
  }),
  maximum: binary('Max', Math.max, ({ inputs: [a, b], gradient }) => {
    const mask = greater(a, b);
    return [() => where(mask, gradient, 0), () => where(mask, 0, gradient)];
  }),
  negate: {
    shape: ([shape]) => shape,
    gradient: ({ gradient }) => [() => negate(gradient)],
    onnx: ({ inputs, node }) => node('Neg', inputs),
    reference: ({ inputs: [x] }) => x.data.map((value) => -value),
  },
  reciprocal: {
    shape: ([shape]) => shape,
    gradient: ({ output, gradient }) => [() => negate(multiply(gradient, multiply(output, output)))],
    onnx: ({ inputs, node }) => node('Reciprocal', inputs),
    reference: ({ inputs: [x] }) => x.data.map((value) => 1 / value),
  },
};

/** a + b, with broadcasting. */
export function add(a: Operand, b: Operand): Tensor {
  if (isScalar(b, 0)) return asTensor(a);
  if (isScalar(a, 0)) return asTensor(b);
  const [left, right] = [asTensor(a), asTensor(b)];
  if (right.operation === 'negate') return subtract(left, right.inputs[0]);
  if (left.operation === 'negate') return subtract(right, left.inputs[0]);
  if (left === right) return multiply(left, 2);
  const common = commonFactor(left, right);
  if (common !== undefined) return scaled(add(common.left, common.right), common.factor);
  return applyElementwise('add', arithmetic.add, [left, right], {});
}

/** a − b, with broadcasting. */
export function subtract(a: Operand, b: Operand): Tensor {
  if (isScalar(b, 0)) return asTensor(a);
  const [left, right] = [asTensor(a), asTensor(b)];
  if (right.operation === 'negate') return add(left, right.inputs[0]);
  const common = commonFactor(left, right);
  if (common !== undefined) return scaled(subtract(common.left, common.right), common.factor);
  return applyElementwise('subtract', arithmetic.subtract, [left, right], {});
}

/** a · b element by element, with broadcasting. */
export function multiply(a: Operand, b: Operand): Tensor {
  const [left, right] = [asTensor(a), asTensor(b)];
  const [first, second] = [factored(withoutExpand(left)), factored(withoutExpand(right))];
  const factor = first.factor * second.factor;
  const shape = broadcast(left.shape, right.shape);
  if (first.core === undefined) {
    return expand(second.core === undefined ? constant(factor) : scaled(second.core, factor), shape);
  }
  if (second.core === undefined) return expand(scaled(first.core, factor), shape);
  const product = applyElementwise('multiply', arithmetic.multiply, [first.core, second.core], {});
  return expand(scaled(product, factor), shape);
}

/** A fixed number times a tensor, which has none of its own. */
export function scaled(x: Tensor, factor: number): Tensor {
  if (factor === 1) return x;
  if (factor === -1) return apply('negate', arithmetic.negate, [x], {});
  return apply('multiply', arithmetic.multiply, [x, constant(factor)], {});
}

/** a / b element by element, with broadcasting. */
export function divide(a: Operand, b: Operand): Tensor {
  const divisor = scalarValue(asTensor(b));
  // A product is several times as fast as a quotient and, for powers of two, the same number.
  if (divisor !== undefined) return multiply(a, 1 / divisor);
  const { factor, core } = separated(withoutExpand(asTensor(a)));
  if (factor === 1) return applyElementwise('divide', arithmetic.divide, [a, b], {});
  return multiply(applyElementwise('divide', arithmetic.divide, [expand(core, asTensor(a).shape), b], {}), factor);
}

/** The smaller of a and b. */
export function minimum(a: Operand, b: Operand): Tensor {
  return applyElementwise('minimum', arithmetic.minimum, [a, b], {});
}

/** The larger of a and b. */
export function maximum(a: Operand, b: Operand): Tensor {
  return applyElementwise('maximum', arithmetic.maximum, [a, b], {});
}

/** −x. */
export function negate(x: Operand): Tensor {
  return multiply(x, -1);
}

/** 1 / x. */
export function reciprocal(x: Tensor): Tensor {
  return applyElementwise('reciprocal', arithmetic.reciprocal, [x], {});
}

function isScalar(operand: Operand, value: number): boolean {
  return (typeof operand === 'number' ? operand : scalarValue(operand)) === value;
}

function commonFactor(a: Tensor, b: Tensor): { left: Tensor; right: Tensor; factor: number } | undefined {
  const [left, right] = [separated(a), separated(b)];
  if (left.factor === 1 || left.factor !== right.factor) return undefined;
  return { left: left.core, right: right.core, factor: left.factor };
}
