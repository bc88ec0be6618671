import type { AttributesOf, Family, GradientStep, Operation, Tensor } from '../operation.ts';
import { applyElementwise } from './apply-elementwise.ts';
import { divide, multiply, subtract } from './arithmetic.ts';
import { greater } from './comparison.ts';

type None = Readonly<Record<string, never>>;

function unary(
  type: string,
  value: (x: number) => number,
  gradient: ((step: GradientStep<None>) => Tensor) | null,
): Operation<None> {
  return {
    shape: ([shape]) => shape,
    gradient: (step) => [gradient === null ? null : () => gradient(step)],
    onnx: ({ inputs, node }) => node(type, inputs),
    reference: ({ inputs: [x] }) => x.data.map((element) => value(element)),
  };
}

/** log(1 + eˣ) without overflow. */
const logOnePlusExp = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const functions: Family<
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'sign'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'relu'
  | 'identity'
  | 'stopGradient'
  | 'pow'
> = {
  exp: unary('Exp', Math.exp, ({ output, gradient }) => multiply(gradient, output)),
  log: unary('Log', Math.log, ({ inputs: [x], gradient }) => divide(gradient, x)),
  sqrt: unary('Sqrt', Math.sqrt, ({ output, gradient }) => divide(multiply(gradient, 0.5), output)),
  square: {
    ...unary(
      'Mul',
      (x) => x * x,
      ({ inputs: [x], gradient }) => multiply(multiply(gradient, 2), x),
    ),
    onnx: ({ inputs: [x], node }) => node('Mul', [x, x]),
  },
  abs: unary('Abs', Math.abs, ({ inputs: [x], gradient }) => multiply(gradient, sign(x))),
  sign: unary('Sign', Math.sign, null),
  tanh: unary('Tanh', Math.tanh, ({ output, gradient }) => multiply(gradient, subtract(1, square(output)))),
  sigmoid: unary(
    'Sigmoid',
    (x) => 1 / (1 + Math.exp(-x)),
    ({ output, gradient }) => multiply(gradient, multiply(output, subtract(1, output))),
  ),
  softplus: unary('Softplus', logOnePlusExp, ({ inputs: [x], gradient }) => multiply(gradient, sigmoid(x))),
  // A comparison, a cast and a product: faster in ONNX Runtime than Where, and four times as fast as Sign.
  relu: unary(
    'Relu',
    (x) => Math.max(x, 0),
    ({ output, gradient }) => multiply(gradient, greater(output, 0)),
  ),
  identity: unary(
    'Identity',
    (x) => x,
    ({ gradient }) => gradient,
  ),
  stopGradient: { ...unary('Identity', (x) => x, null), onnx: ({ inputs: [x] }) => x },
  pow: {
    shape: ([shape]) => shape,
    gradient: ({ inputs: [x], attributes: { exponent }, gradient }) => [
      () => multiply(multiply(gradient, exponent), pow(x, exponent - 1)),
    ],
    onnx: ({ inputs: [x], attributes, node, floats }) => node('Pow', [x, floats([attributes.exponent], [])]),
    reference: ({ inputs: [x], attributes: { exponent } }) => x.data.map((value) => value ** exponent),
  },
};

type Unary = Exclude<keyof typeof functions, 'pow'>;
const none: AttributesOf[Unary] = {};
const applied = (name: Unary, x: Tensor): Tensor => applyElementwise(name, functions[name], [x], none);

/** eˣ. */
export const exp = (x: Tensor): Tensor => applied('exp', x);
/** The natural logarithm. */
export const log = (x: Tensor): Tensor => applied('log', x);
export const sqrt = (x: Tensor): Tensor => applied('sqrt', x);
/** x². */
export const square = (x: Tensor): Tensor => applied('square', x);
/** |x|; the derivative at 0 is 0. */
export const abs = (x: Tensor): Tensor => applied('abs', x);
/** −1, 0 or 1; no gradient flows through it. */
export const sign = (x: Tensor): Tensor => applied('sign', x);
export const tanh = (x: Tensor): Tensor => applied('tanh', x);
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = (x: Tensor): Tensor => applied('sigmoid', x);
/** log(1 + eˣ). */
export const softplus = (x: Tensor): Tensor => applied('softplus', x);
/** max(x, 0); the derivative at 0 is 0. */
export const relu = (x: Tensor): Tensor => applied('relu', x);
/** x itself, as a tensor of its own. */
export const identity = (x: Tensor): Tensor => applied('identity', x);
/** x as a fixed number: no gradient flows through it. */
export const stopGradient = (x: Tensor): Tensor => applied('stopGradient', x);

/** x to a fixed power. */
export function pow(x: Tensor, exponent: number): Tensor {
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  return applyElementwise('pow', functions.pow, [x], { exponent });
}
