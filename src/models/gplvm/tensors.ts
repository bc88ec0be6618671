/**
 * The tensors of a GPLVM: its functions, their variances and scatter at latents. Axes: N objects, P pixels, K labels,
 * D = P + K outputs, Q latents, M inducing inputs.
 */
import {
  add,
  concatenate,
  constant,
  divide,
  exp,
  expand,
  gather,
  matmul,
  multiply,
  pad,
  parameter,
  reciprocal,
  slice,
  sqrt,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../graph/index.ts';
import type { WithTangents } from '../layers/tangents.ts';
import type { ModelShape } from '../model.ts';
import { blockNames, GAIN } from './elbo-graph.ts';
import type { EncoderNetwork } from './encoder-network.ts';
import { featureCount, features, featuresWithTangents, type InducingTensors, inducingTensors } from './features.ts';
import { gainPrecision } from './gain.ts';
import type { GainCoordinate } from './latent-problem.ts';
import { functionMarginals } from './marginals.ts';
import { TYPICAL_VARIANCE } from './typical-variance.ts';
import type { Block, Decoder } from './views.ts';

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
