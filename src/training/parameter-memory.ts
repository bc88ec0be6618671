import type { NamedArray, Parameters } from '../models/index.ts';
import type { Allocate } from './feeds.ts';

/** Arrays start on a cache line (16 float32), which the runtime and the SIMD kernels like best. */
const ALIGNMENT = 16;

/**
 * All descended parameters in one stretch of memory, with their gradients and Adam's moments in three more of the same
 * layout, so that one kernel call moves everything. Padding between parameters is zero and stays zero.
 */
export class ParameterMemory {
  readonly values: Float32Array;
  readonly gradients: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** The values at the best epoch so far. */
  readonly best: Float32Array;
  /** Views by parameter name. */
  readonly valueViews: Readonly<Record<string, Float32Array>>;
  readonly gradientViews: Readonly<Record<string, Float32Array>>;
  readonly #layout: readonly { readonly name: string; readonly shape: readonly number[]; readonly start: number }[];

  constructor(initial: Parameters, allocate: Allocate) {
    let length = 0;
    this.#layout = Object.entries(initial).map(([name, { shape, data }]) => {
      const start = length;
      length += Math.ceil(data.length / ALIGNMENT) * ALIGNMENT;
      return { name, shape, start };
    });
    this.values = allocate(length);
    this.gradients = allocate(length);
    this.firstMoment = allocate(length);
    this.secondMoment = allocate(length);
    this.best = new Float32Array(length);
    this.valueViews = this.#views(this.values);
    this.gradientViews = this.#views(this.gradients);
    for (const [name, { data }] of Object.entries(initial)) this.valueViews[name].set(data);
    this.best.set(this.values);
  }

  keepAsBest(): void {
    this.best.set(this.values);
  }

  /** Goes on from the best parameters with fresh moments: those of steps that led away from them would lead away again. */
  returnToBest(): void {
    this.values.set(this.best);
    this.firstMoment.fill(0);
    this.secondMoment.fill(0);
  }

  /** Copies of the best parameters, by name. */
  bestParameters(): Parameters {
    const views = this.#views(this.best);
    return Object.fromEntries(this.#layout.map(({ name, shape }) => [name, { shape, data: views[name].slice() }]));
  }

  /** Everything that a checkpoint must hold, as it lies in memory. */
  arrays(): Readonly<Record<'values' | 'firstMoment' | 'secondMoment' | 'best', NamedArray>> {
    const flat = (data: Float32Array) => ({ shape: [data.length], data });
    return {
      values: flat(this.values),
      firstMoment: flat(this.firstMoment),
      secondMoment: flat(this.secondMoment),
      best: flat(this.best),
    };
  }

  /** Puts back what `arrays` gave; false when the lengths are those of another network. */
  restore(arrays: Parameters): boolean {
    const own = this.arrays();
    const fits = Object.entries(own).every(([name, { data }]) => arrays[name]?.data.length === data.length);
    if (fits) for (const [name, { data }] of Object.entries(own)) data.set(arrays[name].data);
    return fits;
  }

  #views(of: Float32Array): Record<string, Float32Array> {
    const sizeOf = (shape: readonly number[]) => shape.reduce((size, dimension) => size * dimension, 1);
    return Object.fromEntries(
      this.#layout.map(({ name, shape, start }) => [name, of.subarray(start, start + sizeOf(shape))]),
    );
  }
}
