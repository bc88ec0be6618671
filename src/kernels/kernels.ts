import type { Crew, SharedWork } from './crew.ts';
import { type KernelArray, LinearMemory, PAGE } from './memory.ts';
import { PackedKernels } from './packed.ts';
import { instantiate, type KernelExports, kernelExports } from './wasm-exports.ts';

/** Parameters in a piece of Adam's work: some ten microseconds. */
const ADAM_PIECE = 2 ** 14;

/** Parameters below which one thread is quicker alone than waking another. */
const ADAM_SHARED_FROM = 2 ** 16;

export interface KernelOptions {
  /** Room for all arrays together; only what is used is taken from the machine. Default 1 GiB. */
  readonly capacityBytes?: number;
}

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Systems A x = b of one size, one after the other. */
export interface PackedSystems<Values extends KernelArray> {
  readonly size: number;
  /** Lower triangles row by row, element (i, j), j ≤ i, at i(i+1)/2 + j: count × size(size+1)/2. */
  readonly matrices: Values;
  /** count × size. */
  readonly rightSides: Values;
  /** count × size, written. May be `rightSides`. */
  readonly solutions: Values;
  /** Packed inverses, written when given: count × size(size+1)/2. */
  readonly inverses?: Values;
  /** Added to every diagonal. Default 0. */
  readonly ridge?: number;
}

/** Fused SIMD loops over one linear memory. All arrays given to them must lie in it. */
export class Kernels {
  readonly memory: LinearMemory;
  /** Products and inverses of packed symmetric matrices. */
  readonly packed: PackedKernels;
  readonly #wasm: KernelExports;
  readonly #crew: Crew | undefined;

  /** In Node use `loadKernels`, in a browser `instantiateKernels`. */
  constructor(module: WebAssembly.Module, memory: LinearMemory, crew?: Crew) {
    this.memory = memory;
    this.#crew = crew;
    this.#wasm = kernelExports(instantiate(module, memory.storage.wasm));
    if (this.#wasm.firstFreeByte() > PAGE) throw new Error("the kernels' own data does not fit the first page");
    this.packed = new PackedKernels(memory, {
      seats: crew?.seats ?? 1,
      run: (work) => this.#run(work),
      scratchBytes: this.#wasm.invertAllScratch,
    });
  }

  /** Threads that share the work now; others may still be starting. */
  get threads(): number {
    return this.#crew?.threads ?? 1;
  }

  /** Ends the helping threads, if there are any; the arrays stay readable. */
  async release(): Promise<void> {
    await this.#crew?.release();
  }

  /**
   * Adam (Kingma & Ba 2015), step t = 1, 2, …, with the bias correction of the paper and of PyTorch, in one pass:
   * moves `parameters` against `gradients` and updates both moments.
   */
  adam(
    arrays: { parameters: Float32Array; gradients: Float32Array; first: Float32Array; second: Float32Array },
    t: number,
    learningRate: number,
    { beta1, beta2, epsilon }: AdamSettings,
  ): void {
    const { length } = arrays.parameters;
    const correction1 = 1 - beta1 ** t;
    const root = Math.sqrt(1 - beta2 ** t);
    const values = [
      this.#address(arrays.parameters, length),
      this.#address(arrays.gradients, length),
      this.#address(arrays.first, length),
      this.#address(arrays.second, length),
      (learningRate * root) / correction1,
      epsilon * root,
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
    ];
    this.#run({ kernel: 'adam', count: length, units: ADAM_PIECE, sharedFrom: ADAM_SHARED_FROM, values });
  }

  /** x ← factor · x. */
  scale(x: Float32Array, factor: number): void {
    this.#wasm.scale(this.#address(x, x.length), x.length, factor);
  }

  /** y ← y + factor · x. */
  addScaled(y: Float32Array, x: Float32Array, factor: number): void {
    this.#wasm.addScaled(this.#address(y, y.length), this.#address(x, y.length), y.length, factor);
  }

  /** x ← x · max(numerator, 0) / max(denominator, floor), the update of non-negative factorisations. */
  multiplicativeUpdate(x: Float32Array, numerator: Float32Array, denominator: Float32Array, floor: number): void {
    const { length } = x;
    const above = this.#address(numerator, length);
    this.#wasm.multiplicativeUpdate(this.#address(x, length), above, this.#address(denominator, length), length, floor);
  }

  /**
   * Solves many small symmetric positive definite systems by Cholesky factorisation in float64.
   *
   * @returns how many were not positive definite; their solutions (and inverses) are zeros
   */
  solvePacked<Values extends KernelArray>(systems: PackedSystems<Values>): number {
    const { size, matrices, rightSides, solutions, inverses, ridge = 0 } = systems;
    const packed = (size * (size + 1)) / 2;
    const count = matrices.length / packed;
    if (!Number.isInteger(count)) {
      throw new RangeError(`${matrices.length} values are not packed matrices of size ${size} (${packed} values each)`);
    }
    return this.memory.scratch(() => {
      const scratch = this.memory.allocateFloat64(size * size + 2 * size);
      return this.#wasm.solvePacked(
        this.#address(matrices, count * packed),
        this.#address(rightSides, count * size),
        this.#address(solutions, count * size),
        inverses === undefined ? 0 : this.#address(inverses, count * packed),
        count,
        size,
        ridge,
        matrices instanceof Float64Array ? 1 : 0,
        this.#address(scratch, scratch.length),
      );
    });
  }

  #run(work: SharedWork): void {
    const { kernel, count, sharedFrom, values } = work;
    if (this.#crew !== undefined && count >= sharedFrom) this.#crew.run(work);
    else this.#wasm[kernel](0, count, ...values);
  }

  #address(array: KernelArray, length: number): number {
    return this.memory.addressOf(array, length);
  }
}

/** Compiles the kernels from the bytes of kernels.wasm; for the browser. */
export async function instantiateKernels(
  bytes: ArrayBuffer | Uint8Array<ArrayBuffer>,
  options: KernelOptions = {},
): Promise<Kernels> {
  return new Kernels(await WebAssembly.compile(bytes), new LinearMemory(options.capacityBytes ?? 2 ** 30));
}
