import { apply } from '../apply.ts';
import { broadcastValue, indexAt } from '../host.ts';
import type { Family, HostTensor, Tensor } from '../operation.ts';
import { broadcast, describeShape, GraphError, type Shape, sameShape, sizeOf } from '../shape.ts';
import { add } from './arithmetic.ts';
import { reshape, transpose } from './arrangement.ts';
import { separated } from './factor.ts';

export interface ProductOptions {
  /** Use the transpose of the last two axes of the first factor. */
  readonly transposeA?: boolean;
  /** The same for the second factor. */
  readonly transposeB?: boolean;
  /** A number that multiplies the product, at no cost. Default 1. */
  readonly scale?: number;
}

const lastTwo = (shape: Shape, transposed: boolean): Shape =>
  transposed ? [shape[shape.length - 1], shape[shape.length - 2]] : shape.slice(-2);

function productShape(a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): Shape {
  const [rows, inner] = a.length < 2 ? [] : lastTwo(a, transposeA);
  const [innerB, columns] = b.length < 2 ? [] : lastTwo(b, transposeB);
  if (inner === undefined || inner !== innerB || rows === undefined || columns === undefined) {
    const name = (shape: Shape, flag: boolean) => `${describeShape(shape)}${flag ? 'ᵀ' : ''}`;
    throw new GraphError(`matrix product of ${name(a, transposeA)} and ${name(b, transposeB)}`);
  }
  return [...broadcast(a.slice(0, -2), b.slice(0, -2)), rows, columns];
}

function productGradients(
  a: Tensor,
  b: Tensor,
  { transposeA, transposeB, scale }: Required<ProductOptions>,
  gradient: Tensor,
): (() => Tensor)[] {
  return [
    () =>
      transposeA
        ? matmul(b, gradient, { transposeA: transposeB, transposeB: true, scale })
        : matmul(gradient, b, { transposeB: !transposeB, scale }),
    () =>
      transposeB
        ? matmul(gradient, a, { transposeA: true, transposeB: transposeA, scale })
        : matmul(a, gradient, { transposeA: !transposeA, scale }),
  ];
}

export const products: Family<'matmul' | 'linear'> = {
  matmul: {
    shape: ([a, b], { transposeA, transposeB }) => productShape(a, b, transposeA, transposeB),
    gradient: ({ inputs: [a, b], attributes, gradient }) => productGradients(a, b, attributes, gradient),
    onnx({ inputs: [a, b], inputShapes, attributes: { transposeA, transposeB, scale }, node, floats }) {
      const ranks = inputShapes.map((shape) => shape.length);
      if (ranks[0] === 2 && ranks[1] === 2) {
        const alpha = scale === 1 ? {} : { alpha: { float: scale } };
        return node('Gemm', [a, b], { transA: Number(transposeA), transB: Number(transposeB), ...alpha });
      }
      // ONNX Runtime folds these transposes, and the scale, into its batched product.
      const turned = (name: string, rank: number) =>
        node('Transpose', [name], { perm: [...Array(rank - 2).keys(), rank - 1, rank - 2] });
      const plain = node('MatMul', [transposeA ? turned(a, ranks[0]) : a, transposeB ? turned(b, ranks[1]) : b]);
      return scale === 1 ? plain : node('Mul', [plain, floats([scale], [])]);
    },
    reference: ({ inputs: [a, b], attributes: { transposeA, transposeB, scale }, shape }) =>
      product(a, b, transposeA, transposeB, shape).map((value) => scale * value),
  },
  linear: {
    shape([a, b, bias], { transposeA, transposeB }) {
      const shape = productShape(a, b, transposeA, transposeB);
      if (shape.length !== 2 || !sameShape(broadcast(shape, bias), shape)) {
        throw new GraphError(`linear layer of ${describeShape(shape)} with bias ${describeShape(bias)}`);
      }
      return shape;
    },
    gradient: ({ inputs: [a, b], attributes, gradient }) => [
      ...productGradients(a, b, { ...attributes, scale: 1 }, gradient),
      () => gradient,
    ],
    onnx: ({ inputs, attributes: { transposeA, transposeB }, node }) =>
      node('Gemm', inputs, { transA: Number(transposeA), transB: Number(transposeB) }),
    reference({ inputs: [a, b, bias], attributes: { transposeA, transposeB }, shape }) {
      const result = product(a, b, transposeA, transposeB, shape);
      return result.map((value, position) => value + broadcastValue(bias, indexAt(position, shape)));
    },
  },
};

function product(
  a: HostTensor,
  b: HostTensor,
  transposeA: boolean,
  transposeB: boolean,
  shape: readonly number[],
): Float64Array {
  const inner = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const result = new Float64Array(sizeOf(shape));
  for (let position = 0; position < result.length; position++) {
    const index = indexAt(position, shape);
    const batch = index.slice(0, -2);
    const [row, column] = index.slice(-2);
    let total = 0;
    for (let k = 0; k < inner; k++) {
      const left = broadcastValue(a, [...batch, ...(transposeA ? [k, row] : [row, k])]);
      const right = broadcastValue(b, [...batch, ...(transposeB ? [column, k] : [k, column])]);
      total += left * right;
    }
    result[position] = total;
  }
  return result;
}

/** The matrix product over the last two axes, broadcast over those before. */
export function matmul(a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, scale = 1 } = options;
  const [left, right] = [separated(a), separated(b)];
  const [first, turnedA] = withoutTranspose(left.core, transposeA);
  const [second, turnedB] = withoutTranspose(right.core, transposeB);
  const factor = scale * left.factor * right.factor;
  if (isBetterTurned(first, turnedA, second, turnedB)) {
    const turned = { transposeA: false, transposeB: !turnedA, scale: factor };
    return transpose(apply('matmul', products.matmul, [second, first], turned));
  }
  const attributes = { transposeA: turnedA, transposeB: turnedB, scale: factor };
  return apply('matmul', products.matmul, [first, second], attributes);
}

/**
 * Whether A·Bᵀ had better be worked out as (B·Aᵀ)ᵀ. The runtime copies the second factor into blocks before it
 * multiplies; where A has few rows and B is large (a minibatch times weights stored outputs × inputs) this copy costs
 * a third of the product. The transpose is left to whoever takes the result, mostly another product.
 */
function isBetterTurned(a: Tensor, turnedA: boolean, b: Tensor, turnedB: boolean): boolean {
  if (!turnedB || a.shape.length !== 2 || b.shape.length !== 2) return false;
  const [rows, inner] = lastTwo(a.shape, turnedA);
  const [columns] = b.shape;
  if (rows === 'N' || inner === 'N' || columns === 'N') return false;
  return rows <= 256 && columns >= rows && inner >= 2 * rows;
}

/** A transpose of the last two axes costs nothing when the product does it. */
function withoutTranspose(x: Tensor, transposed: boolean): [Tensor, boolean] {
  if (x.operation !== 'transpose' || x.shape.length < 2) return [x, transposed];
  const { order } = x.attributes;
  const rank = order.length;
  const swaps = order.every(
    (from, axis) => from === (axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2),
  );
  return swaps ? [x.inputs[0], !transposed] : [x, transposed];
}

/** x·W + b: x […, inputs], W [inputs, outputs], b [outputs]. */
export function linear(x: Tensor, weights: Tensor, bias: Tensor): Tensor {
  if (x.shape.length === 2) {
    const [first, transposeA] = withoutTranspose(x, false);
    const [second, transposeB] = withoutTranspose(weights, false);
    if (!isBetterTurned(first, transposeA, second, transposeB)) {
      return apply('linear', products.linear, [first, second, bias], { transposeA, transposeB });
    }
    const column = reshape(bias, [weights.shape[1], 1]);
    const turned = { transposeA: false, transposeB: !transposeA };
    return transpose(apply('linear', products.linear, [second, first, column], turned));
  }
  const rows = x.shape.slice(0, -1);
  if (rows.includes('N')) return add(matmul(x, weights), bias);
  const count = sizeOf(rows.map(Number));
  const flat = linear(reshape(x, [count, x.shape[x.shape.length - 1]]), weights, bias);
  return reshape(flat, [...rows, weights.shape[1]]);
}
