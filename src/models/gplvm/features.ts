/**
 * The whitened features of latent points, a(z) = L⁻¹ k(U, z) with K_UU = L Lᵀ, and how a gradient with respect to
 * them reaches the points, the inducing inputs and the covariance. The factorisation itself happens between two runs,
 * in float64 (`elbo-step.ts`). Axes: N points, M inducing inputs, Q latents.
 */
import {
  add,
  concatenate,
  constant,
  expand,
  gradients,
  input,
  matmul,
  multiply,
  negate,
  parameter,
  stopGradient,
  sum,
  type Tensor,
  transpose,
} from '../../graph/index.ts';
import { identityMatrix } from '../layers/solve.ts';
import type { WithTangents } from '../layers/tangents.ts';
import type { Decoder } from './views.ts';

/** Tensors that the graphs of one model have in common. */
export interface InducingTensors {
  /** U, M × Q */
  readonly inducingPoints: Tensor;
  /** L⁻¹ of each decoder, M × M, by its name. */
  readonly inverseFactors: Readonly<Record<string, Tensor>>;
}

export const INDUCING_POINTS = 'inducingPoints';

export function inverseFactorName({ name }: Pick<Decoder, 'name'>): string {
  return `${name}.inverseFactor`;
}

export function inducingTensors(decoders: readonly Decoder[], inducing: number, latents: number): InducingTensors {
  const factors = decoders.map((decoder) => [
    decoder.name,
    parameter(inverseFactorName(decoder), [inducing, inducing]),
  ]);
  return {
    inducingPoints: parameter(INDUCING_POINTS, [inducing, latents]),
    inverseFactors: Object.fromEntries(factors),
  };
}

/** Share of the prior variance that is added to the diagonal of K_UU, whose rounding in float32 is a tenth of it. */
export const JITTER = 1e-5;

/** K_UU with its jitter, M × M. */
export function inducingCovariance({ covariance }: Decoder, inducingPoints: Tensor): Tensor {
  const jitter = multiply(identityMatrix(Number(inducingPoints.shape[0])), JITTER);
  return add(covariance.between(inducingPoints, inducingPoints), multiply(jitter, covariance.variance()));
}

/** How many features a decoder has: M, and Q more where its covariance has a linear term. */
export function featureCount({ covariance }: Pick<Decoder, 'covariance'>, inducing: number): number {
  return inducing + covariance.linearFeatures;
}

/** a(z) of every point, N × F: L⁻¹ k(U, z), then the features of the linear term. */
export function features({ covariance, name }: Decoder, tensors: InducingTensors, latent: Tensor): Tensor {
  const covariances = covariance.between(latent, tensors.inducingPoints);
  const curved = matmul(covariances, tensors.inverseFactors[name], { transposeB: true });
  const linear = covariance.linear(latent);
  return linear === null ? curved : concatenate([curved, linear], 1);
}

/** The same with their derivatives along the latents, N × Q × F. */
export function featuresWithTangents(
  { covariance, name }: Decoder,
  tensors: InducingTensors,
  latent: Tensor,
): WithTangents {
  const inverse = tensors.inverseFactors[name];
  const { value, tangents } = covariance.withTangents(latent, tensors.inducingPoints);
  const curved = matmul(value, inverse, { transposeB: true });
  const alongCurved = matmul(tangents, transpose(inverse));
  const [linear, alongLinear] = [covariance.linear(latent), covariance.linearTangents()];
  if (linear === null || alongLinear === null) return { value: curved, jacobian: alongCurved };
  const [N, Q] = latent.shape;
  return {
    value: concatenate([curved, linear], 1),
    jacobian: concatenate([alongCurved, expand(alongLinear, [N, Q, Q])], 2),
  };
}

/** Names of what the backward graph is fed for a decoder: derivatives of the loss. */
export function seedNames({ name }: Pick<Decoder, 'name'>) {
  return { features: `${name}.featuresGradient`, variance: `${name}.varianceGradient` };
}

export interface BackwardGraph {
  readonly latent: Tensor;
  readonly inducingPoints: Tensor;
  /** By the names of the covariances' parameters. */
  readonly covariance: Readonly<Record<string, Tensor>>;
}

/**
 * Derivatives with respect to latents (N × Q), inducing inputs and covariance parameters, from those with respect to
 * the features (N × M) and to the prior variance k(z, z) of each decoder.
 *
 * The derivative with respect to L⁻¹, G, passes the factorisation as K̄ = sym(L⁻ᵀ Φ(−G L⁻ᵀ) L⁻¹), where Φ keeps the
 * lower triangle and halves its diagonal (Murray 2016, eq. 8, written for the inverse factor).
 */
export function backwardGraph(decoders: readonly Decoder[], tensors: InducingTensors, latent: Tensor): BackwardGraph {
  const { inducingPoints, inverseFactors } = tensors;
  const covarianceTensors = Object.assign({}, ...decoders.map(({ covariance }) => covariance.parameterTensors()));
  const names = Object.keys(covarianceTensors);
  const moved: Tensor[] = [latent, inducingPoints, ...names.map((name) => covarianceTensors[name])];
  let whole: Tensor | null = null;
  for (const decoder of decoders) {
    const { covariance, name } = decoder;
    const seeds = seedNames(decoder);
    const at = features(decoder, tensors, latent);
    const value = sum(multiply(at, input(seeds.features, at.shape)));
    const inverse = inverseFactors[name];
    const [ofInverse] = gradients(value, [inverse]);
    const kernel = inducingCovariance(decoder, inducingPoints);
    const throughFactor = sum(multiply(kernel, covarianceGradient(ofInverse, inverse)));
    const ofVariance = multiply(covariance.variance(), input(seeds.variance, []));
    const part = add(add(value, throughFactor), ofVariance);
    whole = whole === null ? part : add(whole, part);
  }
  const [ofLatent, ofInducing, ...rest] = gradients(whole ?? constant(0), moved);
  return {
    latent: ofLatent,
    inducingPoints: ofInducing,
    covariance: Object.fromEntries(names.map((name, at) => [name, rest[at]])),
  };
}

/** The derivative with respect to K_UU, held as a number, from that with respect to L⁻¹. */
function covarianceGradient(ofInverse: Tensor, inverse: Tensor): Tensor {
  const size = Number(inverse.shape[0]);
  const inner = multiply(negate(matmul(ofInverse, inverse, { transposeB: true })), halvedLowerTriangle(size));
  const outer = matmul(matmul(inverse, inner, { transposeA: true }), inverse);
  return stopGradient(multiply(add(outer, transpose(outer)), 0.5));
}

function halvedLowerTriangle(size: number): Tensor {
  const mask = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    mask.fill(1, i * size, i * size + i);
    mask[i * size + i] = 0.5;
  }
  return constant(mask, [size, size]);
}
