import type { SharedWork, Workforce } from './crew.ts';
import type { LinearMemory } from './memory.ts';

/** Products in a piece of shared work: some ten microseconds. */
const PRODUCTS_PIECE = 2 ** 15;

/** Pieces of products below which one thread is quicker alone than waking another. */
const SHARED_FROM = 4;

/** Outputs in a piece of `invertAll`, which works on two together: some milliseconds. */
const OUTPUTS_PIECE = 8;

/** Gaussian posteriors of D outputs over M inducing values each. */
export interface PackedPosteriors {
  /** M. */
  readonly size: number;
  /** D. */
  readonly count: number;
  /** Λ, packed: D × P. */
  readonly precision: Float32Array;
  /** h: M × D. */
  readonly right: Float32Array;
  /** S = (1 + Λ)⁻¹, packed, elements beside the diagonal doubled: D × P, written. May be `precision`. */
  readonly inverse: Float32Array;
  /** m = S h: M × D, written. May be `right`. */
  readonly solution: Float32Array;
  /** ln det (1 + Λ): D, written when given. */
  readonly logDeterminant?: Float64Array;
  /** KL(N(m, S) ‖ N(0, 1)) = ½ (tr S + mᵀ m − M + ln det (1 + Λ)), nats: D, written when given. */
  readonly divergence?: Float64Array;
}

/** How many outputs `invertAll` could not take as they were; zeros when all is well. */
export interface InversionFaults {
  /** Λ was so far from positive semidefinite that it was replaced. */
  readonly replaced: number;
  /** Λ or h holds NaN, infinities or numbers beyond 1e14; the output was given the prior, S = 1 and m = 0. */
  readonly refused: number;
}

/** What `PackedKernels` needs of the kernels. */
interface PackedWorkforce extends Workforce {
  /** Bytes of scratch that each thread needs to invert matrices of a size. */
  readonly scratchBytes: (size: number) => number;
}

/**
 * Algebra of many symmetric matrices of one size M, packed: the lower triangle row by row, element (i, j), j ≤ i, at
 * i(i+1)/2 + j, P = M(M+1)/2 values each. Reached as `kernels.packed`; arrays must lie in the kernels' memory.
 * Threads share the work; results do not depend on how many they are.
 */
export class PackedKernels {
  readonly #memory: LinearMemory;
  readonly #workforce: PackedWorkforce;

  constructor(memory: LinearMemory, workforce: PackedWorkforce) {
    this.#memory = memory;
    this.#workforce = workforce;
  }

  /**
   * Outer products of rows with themselves: into[n, (i, j)] ← a[n, i] · a[n, j].
   *
   * @param size M
   * @param a B × M
   * @param into B × P, written
   */
  outerProducts(size: number, a: Float32Array, into: Float32Array): void {
    const count = rowsOf(a, size);
    const values = [this.#address(a, count * size), this.#address(into, count * packedLength(size)), size];
    this.#workforce.run({ kernel: 'outerProducts', count, values, ...rowPieces(size) });
  }

  /**
   * The adjoint of `outerProducts`: into[n, i] ← 2 g[n, (i, i)] a[n, i] + Σ_{j≠i} g[n, (i, j)] a[n, j], the gradient
   * along a for the gradient g along the products.
   *
   * @param size M
   * @param a B × M
   * @param gradient B × P
   * @param into B × M, written; not `a`
   */
  outerProductsAdjoint(size: number, a: Float32Array, gradient: Float32Array, into: Float32Array): void {
    const count = rowsOf(a, size);
    const values = [
      this.#address(a, count * size),
      this.#address(gradient, count * packedLength(size)),
      this.#address(into, count * size),
      size,
    ];
    this.#workforce.run({ kernel: 'outerProductsAdjoint', count, values, ...rowPieces(size) });
  }

  /**
   * Posteriors S = (1 + Λ)⁻¹, m = S h of all outputs, by Cholesky factorisation in float64. S is written with the
   * elements beside the diagonal doubled, so that aᵀ S a = outerProducts(a) · inverseᵀ.
   *
   * Λ is positive semidefinite, so 1 + Λ has no pivot below 1 and S no variance above 1, but rounding of Λ to float32
   * can do both where data say little. Pivots from 0.5 to 1 are raised to 1. Where pivots fall further or a variance
   * exceeds 1.01, Λ is replaced by a factorisation that leaves out what rounding cannot tell from 0: such directions
   * keep the prior's variance.
   *
   * Takes scratch of some 32 M² bytes a thread from the memory while it runs.
   */
  invertAll(posteriors: PackedPosteriors): InversionFaults {
    const { size, count, precision, right, inverse, solution, logDeterminant, divergence } = posteriors;
    const all = count * packedLength(size);
    return this.#memory.scratch(() => {
      const report = this.#memory.allocateFloat64(count);
      const scratch = this.#memory.allocateFloat64((this.#workforce.seats * this.#workforce.scratchBytes(size)) / 8);
      const values = [
        this.#address(precision, all),
        this.#address(right, count * size),
        this.#address(inverse, all),
        this.#address(solution, count * size),
        logDeterminant === undefined ? 0 : this.#address(logDeterminant, count),
        divergence === undefined ? 0 : this.#address(divergence, count),
        this.#address(report, count),
        count,
        size,
        this.#address(scratch, scratch.length),
      ];
      const pieces = { units: OUTPUTS_PIECE, sharedFrom: OUTPUTS_PIECE + 1 };
      this.#workforce.run({ kernel: 'invertAll', count, values, ...pieces });
      return faultsOf(report);
    });
  }

  #address(array: Float32Array | Float64Array, length: number): number {
    return this.#memory.addressOf(array, length);
  }
}

function faultsOf(report: Float64Array): InversionFaults {
  let replaced = 0;
  let refused = 0;
  for (const state of report) {
    if (state > 0) replaced++;
    if (state < 0) refused++;
  }
  return { replaced, refused };
}

function packedLength(size: number): number {
  return (size * (size + 1)) / 2;
}

function rowPieces(size: number): Pick<SharedWork, 'units' | 'sharedFrom'> {
  const units = Math.ceil(PRODUCTS_PIECE / packedLength(size));
  return { units, sharedFrom: SHARED_FROM * units };
}

function rowsOf(a: Float32Array, size: number): number {
  const count = a.length / size;
  if (!Number.isInteger(count)) throw new RangeError(`${a.length} values are not rows of ${size}`);
  return count;
}
