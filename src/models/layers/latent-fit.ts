/**
 * The latents of a spectrum by fitting it: Levenberg–Marquardt steps, written out in a graph, on
 * ½ Σ w (x − f(z))² + ½ |z|², minus the log posterior of z under a standard normal prior. What the pixels' noise is, and
 * which are missing, enters through the weights alone and exactly; for a linear f one step is the posterior.
 */
import {
  add,
  clamp,
  constant,
  divide,
  equal,
  expand,
  greater,
  matmul,
  multiply,
  negate,
  reduceMax,
  square,
  squeeze,
  subtract,
  sum,
  type Tensor,
  unsqueeze,
  where,
} from '../../graph/index.ts';
import { identityMatrix, invertPositiveDefinite, solvePositiveDefinite } from './solve.ts';
import type { WithTangents } from './tangents.ts';

export interface LatentFit {
  /** N × P; finite wherever it stands, of no account where the weight is 0. */
  readonly spectra: Tensor;
  /** Inverse variances, N × P; 0 = not observed. */
  readonly weights: Tensor;
  /** N × Q */
  readonly start: Tensor;
  readonly steps: number;
  /** f and its Jacobian at N × Q points. */
  readonly decode: (latent: Tensor) => WithTangents;
}

/** Beyond any χ² in float32's reach that still compares. */
const FAR = 1e30;

export interface FittedLatents {
  /** The most probable latents, N × Q. */
  readonly mean: Tensor;
  /** (Jᵀ W J + I)⁻¹ there, N × Q × Q. */
  readonly covariance: Tensor;
  /** Σ w (x − f(z))² + |z|² there, N × 1. */
  readonly objective: Tensor;
}

/** Marquardt's damping as a share of the curvature: its first value, and what success and failure make of it. */
const DAMPING = { first: 1e-3, afterSuccess: 0.3, afterFailure: 10, least: 1e-6, most: 1e6 };

export function fittedLatents(fit: LatentFit): FittedLatents {
  const identity = identityMatrix(Number(fit.start.shape[1]));
  let best = judged(fit, fit.start, identity);
  let damping = expand(constant(DAMPING.first), best.objective.shape);
  for (let step = 0; step < fit.steps; step++) {
    const damped = add(best.curvature, multiply(multiply(best.curvature, identity), unsqueeze(damping, [2])));
    const change = squeeze(solvePositiveDefinite(damped, unsqueeze(best.slope, [2])), [2]);
    const tried = judged(fit, add(best.latent, change), identity);
    // A trial that is not a number is no better.
    const better = greater(best.objective, tried.objective);
    best = chosen(better, tried, best);
    const scaled = multiply(damping, where(better, DAMPING.afterSuccess, DAMPING.afterFailure));
    damping = clamp(scaled, DAMPING.least, DAMPING.most);
  }
  return { mean: best.latent, covariance: invertPositiveDefinite(best.curvature), objective: best.objective };
}

interface Judged {
  /** N × Q */
  readonly latent: Tensor;
  /** N × 1: Σ w (x − f)² + |z|² */
  readonly objective: Tensor;
  /** Minus half its gradient, N × Q. */
  readonly slope: Tensor;
  /** Half its Gauss–Newton curvature, N × Q × Q. */
  readonly curvature: Tensor;
}

function judged({ spectra, weights, decode }: LatentFit, latent: Tensor, identity: Tensor): Judged {
  const { value, jacobian } = decode(latent);
  const residual = subtract(spectra, value);
  const weighted = multiply(weights, residual);
  const projected = squeeze(matmul(jacobian, unsqueeze(weighted, [2])), [2]);
  const gram = matmul(multiply(jacobian, unsqueeze(weights, [1])), jacobian, { transposeB: true });
  return {
    latent,
    objective: add(sum(multiply(weighted, residual), [1], true), sum(square(latent), [1], true)),
    slope: subtract(projected, latent),
    curvature: add(gram, identity),
  };
}

/** Object by object, the first where the mask (N × 1) is 1. */
function chosen(mask: Tensor, first: Judged, second: Judged): Judged {
  return {
    latent: where(mask, first.latent, second.latent),
    objective: where(mask, first.objective, second.objective),
    slope: where(mask, first.slope, second.slope),
    curvature: where(unsqueeze(mask, [2]), first.curvature, second.curvature),
  };
}

/**
 * Of K points in latent space the one whose spectrum fits best by the same measure, N × Q: where a fit starts.
 *
 * @param anchors K × Q
 * @param anchorSpectra what they decode to, K × P
 * @param passedOver anchors that may not be taken, N × K: 1 where so
 */
export function nearestAnchors(
  { spectra, weights }: Pick<LatentFit, 'spectra' | 'weights'>,
  anchors: Tensor,
  anchorSpectra: Tensor,
  passedOver?: Tensor,
): Tensor {
  // Σ w (x − f)² without Σ w x², which is the same for all anchors.
  const squares = matmul(weights, square(anchorSpectra), { transposeB: true });
  const products = matmul(multiply(weights, spectra), anchorSpectra, { transposeB: true, scale: 2 });
  const distance = add(subtract(squares, products), sum(square(anchors), [1]));
  const closeness = negate(passedOver === undefined ? distance : where(passedOver, FAR, distance));
  const nearest = equal(closeness, reduceMax(closeness, [1], true));
  // Anchors that tie share the start.
  return divide(matmul(nearest, anchors), sum(nearest, [1], true));
}
