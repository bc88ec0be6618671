import type { SharedWork } from './crew.ts';
import type { LinearMemory } from './memory.ts';

/** Products in a piece of shared work: some ten microseconds. */
const PIECE = 2 ** 15;

/**
 * Algebra of many symmetric matrices of one size M, packed: the lower triangle row by row, element (i, j), j ≤ i, at
 * i(i+1)/2 + j, P = M(M+1)/2 values each. Reached as `kernels.packed`; arrays must lie in the kernels' memory.
 * Threads share the work; results do not depend on how many they are.
 */
export class PackedKernels {
  readonly #memory: LinearMemory;
  readonly #run: (work: SharedWork) => void;

  constructor(memory: LinearMemory, run: (work: SharedWork) => void) {
    this.#memory = memory;
    this.#run = run;
  }

  /**
   * Outer products of rows with themselves: into[n, (i, j)] ← a[n, i] · a[n, j].
   *
   * @param a B × `size`
   * @param into B × P, written
   */
  outerProducts(size: number, a: Float32Array, into: Float32Array): void {
    const count = rowsOf(a, size);
    const values = [
      this.#memory.addressOf(a, count * size),
      this.#memory.addressOf(into, count * packedLength(size)),
      size,
    ];
    this.#run({ kernel: 'outerProducts', count, units: rowsInPiece(size), values });
  }

  /**
   * The adjoint of `outerProducts`: into[n, i] ← 2 g[n, (i, i)] a[n, i] + Σ_{j≠i} g[n, (i, j)] a[n, j], the gradient
   * along a for the gradient g along the products.
   *
   * @param a B × `size`
   * @param gradient B × P
   * @param into B × `size`, written; not `a`
   */
  outerProductsAdjoint(size: number, a: Float32Array, gradient: Float32Array, into: Float32Array): void {
    const count = rowsOf(a, size);
    const values = [
      this.#memory.addressOf(a, count * size),
      this.#memory.addressOf(gradient, count * packedLength(size)),
      this.#memory.addressOf(into, count * size),
      size,
    ];
    this.#run({ kernel: 'outerProductsAdjoint', count, units: rowsInPiece(size), values });
  }
}

function packedLength(size: number): number {
  return (size * (size + 1)) / 2;
}

function rowsInPiece(size: number): number {
  return Math.ceil(PIECE / packedLength(size));
}

function rowsOf(a: Float32Array, size: number): number {
  const count = a.length / size;
  if (!Number.isInteger(count)) throw new RangeError(`${a.length} values are not rows of ${size}`);
  return count;
}
