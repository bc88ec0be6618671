/**
 * The graphs that go into a run: latents to spectra and labels, and back by fitting. Axes: N objects, P pixels,
 * K labels, D = P + K outputs, Q latents, M inducing inputs.
 */
import {
  abs,
  add,
  concatenate,
  constant,
  divide,
  exp,
  expand,
  gather,
  greater,
  input,
  matmul,
  multiply,
  pad,
  parameter,
  reciprocal,
  reduceMax,
  sigmoid,
  slice,
  sqrt,
  square,
  squaredDistance,
  subtract,
  sum,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '../../graph/index.ts';
import { type FittedLatents, nearestAnchors } from '../layers/latent-fit.ts';
import { identityMatrix } from '../layers/solve.ts';
import type { WithTangents } from '../layers/tangents.ts';
import type { DecoderGraph, EncoderGraph, JointEncoderGraph, LabelEncoderGraph, ModelShape } from '../model.ts';
import { blockNames, GAIN } from './elbo-graph.ts';
import type { EncoderNetwork } from './encoder-network.ts';
import { featureCount, features, featuresWithTangents, type InducingTensors, inducingTensors } from './features.ts';
import { gainPrecision } from './gain.ts';
import { type GainCoordinate, LatentProblem } from './latent-problem.ts';
import { functionMarginals } from './marginals.ts';
import { TYPICAL_VARIANCE } from './typical-variance.ts';
import type { Block, Decoder } from './views.ts';

/** Points that fits may start from. */
export const ANCHORS = 512;

export interface GplvmShape extends ModelShape {
  /** M */
  readonly inducing: number;
}

/** Means and variances of all D outputs, standardised. */
export interface DecodedOutputs {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** The tensors of one model that its graphs share; of all outputs, or of the labels alone (`labelsAlone`). */
export class GplvmTensors {
  readonly decoders: readonly Decoder[];
  readonly shape: GplvmShape;
  /** D */
  readonly outputs: number;
  readonly centre: Tensor;
  readonly scale: Tensor;
  /** What tells latents at once, so that fits start there; null where they start from anchors alone. */
  readonly network: EncoderNetwork | null;
  /** Mean variance of each function where its output was observed, length D. */
  readonly typicalVariance: Tensor;
  readonly #inducing: InducingTensors;
  readonly #logShare = parameter(GAIN.logShare, []);
  readonly #blocks: ReadonlyMap<Block, Record<'mean' | 'covariance' | 'logNoise', Tensor>>;
  /** Outputs of the whole model that come before these. */
  readonly #left: number;

  constructor(decoders: readonly Decoder[], shape: GplvmShape, network: EncoderNetwork | null = null, left = 0) {
    const { inducing, latents, pixels, labels = 0 } = shape;
    this.decoders = decoders;
    this.shape = shape;
    this.network = network;
    this.outputs = pixels + labels;
    this.#left = left;
    this.centre = this.ofOutputs('outputCentre');
    this.scale = this.ofOutputs('outputScale');
    this.typicalVariance = this.ofOutputs(TYPICAL_VARIANCE);
    this.#inducing = inducingTensors(decoders, inducing, latents);
    this.#blocks = new Map(
      decoders.flatMap((decoder) => {
        const count = featureCount(decoder, inducing);
        return decoder.blocks.map((block) => {
          const names = blockNames(block);
          const tensors = {
            mean: parameter(names.mean, [count, block.outputs]),
            covariance: parameter(names.covariance, [block.outputs, (count * (count + 1)) / 2]),
            logNoise: parameter(names.logNoise, [block.outputs]),
          };
          return [block, tensors] as const;
        });
      }),
    );
  }

  /** The same model without its pixels: the labels are all of its outputs. */
  labelsAlone(): GplvmTensors {
    const { pixels } = this.shape;
    const decoders = this.decoders.flatMap(({ blocks, ...decoder }) => {
      const ofLabels = blocks.filter(({ first }) => first >= pixels);
      const moved = ofLabels.map((block) => ({ ...block, first: block.first - pixels }));
      return moved.length === 0 ? [] : [{ ...decoder, blocks: moved }];
    });
    return new GplvmTensors(decoders, { ...this.shape, pixels: 0 }, this.network, pixels);
  }

  /** A parameter that has a value, or `rows` values, for every output. */
  ofOutputs(name: string, rows: readonly number[] = []): Tensor {
    const whole = parameter(name, [...rows, this.#left + this.outputs]);
    return this.#left === 0 ? whole : slice(whole, rows.length, this.#left, this.#left + this.outputs);
  }

  /** The latents that the network tells of what was observed, N × Q; null without a network. @param value,precision N × D */
  told(value: Tensor, precision: Tensor): Tensor | null {
    if (this.network === null) return null;
    // What is left out was not observed.
    const whole = (of: Tensor) => (this.#left === 0 ? of : pad(of, 1, this.#left, 0));
    return this.network.told(whole(value), whole(precision)).mean;
  }

  /** Means of the functions at latents N × Q, N × D. */
  means(latent: Tensor): Tensor {
    return this.#eachBlock((decoder) => {
      const at = features(decoder, this.#inducing, latent);
      return ({ mean }) => matmul(at, mean);
    });
  }

  /**
   * Means and variances, the excess noise not included; N × D each.
   *
   * @param from the first output that is wanted, where a block begins
   */
  marginals(latent: Tensor, from = 0): DecodedOutputs {
    const parts = this.decoders.map((decoder) => {
      const at = features(decoder, this.#inducing, latent);
      const products = packedProducts(at);
      const variance = decoder.covariance.variance();
      return blocksFrom(decoder, from).map((block) => ({
        block,
        ...functionMarginals(at, products, variance, this.shape.inducing, this.#of(block)),
      }));
    });
    const inOrder = parts.flat().sort((a, b) => a.block.first - b.block.first);
    return {
      mean: concatenate(
        inOrder.map(({ mean }) => mean),
        1,
      ),
      variance: concatenate(
        inOrder.map(({ variance }) => variance),
        1,
      ),
    };
  }

  /** Means with their Jacobian, N × Q × D, of the outputs from `from` on. */
  withTangents(latent: Tensor, from = 0): WithTangents {
    const parts = this.decoders.flatMap((decoder) => {
      const { value: at, jacobian: along } = featuresWithTangents(decoder, this.#inducing, latent);
      return blocksFrom(decoder, from).map((block) => {
        const { mean } = this.#of(block);
        return { block, value: matmul(at, mean), jacobian: matmul(along, mean) };
      });
    });
    const inOrder = [...parts].sort((a, b) => a.block.first - b.block.first);
    return {
      value: concatenate(
        inOrder.map(({ value }) => value),
        1,
      ),
      jacobian: concatenate(
        inOrder.map(({ jacobian }) => jacobian),
        2,
      ),
    };
  }

  /** E: the latents, and ζ where spectra have a gain. */
  get coordinates(): number {
    const gained = this.decoders.some(({ blocks }) => blocks.some(({ gain }) => gain));
    return this.shape.latents + (gained ? 1 : 0);
  }

  /** s² of every output, length D. */
  noise(): Tensor {
    const inOrder = [...this.#blocks].sort(([a], [b]) => a.first - b.first);
    return concatenate(
      inOrder.map(([, { logNoise }]) => exp(logNoise)),
      0,
    );
  }

  /** c: the variance of an object's gain, by its prior, when none of its pixels was observed. */
  gainVarianceUnseen(): Tensor {
    return exp(this.#logShare);
  }

  /** What an observed value of each output counts in the fit of latents, 1 × D; null where all count whole. */
  get counts(): Tensor | null {
    const blocks = [...this.#blocks.keys()].sort((a, b) => a.first - b.first);
    if (blocks.every(({ share }) => share === 1)) return null;
    const counts = blocks.flatMap(({ outputs, share }) => new Array<number>(outputs).fill(share));
    return constant(counts, [1, this.outputs]);
  }

  /** What `Likelihood.weightFactor` makes of squared deviations N × D; null where no likelihood has one. */
  weightFactors(squaredDeviation: Tensor): Tensor | null {
    const blocks = [...this.#blocks.keys()].sort((a, b) => a.first - b.first);
    if (blocks.every(({ likelihood }) => likelihood.weightFactor === null)) return null;
    const factors = blocks.map(({ first, outputs, likelihood }) => {
      if (likelihood.weightFactor === null) return expand(constant(1), [squaredDeviation.shape[0], outputs]);
      return likelihood.weightFactor(slice(squaredDeviation, 1, first, first + outputs));
    });
    return concatenate(factors, 1);
  }

  /**
   * The gain of spectra as one more coordinate ζ of the fit, standard normal by its prior; null when there is none.
   *
   * @param precision N × D, standardised
   */
  gain(precision: Tensor): GainCoordinate | null {
    const { pixels, latents } = this.shape;
    if (this.coordinates === latents) return null;
    const ofMean = divide(this.centre, this.scale);
    const ofPixels = slice(precision, 1, 0, pixels);
    const prior = gainPrecision(ofPixels, slice(ofMean, 0, 0, pixels), this.#logShare);
    return this.gainOf(reciprocal(sqrt(prior)));
  }

  /** The gain whose δ has the standard deviation given, N × 1. */
  gainOf(deviation: Tensor): GainCoordinate {
    const { pixels, labels = 0, latents } = this.shape;
    const ofMean = divide(this.centre, this.scale);
    const isPixel = constant(
      Float64Array.from({ length: pixels + labels }, (_, d) => (d < pixels ? 1 : 0)),
      [1, pixels + labels],
    );
    const zetaOf = (coordinates: Tensor) => slice(coordinates, 1, latents, latents + 1);
    const perDeviationOf = (value: Tensor) => multiply(multiply(add(value, ofMean), isPixel), deviation);
    return {
      deviation,
      valueAt: (value, coordinates) => add(value, multiply(perDeviationOf(value), zetaOf(coordinates))),
      applied({ value, jacobian }, coordinates) {
        const zeta = zetaOf(coordinates);
        const perDeviation = perDeviationOf(value);
        const factor = add(multiply(isPixel, multiply(deviation, zeta)), 1);
        return {
          value: add(value, multiply(perDeviation, zeta)),
          jacobian: concatenate([multiply(jacobian, unsqueeze(factor, [1])), unsqueeze(perDeviation, [1])], 1),
        };
      },
    };
  }

  #eachBlock(prepare: (decoder: Decoder) => (block: Record<'mean' | 'covariance' | 'logNoise', Tensor>) => Tensor) {
    const parts = this.decoders.flatMap((decoder) => {
      const work = prepare(decoder);
      return decoder.blocks.map((block) => ({ first: block.first, result: work(this.#of(block)) }));
    });
    const inOrder = [...parts].sort((a, b) => a.first - b.first);
    return concatenate(
      inOrder.map(({ result }) => result),
      1,
    );
  }

  #of(block: Block): Record<'mean' | 'covariance' | 'logNoise', Tensor> {
    const found = this.#blocks.get(block);
    if (found === undefined) throw new Error(`${block.name} is a block of another model`);
    return found;
  }
}

function blocksFrom({ blocks }: Decoder, from: number): readonly Block[] {
  return blocks.filter(({ first }) => first >= from);
}

/** a aᵀ packed as lower triangles, N × F(F+1)/2, from features N × F. */
function packedProducts(at: Tensor): Tensor {
  const size = Number(at.shape[1]);
  const rows: number[] = [];
  const columns: number[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      rows.push(i);
      columns.push(j);
    }
  }
  const turned = transpose(at);
  return transpose(multiply(gather(turned, constant(rows)), gather(turned, constant(columns))));
}

export function decoderGraph(tensors: GplvmTensors): DecoderGraph {
  const { pixels, latents, labels = 0 } = tensors.shape;
  const latent = input('latent', ['N', latents]);
  const { mean, variance } = tensors.marginals(latent);
  const value = add(multiply(mean, tensors.scale), tensors.centre);
  const scatter = multiply(add(variance, tensors.noise()), square(tensors.scale));
  const part = (of: Tensor, from: number, to: number) => slice(of, 1, from, to);
  return {
    inputs: { latent },
    outputs: {
      flux: part(value, 0, pixels),
      fluxVariance: part(scatter, 0, pixels),
      ...(labels === 0
        ? {}
        : {
            labelMean: part(value, pixels, pixels + labels),
            labelVariance: part(scatter, pixels, pixels + labels),
          }),
    },
  };
}

/**
 * Levenberg–Marquardt steps: first with the typical uncertainty of the functions, last with that at the point reached;
 * in between, where a likelihood lets values that lie far out count less, by rounds of new weights.
 */
const STEPS = { first: 6, reweighted: 3, second: 4 };
const REWEIGHTINGS = 2;

export function encoderGraph(tensors: GplvmTensors): EncoderGraph {
  const { flux, fluxIvar, value, ivar } = spectraAlone(tensors);
  return { inputs: { flux, ivar: fluxIvar }, outputs: fitted(tensors, value, ivar) };
}

/** Spectra as inputs, and all D outputs of which the labels are not observed. */
function spectraAlone({ shape: { pixels, labels = 0 } }: GplvmTensors) {
  const [flux, fluxIvar] = [input('flux', ['N', pixels]), input('ivar', ['N', pixels])];
  if (labels === 0) return { flux, fluxIvar, value: flux, ivar: fluxIvar };
  const unknown = multiply(slice(fluxIvar, 1, 0, 1), constant(new Float64Array(labels), [1, labels]));
  return { flux, fluxIvar, value: concatenate([flux, unknown], 1), ivar: concatenate([fluxIvar, unknown], 1) };
}

/** Latents from any part of the pixels and labels: what was not observed has ivar 0. */
export function jointEncoderGraph(tensors: GplvmTensors): JointEncoderGraph {
  const { pixels, labels = 0 } = tensors.shape;
  const [flux, ivar] = [input('flux', ['N', pixels]), input('ivar', ['N', pixels])];
  const [label, labelIvar] = [input('label', ['N', labels]), input('labelIvar', ['N', labels])];
  const outputs = fitted(tensors, concatenate([flux, label], 1), concatenate([ivar, labelIvar], 1));
  return { inputs: { flux, ivar, label, labelIvar }, outputs };
}

/**
 * What the joint encoder finds of objects of which no pixel was observed, without the work for pixels: a graph that a page
 * opens at once and runs within milliseconds.
 */
export function labelEncoderGraph(tensors: GplvmTensors): LabelEncoderGraph {
  const { labels = 0, latents } = tensors.shape;
  const [label, labelIvar] = [input('label', ['N', labels]), input('labelIvar', ['N', labels])];
  const inputs = { label, labelIvar };
  const outputs = fitted(tensors.labelsAlone(), label, labelIvar);
  if (tensors.coordinates === latents) return { inputs, outputs };
  // Labels do not tell the gain, which stays as it is by its prior: apart from the latents, and widened as they are.
  const none = multiply(outputs.latentMean, 0);
  const narrow = expand(tensors.gainVarianceUnseen(), [label.shape[0], 1]);
  const variance = outputs.observedShare === undefined ? narrow : divide(narrow, outputs.observedShare);
  return {
    inputs,
    outputs: { ...outputs, gainMean: slice(none, 1, 0, 1), gainCovariance: concatenate([none, variance], 1) },
  };
}

/** Distance in latent space within which a second start is no other start. */
const APART = 1.5;

/** @param value,ivar N × D in the outputs' own units; ivar 0 = not observed */
function fitted(tensors: GplvmTensors, value: Tensor, ivar: Tensor): EncoderGraph['outputs'] {
  const { problem, found, ambiguity } = solved(tensors, value, ivar);
  return { ...problem.described(found), ambiguity };
}

function solved(tensors: GplvmTensors, value: Tensor, ivar: Tensor) {
  const { latents } = tensors.shape;
  const spectra = where(greater(ivar, 0), divide(subtract(value, tensors.centre), tensors.scale), 0);
  const precision = multiply(ivar, square(tensors.scale));
  const problem = new LatentProblem(tensors, spectra, precision);
  const weights = problem.weights(tensors.typicalVariance);
  const anchors = parameter('anchors', [ANCHORS, latents]);
  const anchorOutputs = tensors.ofOutputs('anchorOutputs', [ANCHORS]);
  const start = tensors.told(spectra, precision) ?? nearestAnchors({ spectra, weights }, anchors, anchorOutputs);
  const first = problem.fit(problem.withoutGain(start), weights, STEPS.first);
  const near = greater(APART * APART, squaredDistance(problem.latents(first.mean), anchors));
  const otherStart = nearestAnchors({ spectra, weights }, anchors, anchorOutputs, near);
  const second = problem.fit(problem.withoutGain(otherStart), weights, STEPS.first);
  let better = where(greater(first.objective, second.objective), second.mean, first.mean);
  for (let round = 0; problem.reweights && round < REWEIGHTINGS; round++) {
    better = problem.fitAt(better, STEPS.reweighted).mean;
  }
  const found = problem.fitAt(better, STEPS.second);
  return { problem, found, ambiguity: ambiguityOf(first, second, found) };
}

/** Modes nearer than so many standard deviations along every coordinate are one. */
const SAME_MODE = 3;

/**
 * The probability of the less probable of two modes found from two starts, by their objectives; 0 where both starts led
 * to one. N × 1.
 */
function ambiguityOf(first: FittedLatents, second: FittedLatents, { covariance }: FittedLatents): Tensor {
  const size = Number(covariance.shape[1]);
  const variance = sum(multiply(covariance, identityMatrix(size)), [2]);
  const apart = reduceMax(divide(square(subtract(first.mean, second.mean)), variance), [1], true);
  const odds = multiply(abs(subtract(first.objective, second.objective)), -0.5);
  return multiply(sigmoid(odds), greater(apart, SAME_MODE ** 2));
}

/** Where the posterior of a training object stands, as `LatentProblem` has its coordinates. */
export interface PosteriorGraph {
  readonly inputs: Readonly<Record<'value' | 'precision' | 'start', Tensor>>;
  /** N × E and N × E × E */
  readonly outputs: { readonly mean: Tensor; readonly covariance: Tensor };
}

/** Posteriors of training objects from where they stood, by a few steps. */
export function posteriorGraph(tensors: GplvmTensors, steps: number): PosteriorGraph {
  const value = input('value', ['N', tensors.outputs]);
  const precision = input('precision', ['N', tensors.outputs]);
  const start = input('start', ['N', tensors.coordinates]);
  const problem = new LatentProblem(tensors, value, precision);
  const { mean, covariance } = problem.fitAt(start, steps, tensors.typicalVariance);
  return { inputs: { value, precision, start }, outputs: { mean, covariance } };
}

/**
 * The last step of a held-out object's fit, with the functions' uncertainty where it stands; the gain's deviation by its
 * prior, N × 1, is told only where spectra have a gain.
 */
export function placingGraph(tensors: GplvmTensors): Readonly<Record<string, Tensor>> {
  const value = input('value', ['N', tensors.outputs]);
  const precision = input('precision', ['N', tensors.outputs]);
  const problem = new LatentProblem(tensors, value, precision);
  const { mean, covariance } = problem.fitAt(input('start', ['N', tensors.coordinates]), 1);
  const { gainDeviation } = problem;
  return gainDeviation === null ? { mean, covariance } : { mean, covariance, gainDeviation };
}

/**
 * Standardised outputs from `from` on, where a block begins, at N × E `coordinates`; each N × D. `scatter` is the variance of
 * the functions and the excess noise. Where spectra have a gain `value` needs its `gainDeviation` as well.
 */
export function predictionGraphs(tensors: GplvmTensors, from: number): Readonly<Record<'value' | 'scatter', Tensor>> {
  const coordinates = input('coordinates', ['N', tensors.coordinates]);
  const latent = slice(coordinates, 1, 0, tensors.shape.latents);
  const { mean, variance } = tensors.marginals(latent, from);
  const scatter = add(variance, slice(tensors.noise(), 0, from, tensors.outputs));
  if (tensors.coordinates === tensors.shape.latents || from > 0) return { value: mean, scatter };
  const gain = tensors.gainOf(input('gainDeviation', ['N', 1]));
  return { value: gain.valueAt(mean, coordinates), scatter };
}
