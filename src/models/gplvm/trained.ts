import type { AdamSettings, Kernels } from '../../kernels/index.ts';
import type { NamedArray, Parameters } from '../model.ts';

const ADAM: AdamSettings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };

/** Parameters that all objects share and Adam moves, one after the other in memory, with gradients and moments. */
export class TrainedParameters {
  /** Views by name. */
  readonly values: Readonly<Record<string, Float32Array>>;
  readonly gradients: Readonly<Record<string, Float32Array>>;
  readonly #kernels: Kernels;
  readonly #shapes: Readonly<Record<string, readonly number[]>>;
  readonly #whole: Readonly<Record<'parameters' | 'gradients' | 'first' | 'second', Float32Array>>;
  readonly #name: string;

  /** @param name tells these moments from those of other groups in a checkpoint */
  constructor(kernels: Kernels, name: string, initial: Readonly<Record<string, NamedArray>>) {
    this.#kernels = kernels;
    this.#name = name;
    this.#shapes = Object.fromEntries(Object.entries(initial).map(([key, { shape }]) => [key, shape]));
    const length = Object.values(initial).reduce((total, { data }) => total + data.length, 0);
    const whole = () => kernels.memory.allocate(length);
    this.#whole = { parameters: whole(), gradients: whole(), first: whole(), second: whole() };
    const views = (of: Float32Array) => {
      let start = 0;
      return Object.fromEntries(
        Object.entries(initial).map(([key, { data }]) => {
          const view = of.subarray(start, start + data.length);
          start += data.length;
          return [key, view];
        }),
      );
    };
    this.values = views(this.#whole.parameters);
    this.gradients = views(this.#whole.gradients);
    for (const [key, { data }] of Object.entries(initial)) this.values[key].set(data);
  }

  /** @param t steps so far, this one included */
  step(t: number, learningRate: number): void {
    this.#kernels.adam(this.#whole, t, learningRate, ADAM);
  }

  parameters(): Parameters {
    return Object.fromEntries(
      Object.entries(this.values).map(([key, data]) => [key, { shape: this.#shapes[key], data }]),
    );
  }

  /** Parameters and moments, as views. */
  arrays(): Parameters {
    const { first, second } = this.#whole;
    const moment = (data: Float32Array): NamedArray => ({ shape: [data.length], data });
    return {
      ...this.parameters(),
      [`${this.#name}.first`]: moment(first),
      [`${this.#name}.second`]: moment(second),
    };
  }
}
