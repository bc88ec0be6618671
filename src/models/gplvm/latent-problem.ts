/** The fit of latents to what was observed of objects. Axes: N objects, D outputs, Q latents, E coordinates. */
import {
  add,
  concatenate,
  constant,
  divide,
  expand,
  multiply,
  parameter,
  reciprocal,
  slice,
  square,
  squeeze,
  subtract,
  type Tensor,
} from '../../graph/index.ts';
import { type FittedLatents, fittedLatents } from '../layers/latent-fit.ts';
import type { WithTangents } from '../layers/tangents.ts';
import type { EncoderGraph, ModelShape } from '../model.ts';
import type { FunctionMarginals } from './likelihoods/likelihood.ts';

/** The error of a spectrum's normalisation as a coordinate ζ of the fit, standard normal by its prior. */
export interface GainCoordinate {
  /** Standard deviation of δ by its prior, N × 1. */
  readonly deviation: Tensor;
  /** Standardised outputs with the gain, N × D, from those without it, at N × (Q + 1) coordinates. */
  valueAt(value: Tensor, coordinates: Tensor): Tensor;
  /** The same with their Jacobian. */
  applied(decoded: WithTangents, coordinates: Tensor): WithTangents;
}

/** What a fit needs of a model; values standardised. */
interface LatentModel {
  readonly shape: ModelShape;
  /** s² of every output, length D. */
  noise(): Tensor;
  /** Means and variances of the functions at latents N × Q, N × D. */
  marginals(latent: Tensor): FunctionMarginals;
  /** Means with their Jacobian, N × Q × D. */
  withTangents(latent: Tensor): WithTangents;
  /** @param precision N × D */
  gain(precision: Tensor): GainCoordinate | null;
  weightFactors(squaredDeviation: Tensor): Tensor | null;
  /** What an observed value of each output counts in the fit of latents, 1 × D; null where all count whole. */
  readonly counts: Tensor | null;
}

/**
 * The latents of objects by Levenberg–Marquardt with Laplace's covariance. Coordinates are the Q latents and, where
 * spectra have a gain, its ζ: E = Q or Q + 1.
 */
export class LatentProblem {
  readonly #model: LatentModel;
  readonly #value: Tensor;
  readonly #precision: Tensor;
  readonly #noise: Tensor;
  readonly #gain: GainCoordinate | null;

  /** @param value,precision N × D, standardised; precision 0 = not observed */
  constructor(model: LatentModel, value: Tensor, precision: Tensor) {
    this.#model = model;
    this.#value = value;
    this.#precision = precision;
    this.#noise = model.noise();
    this.#gain = model.gain(precision);
  }

  /** 1/(1/p + s² + v) times what a value counts, written so that p = 0 gives 0, for a variance v of the functions, N × D or D. */
  weights(variance: Tensor): Tensor {
    const { counts } = this.#model;
    const weights = divide(this.#precision, add(multiply(this.#precision, add(this.#noise, variance)), 1));
    return counts === null ? weights : multiply(weights, counts);
  }

  /** Coordinates with ζ = 0. */
  withoutGain(latent: Tensor): Tensor {
    return this.#gain === null ? latent : concatenate([latent, multiply(slice(latent, 1, 0, 1), 0)], 1);
  }

  /** Whether values that lie far out count less, so that weights depend on the point they are worked out at. */
  get reweights(): boolean {
    return this.#model.weightFactors(this.#value) !== null;
  }

  /** Of the gain's δ by its prior, N × 1; null where there is no gain. */
  get gainDeviation(): Tensor | null {
    return this.#gain?.deviation ?? null;
  }

  /** Outputs and their Jacobian with the coordinates, N × E × D. */
  decode(coordinates: Tensor): WithTangents {
    const decoded = this.#model.withTangents(this.latents(coordinates));
    return this.#gain === null ? decoded : this.#gain.applied(decoded, coordinates);
  }

  fit(start: Tensor, weights: Tensor, steps: number): FittedLatents {
    return fittedLatents({ spectra: this.#value, weights, start, steps, decode: (at) => this.decode(at) });
  }

  /**
   * With weights as they are at the start: by the functions' uncertainty there, and by how far out values lie.
   *
   * @param typical variance of the functions, N × D or D, to be taken for theirs at the start
   */
  fitAt(start: Tensor, steps: number, typical?: Tensor): FittedLatents {
    const { mean, variance } = this.#model.marginals(this.latents(start));
    const weights = this.weights(typical ?? variance);
    const expected = this.#gain === null ? mean : this.#gain.valueAt(mean, start);
    const factors = this.#model.weightFactors(multiply(weights, square(subtract(this.#value, expected))));
    return this.fit(start, factors === null ? weights : multiply(weights, factors), steps);
  }

  /** With covariances widened as held-out objects ask (`calibration.ts`). */
  described({ mean, covariance: narrow }: FittedLatents): EncoderGraph['outputs'] {
    const { latents, labels = 0 } = this.#model.shape;
    const widening = parameter('covarianceWidening', [1]);
    const covariance = multiply(narrow, widening);
    const each = (value: Tensor) => expand(value, [mean.shape[0], 1]);
    const shares = {
      observedShare: each(reciprocal(widening)),
      ...(labels === 0 ? {} : { labelShare: each(divide(parameter('labelWidening', [1]), widening)) }),
    };
    if (this.#gain === null) return { latentMean: mean, latentCovariance: covariance, ...shares };
    const { deviation } = this.#gain;
    const last = squeeze(slice(covariance, 1, latents, latents + 1), [1]);
    const unit = concatenate([expand(constant(1), [mean.shape[0], latents]), deviation], 1);
    return {
      latentMean: this.latents(mean),
      latentCovariance: slice(slice(covariance, 1, 0, latents), 2, 0, latents),
      gainMean: multiply(deviation, slice(mean, 1, latents, latents + 1)),
      gainCovariance: multiply(multiply(last, deviation), unit),
      ...shares,
    };
  }

  /** The latents among the coordinates, N × Q. */
  latents(coordinates: Tensor): Tensor {
    return slice(coordinates, 1, 0, this.#model.shape.latents);
  }
}
