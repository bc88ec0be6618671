import { type Matrix, type Random, zeros } from '../../base/index.ts';
import type { Parameters } from '../model.ts';

/** The latents of all N training objects while a GPLVM is fitted. */
export interface TrainingLatents {
  /** Whether they are distributions, of which a pass over the objects had better see several samples. */
  readonly sampled: boolean;
  /** Called before each pass over the objects. */
  beginEpoch(signal?: AbortSignal): Promise<void>;
  /** Latents of the chosen objects, B × Q: their points, or samples. */
  sample(chosen: Uint32Array, random: Random, latent: Float32Array): Promise<void>;
  /**
   * Moves the chosen objects, which are those that were sampled last.
   *
   * @param gradient of −E[ln p] of each object with respect to what `sample` gave, B × Q; `scale` multiplies it
   * @param visits how often each object has been moved, this time included
   */
  step(chosen: Uint32Array, gradient: Float32Array, scale: number, visits: number, learningRate: number): Promise<void>;
  /** Points or means, N × Q. */
  means(): Matrix;
  /** Mean over objects of KL(q(z) ‖ N(0, I)); for points −ln of the prior's density but for its constant. */
  divergence(): number;
  /** What of them the run's graphs need, as views. */
  parameters(): Parameters;
  /** Everything that a resumed fit needs, as views. */
  arrays(): Parameters;
  release(): Promise<void>;
}

const ADAM = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };

/** Latents as points that Adam moves: each object is stepped when a minibatch holds it. */
export class PointTable implements TrainingLatents {
  readonly sampled = false;
  readonly #point: Matrix;
  readonly #first: Matrix;
  readonly #second: Matrix;
  readonly #underPrior: boolean;

  /** @param underPrior whether the points are held by the prior N(0, I) */
  constructor(start: Matrix, underPrior: boolean) {
    const { rows, columns } = start;
    this.#point = { rows, columns, data: Float32Array.from(start.data) };
    this.#first = zeros(rows, columns);
    this.#second = zeros(rows, columns);
    this.#underPrior = underPrior;
  }

  async beginEpoch(): Promise<void> {}

  async sample(chosen: Uint32Array, _random: Random, latent: Float32Array): Promise<void> {
    const { columns, data } = this.#point;
    for (const [at, object] of chosen.entries()) {
      latent.set(data.subarray(object * columns, (object + 1) * columns), at * columns);
    }
  }

  async step(
    chosen: Uint32Array,
    gradient: Float32Array,
    scale: number,
    visits: number,
    learningRate: number,
  ): Promise<void> {
    const { columns, data } = this.#point;
    const { beta1, beta2, epsilon } = ADAM;
    const [first, second] = [this.#first.data, this.#second.data];
    const rate = learningRate / (1 - beta1 ** visits);
    const perSecond = 1 / (1 - beta2 ** visits);
    for (let row = 0, at = 0; row < chosen.length; row++) {
      for (let where = chosen[row] * columns, q = 0; q < columns; q++, where++, at++) {
        const slope = scale * gradient[at] + (this.#underPrior ? data[where] : 0);
        first[where] = beta1 * first[where] + (1 - beta1) * slope;
        second[where] = beta2 * second[where] + (1 - beta2) * slope * slope;
        data[where] -= (rate * first[where]) / (Math.sqrt(second[where] * perSecond) + epsilon);
      }
    }
  }

  means(): Matrix {
    return this.#point;
  }

  divergence(): number {
    if (!this.#underPrior) return 0;
    let total = 0;
    for (const value of this.#point.data) total += 0.5 * value * value;
    return total / this.#point.rows;
  }

  parameters(): Parameters {
    return {};
  }

  arrays(): Parameters {
    const named = ({ rows, columns, data }: Matrix) => ({ shape: [rows, columns], data });
    return {
      'latent.point': named(this.#point),
      'latent.first': named(this.#first),
      'latent.second': named(this.#second),
    };
  }

  async release(): Promise<void> {}
}
