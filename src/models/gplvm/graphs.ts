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
  expand,
  greater,
  input,
  multiply,
  parameter,
  reduceMax,
  sigmoid,
  slice,
  square,
  squaredDistance,
  subtract,
  sum,
  type Tensor,
  where,
} from '../../graph/index.ts';
import { type FittedLatents, nearestAnchors } from '../layers/latent-fit.ts';
import { identityMatrix } from '../layers/solve.ts';
import type { DecoderGraph, EncoderGraph, JointEncoderGraph, LabelEncoderGraph } from '../model.ts';
import { LatentProblem } from './latent-problem.ts';
import type { GplvmTensors } from './tensors.ts';

/** Points that fits may start from. */
export const ANCHORS = 512;

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
