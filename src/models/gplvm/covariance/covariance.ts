/**
 * Covariance functions of latent points: sums of products of stationary terms, each with a variance and a lengthscale
 * per latent (ARD), written `rbf`, `rbf+matern32`, `matern52*rq`; and `linear`, Σ_q σ_q² z_q z′_q, as one more term of
 * the sum, which is kept apart because Q features hold it exactly. Axes: N points, M inducing points, Q latents.
 */
import { UserError } from '../../../base/index.ts';
import {
  add,
  constant,
  divide,
  exp,
  maximum,
  multiply,
  parameter,
  square,
  squaredDistance,
  subtract,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../../graph/index.ts';
import { identityMatrix } from '../../layers/solve.ts';
import type { NamedArray } from '../../model.ts';
import { matern32, matern52 } from './matern.ts';
import type { Profile } from './profile.ts';
import { rationalQuadratic } from './rational-quadratic.ts';
import { rbf } from './rbf.ts';

/** The terms there are, by the name in a setting. A new one is a file and a line here. */
export const PROFILES: Readonly<Record<string, Profile>> = { rbf, matern32, matern52, rq: rationalQuadratic };

const LINEAR = 'linear';
/** Standardised outputs that follow one or two of the latents have slopes near this. */
const INITIAL_SLOPE = 0.5;
/** What is left to the other terms at the start when there is a linear one. */
const INITIAL_CURVED_VARIANCE = 0.3;

/** Latents start with unit variance; functions that bend over twice or so of their range. */
const INITIAL_LENGTHSCALE = 4;

interface Term {
  readonly profile: Profile;
  /** Length Q. */
  readonly logLengthscale: LogParameter;
  /** Scalar; only the first factor of a product has one, since variances multiply. */
  readonly logVariance: LogParameter | null;
  readonly shape: readonly LogParameter[];
}

interface LogParameter {
  readonly name: string;
  readonly tensor: Tensor;
  readonly initial: NamedArray;
}

export interface CovarianceWithTangents {
  /** N × M */
  readonly value: Tensor;
  /** N × Q × M: the derivative with respect to the first point. */
  readonly tangents: Tensor;
}

export class Covariance {
  /** A sum of products. */
  readonly #terms: readonly (readonly Term[])[];
  /** ln σ of the linear term, length Q; null when there is none. */
  readonly #logSlope: LogParameter | null;

  /**
   * @param expression such as `rbf` or `rbf+matern32*rq`
   * @param name prefix of the parameters' names
   * @throws UserError naming the term that is unknown, or what is wrong with `linear`
   */
  constructor(expression: string, name: string, latents: number) {
    const summands = expression.split('+').map((summand) => summand.trim());
    const stationary = summands.filter((summand) => summand !== LINEAR);
    if (stationary.length === 0 || summands.length - stationary.length > 1) {
      throw new UserError(`the kernel "${expression}" needs a term beside one "${LINEAR}", such as linear+rbf.`);
    }
    this.#logSlope =
      stationary.length === summands.length
        ? null
        : logParameter(`${name}.logSlope`, [latents], new Float32Array(latents).fill(Math.log(INITIAL_SLOPE)));
    const startingVariance = (this.#logSlope === null ? 1 : INITIAL_CURVED_VARIANCE) / stationary.length;
    this.#terms = stationary.map((product, summand) =>
      product.split('*').map((written, factor) => {
        const place = `${name}.${summand}.${factor}`;
        return termOf(written.trim(), place, latents, factor === 0 ? startingVariance : null);
      }),
    );
  }

  /** Starting values of all parameters, logarithms throughout. */
  initialParameters(): Record<string, NamedArray> {
    return Object.fromEntries(this.#parameters().map(({ name, initial }) => [name, initial]));
  }

  /** Their tensors, by the same names. */
  parameterTensors(): Record<string, Tensor> {
    return Object.fromEntries(this.#parameters().map(({ name, tensor }) => [name, tensor]));
  }

  /** How many features hold the linear term: Q or 0. */
  get linearFeatures(): number {
    return this.#logSlope === null ? 0 : Number(this.#logSlope.tensor.shape[0]);
  }

  /** σ ∘ z, whose products are the linear term: N × Q; null when there is none. */
  linear(latent: Tensor): Tensor | null {
    return this.#logSlope === null ? null : multiply(latent, exp(this.#logSlope.tensor));
  }

  /** Derivatives of `linear`, 1 × Q × Q; null when there is none. */
  linearTangents(): Tensor | null {
    if (this.#logSlope === null) return null;
    return unsqueeze(multiply(identityMatrix(this.linearFeatures), exp(this.#logSlope.tensor)), [0]);
  }

  #parameters(): readonly LogParameter[] {
    const ofTerms = this.#terms
      .flat()
      .flatMap(({ logLengthscale, logVariance, shape }) => [
        logLengthscale,
        ...(logVariance === null ? [] : [logVariance]),
        ...shape,
      ]);
    return this.#logSlope === null ? ofTerms : [...ofTerms, this.#logSlope];
  }

  /** k(x, x) of the stationary terms, the same everywhere: a scalar. */
  variance(): Tensor {
    return this.#terms.map(varianceOf).reduce((total, term) => add(total, term));
  }

  /** k(a, b) of the stationary terms for points a, N × Q, and b, M × Q: N × M. */
  between(a: Tensor, b: Tensor): Tensor {
    return this.#terms
      .map((product) => {
        const factors = product.map((term) => evaluated(term, a, b).value);
        return multiply(
          factors.reduce((whole, factor) => multiply(whole, factor)),
          varianceOf(product),
        );
      })
      .reduce((total, term) => add(total, term));
  }

  /** `between`, and its derivatives with respect to a. */
  withTangents(a: Tensor, b: Tensor): CovarianceWithTangents {
    const difference = subtract(unsqueeze(a, [2]), unsqueeze(transpose(b), [0]));
    const products = this.#terms.map((product) => this.#productWithTangents(product, a, b, difference));
    return products.reduce((total, term) => ({
      value: add(total.value, term.value),
      tangents: add(total.tangents, term.tangents),
    }));
  }

  #productWithTangents(product: readonly Term[], a: Tensor, b: Tensor, difference: Tensor): CovarianceWithTangents {
    const factors = product.map((term) => {
      const { value, slope, lengthscale } = evaluated(term, a, b);
      const squared = unsqueeze(square(lengthscale), [0, 2]);
      return { value, tangents: multiply(unsqueeze(multiply(slope(), 2), [1]), divide(difference, squared)) };
    });
    const whole = factors.reduce((left, right) => ({
      value: multiply(left.value, right.value),
      tangents: add(
        multiply(left.tangents, unsqueeze(right.value, [1])),
        multiply(right.tangents, unsqueeze(left.value, [1])),
      ),
    }));
    const variance = varianceOf(product);
    return { value: multiply(whole.value, variance), tangents: multiply(whole.tangents, variance) };
  }
}

function evaluated({ profile, logLengthscale, shape: shapeParameters }: Term, a: Tensor, b: Tensor) {
  const lengthscale = exp(logLengthscale.tensor);
  // Worked out as |a|² + |b|² − 2a·b, whose rounding may leave it below 0.
  const distance = maximum(squaredDistance(divide(a, lengthscale), divide(b, lengthscale)), 0);
  const shape = shapeParameters.map(({ tensor }) => exp(tensor));
  return { lengthscale, value: profile.value(distance, shape), slope: () => profile.slope(distance, shape) };
}

function varianceOf([first]: readonly Term[]): Tensor {
  return first.logVariance === null ? constant(1) : exp(first.logVariance.tensor);
}

/** @throws UserError naming the kernel that is unknown */
function termOf(kernel: string, place: string, latents: number, variance: number | null): Term {
  if (kernel === LINEAR) throw new UserError(`"${LINEAR}" can be added, as in linear+rbf, not multiplied.`);
  const profile = Object.hasOwn(PROFILES, kernel) ? PROFILES[kernel] : undefined;
  if (profile === undefined) {
    throw new UserError(
      `there is no kernel "${kernel}"; write one of ${Object.keys(PROFILES).join(', ')}, or sums and products of them, such as linear+rbf or rbf*matern32.`,
    );
  }
  const named = (parameterName: string, length: number | null, value: number): LogParameter => {
    const shape = length === null ? [] : [length];
    return logParameter(`${place}.${parameterName}`, shape, new Float32Array(length ?? 1).fill(value));
  };
  return {
    profile,
    logLengthscale: named('logLengthscale', latents, Math.log(INITIAL_LENGTHSCALE)),
    logVariance: variance === null ? null : named('logVariance', null, Math.log(variance)),
    shape: profile.shapeParameters.map(({ name, initial }) => named(name, null, initial)),
  };
}

function logParameter(name: string, shape: readonly number[], data: Float32Array): LogParameter {
  return { name, tensor: parameter(name, shape), initial: { shape, data } };
}
