import { InterruptedError, type LongWorkOptions, type Matrix, Random, row, zeros } from '../../base/index.ts';
import type { LatentShares } from '../../plots/index.ts';
import type { FittedRun } from '../fitted-run.ts';
import { thinned } from '../thinned.ts';

/** Objects that stand for all: shares come out to a few per cent. */
const OBJECTS = 1024;
const SEED = 1;

/** What decodes latents: `FittedRun` does. */
export type DecodingRun = Pick<FittedRun, 'decode' | 'decodeLabels'> & {
  readonly run: { readonly description: { readonly labels: readonly string[] } };
};

/**
 * How much of each label, and of the spectrum, hangs on each latent, over the population: the total effect
 * T_q = ½ ⟨(y(z) − y(z′))²⟩, where z′ is an object's z but for latent q, which is that of another object drawn at
 * random (Jansen 1999, eq. 9). For latents that are independent, T_q is the part of y's variance that would remain if
 * all others were known; in a linear decoder it is (∂y/∂z_q)² Var z_q. Given as shares of Σ T_q. That of the
 * spectrum is the mean of its pixels' shares.
 *
 * Unlike squared correlations, it sees labels that bend over a latent; unlike the squared slopes, it does not take
 * small ripples for a dependence.
 *
 * @param latents N × Q: latent means of the population
 * @returns the spectrum, then labels in the run's order
 */
export async function latentShares(
  run: DecodingRun,
  latents: Matrix,
  { signal }: LongWorkOptions = {},
): Promise<LatentShares[]> {
  const sample = sampleOf(latents);
  const { labels } = run.run.description;
  const partners = new Random(SEED).permutation(sample.rows);
  const reference = await decoded(run, sample);
  const effects = { labels: zeros(labels.length, sample.columns), flux: zeros(reference.flux.columns, sample.columns) };
  for (let q = 0; q < sample.columns; q++) {
    if (signal?.aborted) throw new InterruptedError('the figures were interrupted');
    const exchanged = await decoded(run, withExchanged(sample, q, partners));
    addEffects(reference.labels, exchanged.labels, effects.labels, q);
    addEffects(reference.flux, exchanged.flux, effects.flux, q);
  }
  return [
    { name: 'spectrum', share: meanShare(effects.flux) },
    ...labels.map((name, k) => ({ name, share: shareOf(row(effects.labels, k)) })),
  ];
}

function sampleOf(latents: Matrix): Matrix {
  const chosen = thinned(
    Uint32Array.from({ length: latents.rows }, (_, n) => n),
    OBJECTS,
  );
  const sample = zeros(chosen.length, latents.columns);
  chosen.forEach((from, n) => {
    row(sample, n).set(row(latents, from));
  });
  return sample;
}

interface Decoded {
  readonly labels: Matrix;
  readonly flux: Matrix;
}

async function decoded(run: DecodingRun, latents: Matrix): Promise<Decoded> {
  return { labels: (await run.decodeLabels(latents)).mean, flux: (await run.decode(latents)).mean };
}

function withExchanged(sample: Matrix, q: number, partners: Uint32Array): Matrix {
  const exchanged: Matrix = { ...sample, data: Float32Array.from(sample.data) };
  partners.forEach((partner, n) => {
    exchanged.data[n * sample.columns + q] = sample.data[partner * sample.columns + q];
  });
  return exchanged;
}

/** Column `q` of `effects` (outputs × Q) from outputs n × D. */
function addEffects(before: Matrix, after: Matrix, effects: Matrix, q: number): void {
  const { rows, columns } = before;
  for (let at = 0; at < before.data.length; at++) {
    effects.data[(at % columns) * effects.columns + q] += (0.5 / rows) * (before.data[at] - after.data[at]) ** 2;
  }
}

function shareOf(effects: Float32Array): Float64Array {
  const total = effects.reduce((sum, effect) => sum + effect, 0);
  return Float64Array.from(effects, (effect) => (total > 0 ? effect / total : 0));
}

/** The mean over pixels that any latent moves. */
function meanShare(effects: Matrix): Float64Array {
  const mean = new Float64Array(effects.columns);
  for (let pixel = 0; pixel < effects.rows; pixel++) {
    shareOf(row(effects, pixel)).forEach((share, q) => {
      mean[q] += share;
    });
  }
  return shareOf(Float32Array.from(mean));
}
