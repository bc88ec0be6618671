/**
 * One minibatch of the evidence lower bound: the expected log likelihood given the features, its derivatives, and what
 * each object adds to the sites of q(v). Axes: B objects, F features, D outputs of a block, R = F(F+1)/2.
 */
import {
  add,
  constant,
  divide,
  gradients,
  greater,
  input,
  multiply,
  negate,
  subtract,
  sum,
  type Tensor,
  transpose,
} from '../../graph/index.ts';
import { featureCount } from './features.ts';
import { withoutGain } from './gain.ts';
import type { FunctionMarginals, Observations } from './likelihoods/likelihood.ts';
import { functionMarginals } from './marginals.ts';
import type { Block, Decoder } from './views.ts';

/** Names of the arrays of a decoder in this graph. */
export function decoderNames({ name }: Pick<Decoder, 'name'>) {
  return {
    features: `${name}.features`,
    products: `${name}.products`,
    priorVariance: `${name}.priorVariance`,
    featuresGradient: `${name}.featuresGradient`,
    productsGradient: `${name}.productsGradient`,
    varianceGradient: `${name}.varianceGradient`,
  };
}

/** Names of the arrays of a block. */
export function blockNames({ name }: Pick<Block, 'name'>) {
  return {
    value: `${name}.value`,
    precision: `${name}.precision`,
    logNoise: `${name}.logNoise`,
    mean: `${name}.inducingMean`,
    covariance: `${name}.inducingCovariance`,
    noiseGradient: `${name}.logNoiseGradient`,
    rate: `${name}.rate`,
    target: `${name}.target`,
    variance: `${name}.varianceTotal`,
    seen: `${name}.seen`,
  };
}

/** Arrays of the gain, where pixels have one. */
export const GAIN = { logShare: 'gain.logShare', typical: 'gain.typical', gradient: 'gain.logShareGradient' };

export interface ElboGraph {
  /** `loss`, the derivatives of it, and of each block `rate`, `target` and totals of `TypicalVariance`, by their names. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/**
 * `loss` is −Σ E[ln p] / B over all observed values, up to their constants. Its derivatives are with respect to
 * features, their products, the prior variance and ln s².
 *
 * The sites of a block (natural-gradient steps: Hensman et al. 2013; Khan & Lin 2017) are, for each output,
 * Λ = Σ rate · a aᵀ and h = Σ target · a, with rate = −2 ∂E/∂v and target = ∂E/∂μ + rate · μ. Rates are D × B, for a
 * product with outer products B × R takes half the time that way.
 */
export function elboGraph(decoders: readonly Decoder[], objects: number, inducing: number): ElboGraph {
  const outputs: Record<string, Tensor> = {};
  const moved: [string, Tensor][] = [];
  let whole: Tensor = constant(0);
  for (const decoder of decoders) {
    const names = decoderNames(decoder);
    const count = featureCount(decoder, inducing);
    const packed = (count * (count + 1)) / 2;
    const features = input(names.features, [objects, count]);
    const products = input(names.products, [objects, packed]);
    const priorVariance = input(names.priorVariance, []);
    moved.push([names.featuresGradient, features], [names.productsGradient, products]);
    moved.push([names.varianceGradient, priorVariance]);
    for (const block of decoder.blocks) {
      const of = blockNames(block);
      const shape = [objects, block.outputs];
      const logNoise = input(of.logNoise, [block.outputs]);
      const observed = { value: input(of.value, shape), precision: input(of.precision, shape), logNoise };
      const posterior = {
        mean: input(of.mean, [count, block.outputs]),
        covariance: input(of.covariance, [block.outputs, packed]),
      };
      const marginals = functionMarginals(features, products, priorVariance, inducing, posterior);
      const gained = block.gain ? gainOf(block, observed, marginals) : null;
      const { likelihood } = block;
      const expected = sum(likelihood.expectedLogDensity(gained?.observed ?? observed, gained?.marginals ?? marginals));
      const [ofMean, ofVariance] = gradients(expected, [marginals.mean, marginals.variance]);
      const rate = multiply(ofVariance, -2);
      outputs[of.rate] = transpose(rate);
      outputs[of.target] = add(ofMean, multiply(rate, marginals.mean));
      const seen = greater(observed.precision, 0);
      outputs[of.variance] = sum(multiply(marginals.variance, seen), [0]);
      outputs[of.seen] = sum(seen, [0]);
      moved.push([of.noiseGradient, logNoise]);
      whole = add(whole, expected);
      if (gained === null) continue;
      whole = subtract(whole, sum(gained.divergence));
      moved.push([GAIN.gradient, gained.logShare]);
    }
  }
  const loss = divide(negate(whole), objects);
  const derivatives = gradients(
    loss,
    moved.map(([, tensor]) => tensor),
  );
  return {
    outputs: { loss, ...outputs, ...Object.fromEntries(moved.map(([name], at) => [name, derivatives[at]])) },
  };
}

function gainOf(block: Block, observed: Observations, marginals: FunctionMarginals) {
  const logShare = input(GAIN.logShare, []);
  const typical = input(GAIN.typical, [block.outputs]);
  return { logShare, ...withoutGain(observed, marginals, typical, logShare, block.likelihood.weightFactor) };
}
