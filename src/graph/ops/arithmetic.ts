import { broadcastValue, fill } from '../host.ts';
import type { Family, GradientStep, InputGradients, Operation, Tensor } from '../operation.ts';
import { broadcast } from '../shape.ts';
import { applyElementwise, asTensor, type Operand } from './apply-elementwise.ts';
import { greater, where } from './comparison.ts';
import { expand } from './expand.ts';
import { scalarValue } from './sources.ts';

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
  return applyElementwise('add', arithmetic.add, [a, b], {});
}

/** a − b, with broadcasting. */
export function subtract(a: Operand, b: Operand): Tensor {
  if (isScalar(b, 0)) return asTensor(a);
  return applyElementwise('subtract', arithmetic.subtract, [a, b], {});
}

/** a · b element by element, with broadcasting. */
export function multiply(a: Operand, b: Operand): Tensor {
  if (isScalar(b, 1)) return asTensor(a);
  if (isScalar(a, 1)) return asTensor(b);
  return applyElementwise('multiply', arithmetic.multiply, [a, b], {});
}

/** a / b element by element, with broadcasting. */
export function divide(a: Operand, b: Operand): Tensor {
  const divisor = scalarValue(asTensor(b));
  // A product is several times as fast as a quotient and, for powers of two, the same number.
  if (divisor !== undefined && typeof a !== 'number') return multiply(a, 1 / divisor);
  return applyElementwise('divide', arithmetic.divide, [a, b], {});
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
export function negate(x: Tensor): Tensor {
  const inner = x.operation === 'expand' ? x.inputs[0] : x;
  if (inner.operation === 'negate') return expand(inner.inputs[0], x.shape);
  return applyElementwise('negate', arithmetic.negate, [x], {});
}

/** 1 / x. */
export function reciprocal(x: Tensor): Tensor {
  return applyElementwise('reciprocal', arithmetic.reciprocal, [x], {});
}

function isScalar(operand: Operand, value: number): boolean {
  return (typeof operand === 'number' ? operand : scalarValue(operand)) === value;
}
