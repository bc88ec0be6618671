import type { Parameters } from '../model.ts';

const BETA = [0.9, 0.999] as const;
const EPSILON = 1e-8;

/** Adam (Kingma & Ba 2015) over arrays of parameters that are moved in place; for networks of a moment's fitting. */
export class Adam {
  readonly #parameters: Parameters;
  readonly #first: Readonly<Record<string, Float32Array>>;
  readonly #second: Readonly<Record<string, Float32Array>>;
  #step = 0;

  constructor(parameters: Parameters) {
    const zeros = () =>
      Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, new Float32Array(data.length)]));
    this.#parameters = parameters;
    this.#first = zeros();
    this.#second = zeros();
  }

  /** @param gradientOf the derivative of the loss with respect to a parameter, by its name */
  move(gradientOf: (name: string) => Float32Array, learningRate: number): void {
    this.#step++;
    const firstScale = 1 / (1 - BETA[0] ** this.#step);
    const secondScale = 1 / (1 - BETA[1] ** this.#step);
    for (const [name, { data }] of Object.entries(this.#parameters)) {
      const gradient = gradientOf(name);
      const [first, second] = [this.#first[name], this.#second[name]];
      for (let i = 0; i < data.length; i++) {
        first[i] = BETA[0] * first[i] + (1 - BETA[0]) * gradient[i];
        second[i] = BETA[1] * second[i] + (1 - BETA[1]) * gradient[i] ** 2;
        data[i] -= (learningRate * firstScale * first[i]) / (Math.sqrt(secondScale * second[i]) + EPSILON);
      }
    }
  }
}
