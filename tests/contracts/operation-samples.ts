import type { Random } from '../../src/base/index.ts';
import {
  abs,
  add,
  concatenate,
  constant,
  divide,
  equal,
  exp,
  expand,
  gather,
  greater,
  identity,
  input,
  leadingDimension,
  less,
  linear,
  log,
  matmul,
  maximum,
  minimum,
  multiply,
  negate,
  type OperationName,
  pad,
  parameter,
  pow,
  reciprocal,
  reduceMax,
  relu,
  reshape,
  type Shape,
  scatterAdd,
  sigmoid,
  sign,
  slice,
  softplus,
  sqrt,
  square,
  stopGradient,
  subtract,
  sum,
  type Tensor,
  tanh,
  transpose,
  where,
} from '../../src/graph/index.ts';

/** How to draw one value that an operation accepts, away from the places where it has no derivative. */
export type Draw = (random: Random, position: number) => number;

export interface SampleInput {
  readonly shape: Shape;
  readonly draw: Draw;
  /** Not differentiated: indices and masks. */
  readonly fixed?: boolean;
}

export interface Sample {
  readonly inputs: readonly SampleInput[];
  readonly build: (inputs: readonly Tensor[]) => Tensor;
  /** Why no gradient flows although inputs are floats. */
  readonly flat?: string;
}

const real: Draw = (random) => random.normal();
const positive: Draw = (random) => random.uniform(0.5, 2);
/** Either sign, at least 0.2 from zero, where |x|, ReLU and sign have their kinks. */
const nonZero: Draw = (random) => (random.uniform() < 0.5 ? -1 : 1) * random.uniform(0.2, 2);
/** Values that are pairwise well apart, so that no finite difference changes which is largest. */
const apart: Draw = (random, position) => ((position * 7) % 11) + random.uniform(0, 0.3);
const mask: Draw = (random) => (random.uniform() < 0.5 ? 0 : 1);
const whole =
  (n: number): Draw =>
  (random) =>
    random.integer(n);

const of = (shape: Shape, draw: Draw = real): SampleInput => ({ shape, draw });
const fixed = (shape: Shape, draw: Draw): SampleInput => ({ shape, draw, fixed: true });

const unary = (build: (x: Tensor) => Tensor, draw: Draw = real): Sample[] => [
  { inputs: [of(['N', 4], draw)], build: ([x]) => build(x) },
  { inputs: [of([], draw)], build: ([x]) => build(x) },
];

const binary = (build: (a: Tensor, b: Tensor) => Tensor, drawA: Draw = real, drawB: Draw = drawA): Sample[] =>
  (
    [
      [
        ['N', 4],
        ['N', 4],
      ],
      [['N', 4], [4]],
      [[], ['N', 4]],
      [
        ['N', 1],
        [1, 4],
      ],
      [
        ['N', 1, 2],
        [3, 1],
      ],
    ] as const
  ).map(([a, b]) => ({ inputs: [of(a, drawA), of(b, drawB)], build: ([x, y]) => build(x, y) }));

const even: Draw = (random, position) => 2 * position + random.uniform(0.1, 0.9);
const odd: Draw = (random, position) => 2 * position + (position % 2 === 0 ? 1.2 : -1.2) + random.uniform(0.1, 0.9);

/** Two rows through two layers whose weights are stored outputs × inputs: products that are worked out transposed. */
const turnedNetwork = ([x, W, b, V]: readonly Tensor[]): Tensor => {
  const hidden = tanh(linear(x, transpose(W), b));
  return multiply(subtract(matmul(hidden, V, { transposeB: true }), x), add(hidden, sum(hidden, [1], true)));
};

/** At least one sample for every operation; a name without samples does not compile. */
export const samples: { readonly [Name in OperationName]: readonly Sample[] } = {
  input: [{ inputs: [of(['N', 2])], build: ([x]) => x }],
  parameter: [{ inputs: [of([3])], build: ([x]) => add(x, multiply(parameter('unmoved', []), 0)) }],
  constant: [{ inputs: [of(['N', 3])], build: ([x]) => multiply(x, constant([1, -2, 3])) }],
  leadingDimension: [{ inputs: [of(['N', 3])], build: ([x]) => multiply(x, leadingDimension()) }],
  add: binary(add),
  subtract: binary(subtract),
  multiply: binary(multiply),
  divide: [...binary(divide, real, nonZero), { inputs: [of(['N'])], build: ([x]) => divide(x, 8) }],
  minimum: binary(minimum, even, odd),
  maximum: binary(maximum, even, odd),
  greater: [greater, less].map((compare) => ({
    inputs: [of(['N', 4]), of([4])],
    build: ([a, b]) => compare(a, b),
    flat: 'a mask',
  })),
  equal: [{ inputs: [of(['N', 4], mask), of([4], mask)], build: ([a, b]) => equal(a, b), flat: 'a mask' }],
  where: [
    { inputs: [fixed(['N', 3], mask), of(['N', 3]), of([3])], build: ([m, a, b]) => where(m, a, b) },
    { inputs: [fixed([3], mask), of([]), of(['N', 1])], build: ([m, a, b]) => where(m, a, b) },
    { inputs: [of(['N', 3], nonZero)], build: ([x]) => where(greater(x, 0), square(x), negate(x)) },
  ],
  negate: unary(negate),
  reciprocal: unary(reciprocal, nonZero),
  exp: unary(exp),
  log: unary(log, positive),
  sqrt: unary(sqrt, positive),
  square: unary(square),
  abs: unary(abs, nonZero),
  sign: [{ inputs: [of(['N', 3], nonZero)], build: ([x]) => sign(x), flat: 'piecewise constant' }],
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  softplus: unary(softplus),
  relu: unary(relu, nonZero),
  identity: unary(identity),
  stopGradient: [
    { inputs: [of(['N', 3])], build: ([x]) => stopGradient(x), flat: 'its purpose' },
    { inputs: [of(['N', 3]), fixed(['N', 3], real)], build: ([x, y]) => multiply(x, stopGradient(y)) },
  ],
  pow: [...unary((x) => pow(x, 3)), ...unary((x) => pow(x, -0.7), positive)],
  expand: [
    { inputs: [of([3])], build: ([x]) => expand(x, [2, 3]) },
    { inputs: [of(['N', 1])], build: ([x]) => expand(x, ['N', 4]) },
    { inputs: [of([1, 2]), of(['N', 2])], build: ([x, y]) => matmul(expand(x, ['N', 2]), y, { transposeB: true }) },
  ],
  reshape: [
    { inputs: [of([2, 6])], build: ([x]) => reshape(x, [3, 4]) },
    { inputs: [of(['N', 6])], build: ([x]) => reshape(x, ['N', 2, 3]) },
    { inputs: [of(['N', 2, 3])], build: ([x]) => reshape(x, [3, 'N', 2]) },
  ],
  transpose: [
    { inputs: [of(['N', 3])], build: ([x]) => transpose(x) },
    { inputs: [of([2, 'N', 4])], build: ([x]) => transpose(x, [2, 0, 1]) },
  ],
  slice: [
    { inputs: [of(['N', 5])], build: ([x]) => slice(x, 1, 1, 4) },
    { inputs: [of([4, 2])], build: ([x]) => slice(x, 0, 2, 4) },
  ],
  pad: [{ inputs: [of(['N', 3])], build: ([x]) => pad(x, -1, 2, 1) }],
  concatenate: [
    { inputs: [of(['N', 2]), of(['N', 3]), of(['N', 1])], build: (parts) => concatenate(parts, 1) },
    { inputs: [of([2, 3]), of([1, 3])], build: (parts) => concatenate(parts, 0) },
  ],
  gather: [
    { inputs: [of([5, 3]), fixed(['N'], whole(5))], build: ([table, rows]) => gather(table, rows) },
    { inputs: [of([5]), fixed([2, 3], whole(5))], build: ([table, rows]) => gather(table, rows) },
  ],
  scatterAdd: [
    { inputs: [of(['N', 3]), fixed(['N'], whole(2))], build: ([x, rows]) => scatterAdd(x, rows, 4) },
    { inputs: [of([2, 3]), fixed([2, 3], whole(4))], build: ([x, rows]) => scatterAdd(x, rows, 4) },
  ],
  sum: [
    { inputs: [of(['N', 3])], build: ([x]) => sum(x) },
    { inputs: [of(['N', 3])], build: ([x]) => sum(x, [0]) },
    { inputs: [of([2, 'N', 3])], build: ([x]) => sum(x, [0, -1]) },
    { inputs: [of(['N', 3])], build: ([x]) => sum(square(x), [1], true) },
  ],
  reduceMax: [
    { inputs: [of(['N', 3], apart)], build: ([x]) => reduceMax(x) },
    { inputs: [of(['N', 3], apart)], build: ([x]) => reduceMax(x, [1], true) },
    { inputs: [of([2, 'N', 3], apart)], build: ([x]) => reduceMax(x, [0, 2]) },
  ],
  matmul: [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB): Sample[] => {
      const flags = { transposeA, transposeB };
      const flip = (shape: Shape, flag: boolean): Shape =>
        flag ? [...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]] : shape;
      const build = ([a, b]: readonly Tensor[]) => matmul(a, b, flags);
      return [
        { inputs: [of(flip(['N', 3], transposeA)), of(flip([3, 2], transposeB))], build },
        { inputs: [of(flip([2, 'N', 3], transposeA)), of(flip([2, 3, 4], transposeB))], build },
        { inputs: [of(flip(['N', 2, 3], transposeA)), of(flip([3, 4], transposeB))], build },
        {
          inputs: [of(flip([3, 2], transposeA)), of(flip([4, 2, 3], transposeB))],
          build: ([a, b]) => matmul(transpose(a), transpose(b, [0, 2, 1]), flags),
        },
      ];
    }),
  ),
  linear: [
    { inputs: [of([2, 5]), of([5, 5]), of([5]), of([5, 5])], build: turnedNetwork },
    {
      inputs: [of([5, 2]), of([3, 5]), of([3])],
      build: ([x, W, b]) => sum(linear(transpose(x), transpose(W), b), [0]),
    },
    { inputs: [of(['N', 3]), of([3, 4]), of([4])], build: ([x, W, b]) => linear(x, W, b) },
    { inputs: [of(['N', 3]), of([4, 3]), of([4])], build: ([x, W, b]) => linear(x, transpose(W), b) },
    { inputs: [of([4, 3]), of(['N', 3]), of([4, 1])], build: ([W, x, b]) => linear(W, transpose(x), b) },
    { inputs: [of([3, 5]), of([4, 3]), of([])], build: ([x, W, b]) => linear(transpose(x), transpose(W), b) },
    { inputs: [of(['N', 2, 3]), of([3, 4]), of([4])], build: ([x, W, b]) => linear(x, W, b) },
    { inputs: [of([2, 2, 3]), of([3, 4]), of([4])], build: ([x, W, b]) => linear(x, W, b) },
  ],
};

/** The inputs of a sample as symbolic tensors. */
export function symbolic(sample: Sample): Tensor[] {
  return sample.inputs.map(({ shape }, at) => input(`x${at}`, shape));
}
