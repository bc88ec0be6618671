import type { Parameters } from '../../models/index.ts';
import type { DecoderRelevance } from '../../plots/index.ts';

/** `spectra.0.1.logLengthscale`: decoder, summand and factor of its covariance. */
const LENGTHSCALE = /^(?<decoder>.+)\.(?<summand>\d+)\.(?<factor>\d+)\.logLengthscale$/;

interface Term {
  readonly logLengthscale: Float32Array;
  /** Of the product that the term is a factor of. */
  readonly variance: number;
}

/**
 * Automatic relevance determination: 1/ℓ_q of the covariance of each decoder, by which a latent counts the more the
 * shorter its lengthscale ℓ_q is. For sums and products of covariances the root of Σ v/ℓ_q² over all factors, divided
 * by Σ v over the summands of variance v, so that a single covariance gives 1/ℓ_q itself.
 *
 * @param parameters of a run; only names that end in `logLengthscale` are looked at
 * @param labels names of the labels that the run predicts, for decoders of single labels
 * @returns in the order of the parameters; none for a model without lengthscales
 */
export function decoderRelevance(parameters: Parameters, labels: readonly string[]): DecoderRelevance[] {
  return [...termsByDecoder(parameters)].map(([decoder, terms]) => ({
    name: nameOf(decoder, labels),
    inverseLengthscale: inverseLengthscales([...terms.values()].flat(), summandsVariance(terms)),
  }));
}

/** Of each decoder, the factors of each summand. */
function termsByDecoder(parameters: Parameters): Map<string, Map<string, Term[]>> {
  const decoders = new Map<string, Map<string, Term[]>>();
  for (const [name, { data }] of Object.entries(parameters)) {
    const { decoder, summand } = LENGTHSCALE.exec(name)?.groups ?? {};
    if (decoder === undefined || summand === undefined) continue;
    const logVariance = parameters[`${decoder}.${summand}.0.logVariance`]?.data[0] ?? 0;
    const summands = decoders.get(decoder) ?? new Map<string, Term[]>();
    const factors = summands.get(summand) ?? [];
    factors.push({ logLengthscale: data, variance: Math.exp(logVariance) });
    decoders.set(decoder, summands.set(summand, factors));
  }
  return decoders;
}

function summandsVariance(summands: ReadonlyMap<string, readonly Term[]>): number {
  return [...summands.values()].reduce((total, [first]) => total + first.variance, 0);
}

function inverseLengthscales(terms: readonly Term[], variance: number): Float64Array {
  return Float64Array.from(terms[0].logLengthscale, (_, q) => {
    const squared = terms.reduce((sum, term) => sum + term.variance * Math.exp(-2 * term.logLengthscale[q]), 0);
    return Math.sqrt(squared / variance);
  });
}

/** A decoder of one label is called `label2` in a run; one of everything, `all`. */
function nameOf(decoder: string, labels: readonly string[]): string {
  if (decoder === 'all') return 'spectra and labels';
  const [, single] = /^label(\d+)$/.exec(decoder) ?? [];
  return single === undefined ? decoder : (labels[Number(single) - 1] ?? decoder);
}
