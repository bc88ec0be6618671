import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  add,
  constant,
  countMatrixProductFlops,
  divide,
  expand,
  gradients,
  input,
  linear,
  matmul,
  mean,
  multiply,
  negate,
  type OperationName,
  parameter,
  relu,
  reshape,
  square,
  subtract,
  sum,
  type Tensor,
  transpose,
} from './index.ts';
import { inOrder } from './walk.ts';

const operationsIn = (...outputs: Tensor[]): OperationName[] =>
  inOrder(outputs)
    .map(({ operation }) => operation)
    .filter((operation) => !['input', 'parameter', 'constant'].includes(operation));

describe('building a graph', () => {
  const x = input('x', ['N', 4]);
  const y = input('y', ['N', 4]);

  it('makes the same tensor once, whichever way round a sum or product is written', () => {
    assert.equal(multiply(x, y), multiply(y, x));
    assert.equal(sum(square(add(x, y)), [1]), sum(square(add(y, x)), [1]));
    assert.notEqual(subtract(x, y), subtract(y, x));
    assert.notEqual(sum(x, [0]), sum(x, [1]));
    assert.equal(multiply(x, 2), multiply(x, constant(2)));
    assert.notEqual(multiply(x, 2), multiply(x, 3));
  });

  it('leaves out what changes nothing', () => {
    assert.equal(add(x, 0), x);
    assert.equal(multiply(1, x), x);
    assert.equal(negate(negate(x)), x);
    assert.equal(transpose(transpose(x)), x);
    assert.equal(reshape(reshape(x, [4, 'N']), ['N', 4]), x);
    assert.equal(sum(x, []), x);
  });

  it('merges fixed factors and lets matrix products carry them', () => {
    const halved = multiply(divide(x, 4), 2);
    assert.deepEqual(operationsIn(halved), ['multiply']);
    const product = matmul(negate(halved), multiply(y, 3), { transposeB: true });
    assert.deepEqual(operationsIn(product), ['matmul']);
    assert.ok(product.operation === 'matmul' && product.attributes.scale === -1.5);
    assert.deepEqual(operationsIn(matmul(transpose(x), y)), ['matmul']);
  });

  it('keeps expansion outermost, so that what is repeated is worked out once', () => {
    const spread = square(expand(parameter('b', [4]), ['N', 4]));
    assert.equal(spread.operation, 'expand');
    assert.deepEqual(operationsIn(add(spread, x)), ['square', 'add']);
  });

  it('shares between loss and gradients: a linear network has three products a layer but two in the first', () => {
    const spectra = input('spectra', [8, 5]);
    const W = parameter('W', [5, 3]);
    const V = parameter('V', [3, 5]);
    const hidden = relu(linear(spectra, W, parameter('b', [3])));
    const residual = subtract(matmul(hidden, V), spectra);
    const loss = mean(sum(square(residual), [1]));
    const all = [loss, ...gradients(loss, [W, V])];
    assert.equal(operationsIn(...all).filter((name) => name === 'matmul' || name === 'linear').length, 5);
    assert.equal(countMatrixProductFlops(all), 5 * 2 * 8 * 5 * 3);
    assert.equal(countMatrixProductFlops([linear(x, parameter('U', [4, 2]), parameter('c', [2]))], 10), 2 * 10 * 4 * 2);
    const scalar = operationsIn(...all).filter((name) => name === 'expand');
    assert.deepEqual(scalar, [], 'the gradient of a sum is not spread out');
  });

  it('works few rows times large stored weights out transposed, and passes the transpose on to the next product', () => {
    const spectra = input('spectra', [4, 20]);
    const W = parameter('W', [10, 20]);
    const V = parameter('V', [20, 10]);
    const b = parameter('b', [10]);
    const hidden = relu(linear(spectra, transpose(W), b));
    assert.equal(hidden.operation, 'transpose');
    const output = matmul(hidden, V, { transposeB: true });
    assert.deepEqual(operationsIn(output), ['reshape', 'linear', 'relu', 'matmul', 'transpose']);
    const loss = sum(square(output));
    const all = operationsIn(loss, ...gradients(loss, [W, V, b]));
    assert.equal(all.filter((name) => name === 'transpose').length, 0);
    const many = linear(input('many', [512, 20]), transpose(W), b);
    assert.equal(many.operation, 'linear', 'with many rows the copy is small beside the product');
  });

  it('differentiates only what was asked for, and gives zeros for what the value does not depend on', () => {
    const W = parameter('W', [4, 2]);
    const unused = parameter('unused', [3]);
    const loss = sum(matmul(relu(x), W));
    const [ofW, none] = gradients(loss, [W, unused]);
    assert.ok(!operationsIn(ofW).includes('greater'), 'the ReLU before W needs no gradient');
    assert.deepEqual(none.shape, [3]);
    assert.deepEqual(operationsIn(none), ['expand']);
  });
});
