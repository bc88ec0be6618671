/**
 * The scatter of true spectra about a model, as a function of the latents: some kinds of object (broad lines, strong
 * emission) are rebuilt much worse than others, and one variance per pixel would give all of them the band of the
 * average one. A network of one hidden layer gives (Nix & Weigend 1994)
 *
 *     s²_p(z) = exp(b_p + B_p·h + D·h) + Σ_j φ_j(p) exp(c_j + C_j·h),   h = tanh(A z + a)
 *
 * The first term is free to follow lines, with a level D·h in common. The second is smooth in wavelength, knots that hats
 * φ_j join linearly: many pixels tell each knot, so that it holds up the band where the excess of a single pixel drowns
 * in noise.
 */
import {
  add,
  clamp,
  constant,
  divide,
  exp,
  matmul,
  parameter,
  subtract,
  type Tensor,
  tanh,
} from '../../graph/index.ts';
import { type DenseLayer, dense } from '../layers/dense.ts';
import type { ModelShape, Parameters } from '../model.ts';

const HIDDEN = 64;
/** Pixels between two knots of the smooth term. */
const KNOT_SPACING = 25;
/** Latents further out than so many standard deviations of the held-out ones count as there. */
const REACH = 6;
/** ln s² stays between, lest exp overflow float32 or vanish. */
const LOG_BOUND = 80;

export interface ScatterLayers {
  readonly hidden: DenseLayer;
  readonly level: DenseLayer;
  readonly pixels: DenseLayer;
  readonly continuum: DenseLayer;
}

/** Names of the means and standard deviations that latents are scaled by, each Q numbers. */
export const CENTRE = 'scatter.centre';
export const SCALE = 'scatter.scale';

export function scatterLayers({ pixels, latents }: ModelShape): ScatterLayers {
  return {
    hidden: { name: 'scatter.hidden', inputs: latents, outputs: HIDDEN },
    level: { name: 'scatter.level', inputs: HIDDEN, outputs: 1 },
    pixels: { name: 'scatter.pixels', inputs: HIDDEN, outputs: pixels },
    continuum: { name: 'scatter.continuum', inputs: HIDDEN, outputs: Math.max(1, Math.ceil(pixels / KNOT_SPACING)) },
  };
}

/** s² in flux² for latents N × Q: N × P, the `fluxVariance` of every decoder. */
export function scatterVariance(latent: Tensor, shape: ModelShape): Tensor {
  const { hidden, level, pixels, continuum } = scatterLayers(shape);
  const centred = subtract(latent, parameter(CENTRE, [shape.latents]));
  const scaled = clamp(divide(centred, parameter(SCALE, [shape.latents])), -REACH, REACH);
  const code = tanh(dense(hidden, scaled));
  const variance = (logarithm: Tensor) => exp(clamp(logarithm, -LOG_BOUND, LOG_BOUND));
  const atPixels = variance(add(dense(pixels, code), dense(level, code)));
  return add(atPixels, matmul(variance(dense(continuum, code)), hats(continuum.outputs, shape.pixels)));
}

/** J × P: weights of knots spread evenly from the first pixel to the last, joined linearly. */
function hats(knots: number, pixels: number): Tensor {
  const values = new Float64Array(knots * pixels);
  for (let p = 0; p < pixels; p++) {
    const at = knots > 1 ? (p / (pixels - 1)) * (knots - 1) : 0;
    const below = Math.min(Math.floor(at), knots - 1);
    values[below * pixels + p] = 1 - (at - below);
    if (at > below) values[(below + 1) * pixels + p] = at - below;
  }
  return constant(values, [knots, pixels]);
}

/** A network that gives the same variance (length P) wherever the latents are. */
export function constantScatter(variance: ArrayLike<number>, shape: ModelShape): Parameters {
  const layers = scatterLayers(shape);
  const flat = ({ name, inputs, outputs }: DenseLayer, bias: Float32Array): Parameters => ({
    [`${name}.weight`]: { shape: [outputs, inputs], data: new Float32Array(outputs * inputs) },
    [`${name}.bias`]: { shape: [outputs], data: bias },
  });
  const logVariance = Float32Array.from(variance, (s) => Math.max(Math.log(s), -LOG_BOUND));
  return {
    [CENTRE]: { shape: [shape.latents], data: new Float32Array(shape.latents) },
    [SCALE]: { shape: [shape.latents], data: new Float32Array(shape.latents).fill(1) },
    ...flat(layers.hidden, new Float32Array(HIDDEN)),
    ...flat(layers.level, new Float32Array(1)),
    ...flat(layers.pixels, logVariance),
    ...flat(layers.continuum, new Float32Array(layers.continuum.outputs).fill(-LOG_BOUND)),
  };
}
