/**
 * The InfoVAE of Portillo et al. (2020) written out by hand in plain float64 loops: forward pass, loss (eq. 12, 13),
 * backward pass and Adam. Shares nothing with the graphs that it checks but the names of the parameters.
 */
export type Values = Record<string, Float64Array>;

export interface Batch {
  readonly rows: number;
  readonly spectra: Float64Array;
  readonly weight: Float64Array;
  readonly noise: Float64Array;
  readonly prior: Float64Array;
}

export interface InfovaeSizes {
  readonly pixels: number;
  readonly latents: number;
  readonly hidden: readonly number[];
  readonly lambda: number;
  readonly alpha: number;
  readonly priorSamples: number;
}

interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
}

export function layersOf({ pixels, latents, hidden }: InfovaeSizes): {
  encoder: Layer[];
  heads: Layer[];
  decoder: Layer[];
} {
  const chain = (name: string, widths: readonly number[], lastIsLinear: boolean): Layer[] =>
    widths.slice(1).map((outputs, i) => ({
      name: `${name}.${i + 1}`,
      inputs: widths[i],
      outputs,
      relu: !(lastIsLinear && i === widths.length - 2),
    }));
  const code = hidden[hidden.length - 1];
  const head = (name: string): Layer => ({ name, inputs: code, outputs: latents, relu: false });
  return {
    encoder: chain('encoder', [pixels, ...hidden], false),
    heads: [head('latentMean'), head('logVariance')],
    decoder: chain('decoder', [latents, ...[...hidden].reverse(), pixels], true),
  };
}

/** Outputs of each layer, the input first; a ReLU layer's output is after its ReLU. */
function forward(layers: readonly Layer[], parameters: Values, input: Float64Array, rows: number): Float64Array[] {
  const outputs = [input];
  for (const { name, inputs, outputs: width, relu } of layers) {
    const weight = parameters[`${name}.weight`];
    const bias = parameters[`${name}.bias`];
    const x = outputs[outputs.length - 1];
    const y = new Float64Array(rows * width);
    for (let n = 0; n < rows; n++) {
      for (let o = 0; o < width; o++) {
        let total = bias[o];
        for (let i = 0; i < inputs; i++) total += x[n * inputs + i] * weight[o * inputs + i];
        y[n * width + o] = relu ? Math.max(0, total) : total;
      }
    }
    outputs.push(y);
  }
  return outputs;
}

/** Adds the layers' gradients to `into`; returns the gradient with respect to the input. */
function backward(
  layers: readonly Layer[],
  parameters: Values,
  outputs: readonly Float64Array[],
  gradient: Float64Array,
  rows: number,
  into: Values,
): Float64Array {
  let above = gradient;
  for (let k = layers.length - 1; k >= 0; k--) {
    const { name, inputs, outputs: width, relu } = layers[k];
    const weight = parameters[`${name}.weight`];
    const x = outputs[k];
    const own = relu ? above.map((value, i) => (outputs[k + 1][i] > 0 ? value : 0)) : above;
    const below = new Float64Array(rows * inputs);
    for (let n = 0; n < rows; n++) {
      for (let o = 0; o < width; o++) {
        const g = own[n * width + o];
        into[`${name}.bias`][o] += g;
        for (let i = 0; i < inputs; i++) {
          into[`${name}.weight`][o * inputs + i] += x[n * inputs + i] * g;
          below[n * inputs + i] += weight[o * inputs + i] * g;
        }
      }
    }
    above = below;
  }
  return above;
}

function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, size: number): number {
  let total = 0;
  for (let q = 0; q < size; q++) total += (a[i * size + q] - b[j * size + q]) ** 2;
  return total;
}

/** Eq. 13 by loops over pairs. */
export function discrepancy(u: Float64Array, v: Float64Array, latents: number): number {
  const mean = (a: Float64Array, b: Float64Array) => {
    const [m, n] = [a.length / latents, b.length / latents];
    let total = 0;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) total += Math.exp(-squaredDistance(a, i, b, j, latents) / latents);
    }
    return total / (m * n);
  };
  return mean(u, u) - 2 * mean(u, v) + mean(v, v);
}

function discrepancyGradient(u: Float64Array, v: Float64Array, latents: number): Float64Array {
  const [m, n] = [u.length / latents, v.length / latents];
  const gradient = new Float64Array(u.length);
  const pull = (i: number, other: Float64Array, j: number, factor: number) => {
    const kernel = Math.exp(-squaredDistance(u, i, other, j, latents) / latents);
    for (let q = 0; q < latents; q++) {
      gradient[i * latents + q] += ((factor * -2) / latents) * kernel * (u[i * latents + q] - other[j * latents + q]);
    }
  };
  for (let i = 0; i < m; i++) {
    // Each pair of u stands twice in the double sum.
    for (let j = 0; j < m; j++) pull(i, u, j, 2 / (m * m));
    for (let j = 0; j < n; j++) pull(i, v, j, -2 / (m * n));
  }
  return gradient;
}

export interface LossAndGradient {
  readonly loss: number;
  readonly reconstruction: number;
  readonly divergence: number;
  /** Q · MMD */
  readonly discrepancy: number;
  readonly gradient: Values;
}

/** Means per spectrum over the batch. */
export function lossAndGradient(sizes: InfovaeSizes, parameters: Values, batch: Batch): LossAndGradient {
  const { pixels, latents, lambda, alpha } = sizes;
  const { rows, spectra, weight, noise, prior } = batch;
  const { encoder, heads, decoder } = layersOf(sizes);
  const encoded = forward(encoder, parameters, spectra, rows);
  const code = encoded[encoded.length - 1];
  const mean = forward([heads[0]], parameters, code, rows);
  const logVariance = forward([heads[1]], parameters, code, rows);
  const deviation = logVariance[1].map((value) => Math.exp(0.5 * value));
  const latent = mean[1].map((value, i) => value + deviation[i] * noise[i]);
  const decoded = forward(decoder, parameters, latent, rows);
  const output = decoded[decoded.length - 1];

  let reconstruction = 0;
  const outputGradient = new Float64Array(rows * pixels);
  for (let i = 0; i < output.length; i++) {
    const residual = output[i] - spectra[i];
    reconstruction += (0.5 * weight[i] * residual ** 2) / rows;
    outputGradient[i] = (weight[i] * residual) / rows;
  }
  let divergence = 0;
  for (let i = 0; i < latent.length; i++) {
    divergence += (0.5 * (mean[1][i] ** 2 + Math.exp(logVariance[1][i]) - 1 - logVariance[1][i])) / rows;
  }
  const gap = latents * discrepancy(latent, prior, latents);

  const gradient: Values = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, new Float64Array(value.length)]),
  );
  const latentGradient = backward(decoder, parameters, decoded, outputGradient, rows, gradient);
  const gapGradient = discrepancyGradient(latent, prior, latents);
  for (let i = 0; i < latent.length; i++) latentGradient[i] += (alpha + lambda - 1) * latents * gapGradient[i];
  const meanGradient = latentGradient.map((value, i) => value + ((1 - alpha) * mean[1][i]) / rows);
  const logVarianceGradient = latentGradient.map(
    (value, i) =>
      value * 0.5 * deviation[i] * noise[i] + ((1 - alpha) * 0.5 * (Math.exp(logVariance[1][i]) - 1)) / rows,
  );
  const fromMean = backward([heads[0]], parameters, mean, meanGradient, rows, gradient);
  const fromVariance = backward([heads[1]], parameters, logVariance, logVarianceGradient, rows, gradient);
  const codeGradient = fromMean.map((value, i) => value + fromVariance[i]);
  backward(encoder, parameters, encoded, codeGradient, rows, gradient);

  const loss = reconstruction + (1 - alpha) * divergence + (alpha + lambda - 1) * gap;
  return { loss, reconstruction, divergence, discrepancy: gap, gradient };
}

/** Latent means, rows × Q. */
export function encodeMean(sizes: InfovaeSizes, parameters: Values, spectra: Float64Array, rows: number): Float64Array {
  const { encoder, heads } = layersOf(sizes);
  return forward([...encoder, heads[0]], parameters, spectra, rows)[encoder.length + 1];
}

/** Adam as in Kingma & Ba (2015), Algorithm 1. */
export class ReferenceAdam {
  readonly #first: Values = {};
  readonly #second: Values = {};
  #step = 0;

  update(parameters: Values, gradient: Values, learningRate: number): void {
    this.#step++;
    for (const [name, value] of Object.entries(parameters)) {
      this.#first[name] ??= new Float64Array(value.length);
      this.#second[name] ??= new Float64Array(value.length);
      for (let i = 0; i < value.length; i++) {
        const g = gradient[name][i];
        const m = 0.9 * this.#first[name][i] + 0.1 * g;
        const v = 0.999 * this.#second[name][i] + 0.001 * g * g;
        this.#first[name][i] = m;
        this.#second[name][i] = v;
        value[i] -= (learningRate * (m / (1 - 0.9 ** this.#step))) / (Math.sqrt(v / (1 - 0.999 ** this.#step)) + 1e-8);
      }
    }
  }
}
