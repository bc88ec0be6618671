/**
 * A minibatch's part of the ELBO with all its gradients. Three graph runs and, between them, what ONNX has no operation
 * for: the float64 factorisation of K_UU, and outer products of features with their adjoint.
 *
 *     latents ──(features)──> a ──[outer products]──> Φ ──(elbo)──> loss, rate, target
 *                                                        └─> gradients ──[adjoint]──(backward)──> latents, U, covariance
 */
import { UserError } from '../../base/index.ts';
import { type BoundRun, input, type Runtime, type Session, type Tensor, writeOnnx } from '../../graph/index.ts';
import type { Kernels } from '../../kernels/index.ts';
import { inverseCholeskyFactor } from '../../linalg/index.ts';
import { blockNames, decoderNames, elboGraph, GAIN } from './elbo-graph.ts';
import {
  backwardGraph,
  featureCount,
  features,
  INDUCING_POINTS,
  inducingCovariance,
  inducingTensors,
  inverseFactorName,
} from './features.ts';
import type { Sites } from './sites.ts';
import type { TrainedParameters } from './trained.ts';
import type { VarianceTotals } from './typical-variance.ts';
import type { Block, Decoder } from './views.ts';

export interface StepShape {
  /** B */
  readonly objects: number;
  /** M */
  readonly inducing: number;
  /** Q */
  readonly latents: number;
}

export interface StepParts {
  readonly decoders: readonly Decoder[];
  readonly shape: StepShape;
  readonly kernels: Kernels;
  readonly runtime: Runtime;
  /** By block name. */
  readonly sites: Readonly<Record<string, Sites>>;
  readonly inducing: TrainedParameters;
  readonly covariance: TrainedParameters;
  /** ln s² of each block, by `blockNames(block).logNoise`. */
  readonly noise: TrainedParameters;
  /** u of the mean spectrum, length P: centre over scale. */
  readonly typical: Float32Array;
}

/** Factors by which the jitter of K_UU grows when it cannot be factorised, relative to its prior variance. */
const JITTERS = [0, 1e-5, 1e-4, 1e-3, 1e-2];

export class ElboStep {
  /** Latents of the minibatch, B × Q: filled by the caller. */
  readonly latent: Float32Array;
  /** d loss / d latent, B × Q. */
  readonly latentGradient: Float32Array;
  /** Values and precisions of the minibatch by block, B × D each: filled by the caller. */
  readonly observed: Readonly<Record<string, { readonly value: Float32Array; readonly precision: Float32Array }>>;
  readonly #parts: StepParts;
  readonly #arrays: Readonly<Record<string, Float32Array>>;
  readonly #runs: Readonly<Record<GraphName, BoundRun>>;
  readonly #sessions: readonly Session[];
  readonly #loss: Float32Array;

  private constructor(parts: StepParts, arrays: Record<string, Float32Array>, sessions: LoadedSessions) {
    this.#parts = parts;
    this.#arrays = arrays;
    this.latent = arrays.latent;
    this.latentGradient = arrays.latentGradient;
    this.#loss = arrays.loss;
    this.observed = Object.fromEntries(
      blocksOf(parts.decoders).map((block) => {
        const { value, precision } = blockNames(block);
        return [block.name, { value: arrays[value], precision: arrays[precision] }];
      }),
    );
    this.#sessions = Object.values(sessions).map(({ session }) => session);
    const bound = ({ session, into }: LoadedSession) =>
      session.bind(
        Object.fromEntries(session.inputs.map(({ name }) => [name, arrays[name]])),
        Object.fromEntries(Object.entries(into).map(([output, array]) => [output, arrays[array]])),
      );
    this.#runs = {
      inducing: bound(sessions.inducing),
      features: bound(sessions.features),
      elbo: bound(sessions.elbo),
      settling: bound(sessions.settling),
      backward: bound(sessions.backward),
    };
  }

  static async load(parts: StepParts): Promise<ElboStep> {
    return new ElboStep(parts, allocate(parts), await loadSessions(parts));
  }

  /**
   * Factorises K_UU of every decoder; to be called whenever inducing inputs or covariances have moved.
   *
   * @throws UserError when the inducing inputs have become so alike that no jitter helps
   */
  async factorise(): Promise<void> {
    await this.#runs.inducing.run();
    const { decoders, shape } = this.#parts;
    for (const { name } of decoders) {
      const kernel = this.#arrays[`${name}.kernel`];
      const [variance] = this.#arrays[`${name}.priorVariance`];
      const inverse = firstFactor(kernel, shape.inducing, variance);
      if (inverse === null) {
        throw new UserError(
          `the covariance of the inducing points of "${name}" cannot be factorised; the data are degenerate (all alike, or not finite): look at them, or take fewer latents or inducing points.`,
        );
      }
      this.#arrays[inverseFactorName({ name })].set(inverse);
    }
  }

  /** Features, their products and the likelihood with rates and targets, at the latents given. Returns the loss. */
  async forward(): Promise<number> {
    await this.#prepare();
    await this.#runs.elbo.run();
    return this.#loss[0];
  }

  /** Rates and targets alone, at the latents given: of Gaussian likelihoods they ask for no variance. */
  async settle(): Promise<void> {
    await this.#prepare();
    await this.#runs.settling.run();
  }

  /** Features and their products. */
  async #prepare(): Promise<void> {
    const { decoders, kernels, shape } = this.#parts;
    await this.#runs.features.run();
    for (const decoder of decoders) {
      const names = decoderNames(decoder);
      kernels.packed.outerProducts(
        featureCount(decoder, shape.inducing),
        this.#arrays[names.features],
        this.#arrays[names.products],
      );
    }
  }

  /** Gradients of the loss of the last `forward`, into `latentGradient` and the trained parameters. */
  async backward(): Promise<void> {
    const { decoders, kernels, shape } = this.#parts;
    for (const decoder of decoders) {
      const names = decoderNames(decoder);
      const adjoint = this.#arrays[`${decoder.name}.adjoint`];
      kernels.packed.outerProductsAdjoint(
        featureCount(decoder, shape.inducing),
        this.#arrays[names.features],
        this.#arrays[names.productsGradient],
        adjoint,
      );
      kernels.addScaled(this.#arrays[names.featuresGradient], adjoint, 1);
    }
    await this.#runs.backward.run();
  }

  /** Adds what the objects of the last `forward` or `settle` say to the sites of every block. */
  async addToSites(weight: number): Promise<void> {
    for (const decoder of this.#parts.decoders) {
      const { features: a, products } = decoderNames(decoder);
      for (const block of decoder.blocks) {
        const { rate, target } = blockNames(block);
        const rows = { features: this.#arrays[a], products: this.#arrays[products] };
        await this.#parts.sites[block.name].add(
          { ...rows, rate: this.#arrays[rate], target: this.#arrays[target] },
          weight,
        );
      }
    }
  }

  /** What the last `forward` found of the functions' variances. */
  varianceTotals(): VarianceTotals[] {
    return blocksOf(this.#parts.decoders).map((block) => {
      const { variance, seen } = blockNames(block);
      return { first: block.first, total: this.#arrays[variance], seen: this.#arrays[seen] };
    });
  }

  /** L⁻¹ of a decoder, M × M. */
  inverseFactor(decoder: Decoder): Float32Array {
    return this.#arrays[inverseFactorName(decoder)];
  }

  async release(): Promise<void> {
    for (const session of this.#sessions) await session.release();
  }
}

export function blocksOf(decoders: readonly Decoder[]): readonly Block[] {
  return decoders.flatMap(({ blocks }) => blocks);
}

function firstFactor(kernel: Float32Array, inducing: number, variance: number): Float64Array | null {
  for (const jitter of JITTERS) {
    const inverse = inverseCholeskyFactor(kernel, inducing, jitter * variance);
    if (inverse !== null) return inverse;
  }
  return null;
}

function allocate({ decoders, shape, kernels, sites, inducing, covariance, noise, typical }: StepParts) {
  const { objects: B, inducing: M, latents: Q } = shape;
  const { memory } = kernels;
  const arrays: Record<string, Float32Array> = {
    latent: memory.allocate(B * Q),
    latentGradient: memory.allocate(B * Q),
    loss: memory.allocate(1),
    [GAIN.typical]: memory.place(typical),
    ...inducing.values,
    ...covariance.values,
    ...noise.values,
  };
  for (const [name, gradient] of [inducing, covariance, noise].flatMap((group) => Object.entries(group.gradients))) {
    arrays[gradientOf(name)] = gradient;
  }
  for (const decoder of decoders) {
    const names = decoderNames(decoder);
    const F = featureCount(decoder, M);
    const packed = (F * (F + 1)) / 2;
    arrays[names.features] = memory.allocate(B * F);
    arrays[names.featuresGradient] = memory.allocate(B * F);
    arrays[`${decoder.name}.adjoint`] = memory.allocate(B * F);
    arrays[names.products] = memory.allocate(B * packed);
    arrays[names.productsGradient] = memory.allocate(B * packed);
    arrays[names.priorVariance] = memory.allocate(1);
    arrays[names.varianceGradient] = memory.allocate(1);
    arrays[`${decoder.name}.kernel`] = memory.allocate(M * M);
    arrays[inverseFactorName(decoder)] = memory.allocate(M * M);
    for (const block of decoder.blocks) {
      const of = blockNames(block);
      for (const name of [of.value, of.precision, of.rate, of.target])
        arrays[name] = memory.allocate(B * block.outputs);
      for (const name of [of.variance, of.seen]) arrays[name] = memory.allocate(block.outputs);
      arrays[of.mean] = sites[block.name].arrays.mean;
      arrays[of.covariance] = sites[block.name].arrays.covariance;
    }
  }
  return arrays;
}

const gradientOf = (parameter: string) => `${parameter}.gradient`;

interface LoadedSession {
  readonly session: Session;
  /** The array that each output goes to. */
  readonly into: Readonly<Record<string, string>>;
}
type GraphName = 'inducing' | 'features' | 'elbo' | 'settling' | 'backward';
type LoadedSessions = Readonly<Record<GraphName, LoadedSession>>;

async function loadSessions({ decoders, shape, runtime }: StepParts): Promise<LoadedSessions> {
  const { objects, inducing, latents } = shape;
  const tensors = inducingTensors(decoders, inducing, latents);
  const latent = input('latent', [objects, latents]);
  const load = async (name: string, outputs: Readonly<Record<string, Tensor>>, into: Record<string, string> = {}) => {
    const session = await runtime.createSession(writeOnnx({ name, outputs }));
    const same = Object.fromEntries(Object.keys(outputs).map((output) => [output, into[output] ?? output]));
    return { session, into: same };
  };
  const ofInducing = decoders.flatMap((decoder): (readonly [string, Tensor])[] => [
    [`${decoder.name}.kernel`, inducingCovariance(decoder, tensors.inducingPoints)],
    [decoderNames(decoder).priorVariance, decoder.covariance.variance()],
  ]);
  const ofFeatures = decoders.map(
    (decoder) => [decoderNames(decoder).features, features(decoder, tensors, latent)] as const,
  );
  const elbo = elboGraph(decoders, objects, inducing).outputs;
  const gained = blocksOf(decoders).some(({ gain }) => gain);
  const sitesOnly = blocksOf(decoders).flatMap((block) => [blockNames(block).rate, blockNames(block).target]);
  const noise = blocksOf(decoders).map((block) => {
    const { noiseGradient, logNoise } = blockNames(block);
    return [noiseGradient, gradientOf(logNoise)];
  });
  const back = backwardGraph(decoders, tensors, latent);
  const moved = { latentGradient: back.latent, [gradientOf(INDUCING_POINTS)]: back.inducingPoints };
  const covariance = Object.entries(back.covariance).map(([name, tensor]) => [gradientOf(name), tensor]);
  return {
    inducing: await load('inducing', Object.fromEntries(ofInducing)),
    features: await load('features', Object.fromEntries(ofFeatures)),
    elbo: await load('elbo', elbo, {
      ...Object.fromEntries(noise),
      ...(gained ? { [GAIN.gradient]: gradientOf(GAIN.logShare) } : {}),
    }),
    settling: await load('settling', Object.fromEntries(sitesOnly.map((name) => [name, elbo[name]]))),
    backward: await load('backward', { ...moved, ...Object.fromEntries(covariance) }),
  };
}
