import type { AdamSettings, Kernels } from './kernels.ts';

/** What a checkpoint keeps to go on exactly: copy the arrays out, and back into a new Adam's. */
export interface AdamState {
  steps: number;
  readonly first: readonly Float32Array[];
  readonly second: readonly Float32Array[];
}

/** Adam over a list of parameter arrays, moments included. */
export class Adam {
  readonly state: AdamState;
  readonly #kernels: Kernels;
  readonly #parameters: readonly Float32Array[];
  readonly #gradients: readonly Float32Array[];
  readonly #settings: AdamSettings;

  /**
   * @param parameters arrays in the kernels' memory, moved in place by `step`
   * @param gradients arrays of the same lengths, which each training step fills
   */
  constructor(
    kernels: Kernels,
    parameters: readonly Float32Array[],
    gradients: readonly Float32Array[],
    settings: Partial<AdamSettings> = {},
  ) {
    this.#kernels = kernels;
    this.#parameters = parameters;
    this.#gradients = gradients;
    this.#settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...settings };
    const zeros = () => parameters.map(({ length }) => kernels.memory.allocate(length));
    this.state = { steps: 0, first: zeros(), second: zeros() };
  }

  step(learningRate: number): void {
    const t = ++this.state.steps;
    for (let i = 0; i < this.#parameters.length; i++) {
      const arrays = {
        parameters: this.#parameters[i],
        gradients: this.#gradients[i],
        first: this.state.first[i],
        second: this.state.second[i],
      };
      this.#kernels.adam(arrays, t, learningRate, this.#settings);
    }
  }
}
