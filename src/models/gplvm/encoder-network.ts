/**
 * A network that tells an object's latents at once, from any part of its pixels and labels: what amortised latents are
 * drawn from while a GPLVM is fitted, and where the fit of a new object starts. Axes: N objects, D outputs, Q latents.
 */
import type { Random } from '../../base/index.ts';
import {
  add,
  clamp,
  concatenate,
  divide,
  exp,
  gradients,
  input,
  linear,
  multiply,
  parametersOf,
  slice,
  softplus,
  square,
  stopGradient,
  subtract,
  sum,
  type Tensor,
} from '../../graph/index.ts';
import { ACTIVATIONS } from '../layers/activation.ts';
import { type DenseLayer, type DenseTensors, denseTensors, initialDense, layersBetween } from '../layers/dense.ts';
import type { Parameters } from '../model.ts';

const HIDDEN_WIDTHS = [256, 128];
/** Values further out are faults of the data, such as cosmic rays, which would drown all others. */
const FARTHEST = 10;
/** ln of the standard deviation below which none is told: no sample may become a point. */
const LEAST_LOG_DEVIATION = Math.log(1e-3);

/** Independent Gaussians over the latents; N × Q each. */
interface LatentGaussians {
  readonly mean: Tensor;
  readonly logDeviation: Tensor;
}

export class EncoderNetwork {
  readonly outputs: number;
  readonly latents: number;
  readonly #layers: readonly DenseLayer[];
  readonly #tensors: readonly DenseTensors[];

  constructor(outputs: number, latents: number) {
    this.outputs = outputs;
    this.latents = latents;
    this.#layers = layersBetween('network', [2 * outputs, ...HIDDEN_WIDTHS, 2 * latents]);
    this.#tensors = this.#layers.map(denseTensors);
  }

  /**
   * Every value counts by the share p/(1 + p) of what its precision tells of a standard normal, so that one which was
   * not observed is the same as none.
   *
   * @param value,precision N × D, standardised; finite where precision is 0 = not observed
   */
  told(value: Tensor, precision: Tensor): LatentGaussians {
    const { latents } = this;
    const share = divide(precision, add(precision, 1));
    const shown = multiply(clamp(value, -FARTHEST, FARTHEST), share);
    const told = this.#tensors.reduce(
      (code, { weight, bias }, at) => linear(at === 0 ? code : ACTIVATIONS.silu.value(code), weight, bias),
      concatenate([shown, share], 1),
    );
    const above = softplus(subtract(slice(told, 1, latents, 2 * latents), LEAST_LOG_DEVIATION));
    return { mean: slice(told, 1, 0, latents), logDeviation: add(above, LEAST_LOG_DEVIATION) };
  }

  initialParameters(random: Random): Parameters {
    return Object.assign({}, ...this.#layers.map((layer) => initialDense(layer, random)));
  }
}

function observedInputs({ outputs }: EncoderNetwork, rows: number | 'N') {
  return { value: input('value', [rows, outputs]), precision: input('precision', [rows, outputs]) };
}

/** What the network tells of all that was observed of N objects: `mean` and `logDeviation`, N × Q each. */
export function toldGraph(network: EncoderNetwork): Readonly<Record<'mean' | 'logDeviation', Tensor>> {
  const { value, precision } = observedInputs(network, 'N');
  return { ...network.told(value, precision) };
}

/** `latent`, B × Q: a sample from what the network tells, by standard normals `deviate`. */
export function sampleGraph(network: EncoderNetwork, rows: number): Readonly<Record<'latent', Tensor>> {
  const { value, precision } = observedInputs(network, rows);
  const deviate = input('deviate', [rows, network.latents]);
  return { latent: sampled(network.told(value, precision), deviate) };
}

/**
 * What a step makes smaller, as a sum over B objects:
 *
 *     slope · z  +  KL(q(z) ‖ N(0, I))  −  ln q(z | part),      z ~ q(z | all that was observed)
 *
 * `slope` is the derivative of −E[ln p] along the sample z, so that the first two terms have the derivatives of −ELBO.
 * The last holds z for given and teaches the network to tell it from the part of an object that is `shown` (B × D, 1
 * or 0; `drawPart`): its optimum is the posterior that goes with the part, E[p(z | all) | part], while decoders learn
 * from samples that know all.
 */
export function stepLoss(network: EncoderNetwork, rows: number): Tensor {
  const { value, precision, shown } = shownInputs(network, rows);
  const [deviate, slope] = ['deviate', 'slope'].map((name) => input(name, [rows, network.latents]));
  const whole = network.told(value, precision);
  const latent = sampled(whole, deviate);
  const part = network.told(value, multiply(precision, shown));
  const ofDecoders = sum(multiply(latent, slope));
  return add(add(ofDecoders, divergence(whole)), surprise(stopGradient(latent), part));
}

/** How badly the network tells latents that are known (`latent`, B × Q) from all that was observed, and from a part. */
export function startLoss(network: EncoderNetwork, rows: number): Tensor {
  const { value, precision, shown } = shownInputs(network, rows);
  const latent = input('latent', [rows, network.latents]);
  const part = network.told(value, multiply(precision, shown));
  return add(surprise(latent, network.told(value, precision)), surprise(latent, part));
}

function shownInputs(network: EncoderNetwork, rows: number) {
  return { ...observedInputs(network, rows), shown: input('shown', [rows, network.outputs]) };
}

/**
 * Draws what is shown of an object, 1 where so: of the pixels all, none, those inside a window or those outside it; of
 * the labels none, or each as a coin falls.
 */
export function drawPart(shown: Float32Array, pixels: number, random: Random): void {
  const [one, other] = [random.integer(pixels + 1), random.integer(pixels + 1)];
  const [inside, outside] = [random.integer(2), random.integer(2)];
  shown.fill(outside, 0, pixels);
  shown.fill(inside, Math.min(one, other), Math.max(one, other));
  const withLabels = random.integer(2);
  for (let at = pixels; at < shown.length; at++) shown[at] = withLabels * random.integer(2);
}

/** Derivatives of a loss with respect to the network's parameters, by their names. */
export function networkGradients(loss: Tensor): Record<string, Tensor> {
  const parameters = parametersOf([loss]);
  const found = gradients(loss, [...parameters.values()]);
  return Object.fromEntries([...parameters.keys()].map((name, at) => [name, found[at]]));
}

function sampled({ mean, logDeviation }: LatentGaussians, deviate: Tensor): Tensor {
  return add(mean, multiply(exp(logDeviation), deviate));
}

/** Σ KL(N(mean, deviation²) ‖ N(0, 1)) */
function divergence({ mean, logDeviation }: LatentGaussians): Tensor {
  const squares = add(square(mean), exp(multiply(logDeviation, 2)));
  return sum(subtract(multiply(subtract(squares, 1), 0.5), logDeviation));
}

/** Σ −ln N(latent; mean, deviation²), but for constants. */
function surprise(latent: Tensor, { mean, logDeviation }: LatentGaussians): Tensor {
  const off = divide(subtract(latent, mean), exp(logDeviation));
  return sum(add(multiply(square(off), 0.5), logDeviation));
}
