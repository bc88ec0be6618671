/**
 * q(v) of a block: Gaussians over the F whitened weights of the features of each of D outputs, held as sites Λ and h, running
 * averages of what minibatches say all objects add (stochastic variational inference: Hoffman et al. 2013). Then
 * S = (I + Λ)⁻¹ and m = S h (design: natural-gradient steps). R = F(F+1)/2.
 */

import { UserError } from '../../base/index.ts';
import { input, linear, multiply, type Runtime, type Session, transpose, writeOnnx } from '../../graph/index.ts';
import type { Kernels } from '../../kernels/index.ts';
import type { Parameters } from '../model.ts';
import type { Block } from './views.ts';

export interface SiteArrays {
  /** Λ: packed lower triangles, D × R. */
  readonly precision: Float32Array;
  /** h, F × D */
  readonly right: Float32Array;
  /** S: packed, off-diagonals doubled, D × R. */
  readonly covariance: Float32Array;
  /** m, F × D */
  readonly mean: Float32Array;
  /** KL(q(v_d) ‖ N(0, I)), length D. */
  readonly divergence: Float64Array;
}

/** Below this share of it sums are multiplied at once, before what is added in their units grows too large. */
const LEAST_FACTOR = 1e-3;

export class Sites {
  readonly arrays: SiteArrays;
  readonly #block: Block;
  readonly #features: number;
  readonly #kernels: Kernels;
  readonly #session: Session;
  /** What the sums in memory are still to be multiplied by: forgetting is put off, as they are large. */
  #factor = 1;

  private constructor(block: Block, features: number, kernels: Kernels, session: Session) {
    const { memory } = kernels;
    const packed = (features * (features + 1)) / 2;
    const { outputs } = block;
    this.#block = block;
    this.#features = features;
    this.#kernels = kernels;
    this.#session = session;
    this.arrays = {
      precision: memory.allocate(packed * outputs),
      right: memory.allocate(features * outputs),
      covariance: memory.allocate(packed * outputs),
      mean: memory.allocate(features * outputs),
      divergence: memory.allocateFloat64(outputs),
    };
  }

  /** @param objects B, of every call of `add` */
  static async load(
    block: Block,
    features: number,
    objects: number,
    kernels: Kernels,
    runtime: Runtime,
  ): Promise<Sites> {
    const packed = (features * (features + 1)) / 2;
    const matrix = (name: string, columns: number) => input(name, [objects, columns]);
    const rate = input('rate', [block.outputs, objects]);
    const weight = input('weight', []);
    const before = {
      precision: input('precision', [block.outputs, packed]),
      right: input('right', [features, block.outputs]),
    };
    // A product that is added to a matrix is added in place when its output lies over that matrix.
    const sums = {
      precisionAfter: linear(multiply(rate, weight), matrix('products', packed), before.precision),
      rightAfter: linear(
        transpose(matrix('features', features)),
        multiply(matrix('target', block.outputs), weight),
        before.right,
      ),
    };
    const session = await runtime.createSession(writeOnnx({ name: 'sites', outputs: sums }));
    return new Sites(block, features, kernels, session);
  }

  /** Multiplies both sums, which makes them forget. */
  scale(factor: number): void {
    this.#factor *= factor;
    if (this.#factor < LEAST_FACTOR) this.#catchUp();
  }

  #catchUp(): void {
    if (this.#factor === 1) return;
    this.#kernels.scale(this.arrays.precision, this.#factor);
    this.#kernels.scale(this.arrays.right, this.#factor);
    this.#factor = 1;
  }

  /**
   * Adds `weight` times what B objects say: Λ += weight Σ rate · a aᵀ, h += weight Σ target · a.
   *
   * @param rows features B × F, products B × R, rate D × B, target B × D
   */
  async add(
    rows: Readonly<Record<'features' | 'products' | 'rate' | 'target', Float32Array>>,
    weight: number,
  ): Promise<void> {
    const { precision, right } = this.arrays;
    await this.#session.run(
      { ...rows, precision, right, weight: Float32Array.of(weight / this.#factor) },
      { precisionAfter: precision, rightAfter: right },
    );
  }

  /**
   * Works S, m and the divergence out from the sites.
   *
   * @throws UserError when they are not finite
   */
  refresh(): void {
    this.#catchUp();
    const { precision, right, covariance, mean, divergence } = this.arrays;
    const { refused } = this.#kernels.packed.invertAll({
      size: this.#features,
      count: this.#block.outputs,
      precision,
      right,
      inverse: covariance,
      solution: mean,
      divergence,
    });
    if (refused > 0) {
      throw new UserError(
        `training diverged: ${refused} of the ${this.#block.outputs} outputs of "${this.#block.name}" are no longer finite; look for wild values in the data, or take more inducing points or fewer latents.`,
      );
    }
  }

  /** The sites as the last `refresh` found them, which are all that a resumed fit needs, as views. */
  saved(): Parameters {
    const { precision, right } = this.arrays;
    const { outputs, name } = this.#block;
    return {
      [`${name}.sitePrecisions`]: { shape: [outputs, precision.length / outputs], data: precision },
      [`${name}.siteRight`]: { shape: [this.#features, outputs], data: right },
    };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
