/** What a search knows of its trials, as it lies in search.json. */
import { z } from 'zod';
import type { Random } from '../../base/index.ts';
import type { SearchSpace, Settings } from '../../models/index.ts';
import { beaten, planRungs, promoted, type Rung, type Standing } from './halving.ts';

const settingsSchema: z.ZodType<Settings> = z
  .record(
    z.string(),
    z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.union([z.number(), z.string()])).readonly()]),
  )
  .readonly();

/** A trial on one rung. */
export const rungResultSchema = z.object({
  /** Trained so far. */
  epochs: z.number(),
  /** The epoch, counted from 1, that the figures below are of: that of the lowest objective. */
  bestEpoch: z.number(),
  /** What trials are ranked by, on the validation spectra (`SearchSpace.rankBy`). */
  error: z.number(),
  /** The whole objective, which differs in meaning from trial to trial. */
  validLoss: z.number(),
  latentsInUse: z.number(),
  /** Per latent, `latentsInUse.posteriorShare` of a run. */
  posteriorShare: z.array(z.number()).readonly(),
  /** It has stopped by itself. */
  finished: z.boolean(),
  /** Training in all, without preparation. */
  seconds: z.number(),
});

const trialSchema = z.object({
  /** From 1. */
  trial: z.number(),
  settings: settingsSchema,
  /** One a rung, in order. */
  results: z.array(rungResultSchema).readonly(),
  /** Why it was given up, where it failed. */
  failure: z.string().nullable(),
});

/** What must be the same for a search to be gone on with. */
const identitySchema = z.object({
  software: z.string(),
  model: z.string(),
  latents: z.number(),
  seed: z.number(),
  dataset: z.string(),
  trials: z.number(),
  firstRung: z.number(),
  eta: z.number(),
  finalists: z.number(),
  /** Settings held fixed in all trials. */
  settings: z.record(z.string(), z.unknown()).readonly(),
});

export const searchStateSchema = z.object({
  kind: z.literal('lightfold-search'),
  format: z.literal(1),
  identity: identitySchema,
  /** Spent so far, over all the times it was gone on with. */
  seconds: z.number(),
  trials: z.array(trialSchema).readonly(),
});

export type RungResult = z.infer<typeof rungResultSchema>;
export type Trial = z.infer<typeof trialSchema>;
export type SearchIdentity = z.infer<typeof identitySchema>;
export type SearchState = z.infer<typeof searchStateSchema>;

/** Every trial drawn; each from a stream of its own, so that the first fifty of a hundred are those of fifty. */
export function beginSearch(identity: SearchIdentity, space: SearchSpace, random: Random): SearchState {
  const trials = Array.from({ length: identity.trials }, (_, index): Trial => {
    const drawn = space.draw(random.stream(`trial ${index + 1}`));
    return {
      trial: index + 1,
      settings: { ...drawn, ...settingsSchema.parse(identity.settings) },
      results: [],
      failure: null,
    };
  });
  return { kind: 'lightfold-search', format: 1, identity, seconds: 0, trials };
}

/** What comes next: the rung that is being climbed, who is on it, and who has yet to reach it; null when all is done. */
export interface NextRung {
  readonly index: number;
  readonly rung: Rung;
  readonly entrants: readonly Trial[];
  readonly waiting: readonly Trial[];
}

export function nextRung({ identity, trials }: SearchState): NextRung | null {
  let entrants: readonly Trial[] = trials;
  for (const [index, rung] of planRungs(identity).entries()) {
    const waiting = entrants.filter(({ results, failure }) => results.length <= index && failure === null);
    if (waiting.length > 0) return { index, rung, entrants, waiting };
    const going = new Set(promoted(standings(entrants, index), identity.eta));
    entrants = entrants.filter(({ trial }) => going.has(trial));
  }
  return null;
}

/** Trials whose run folders are not needed any more. */
export function givenUp(state: SearchState): number[] {
  const next = nextRung(state);
  const { eta } = state.identity;
  const failed = state.trials.filter(({ failure }) => failure !== null).map(({ trial }) => trial);
  const last = planRungs(state.identity).length - 1;
  if (next === null) return state.trials.filter(({ results }) => results.length <= last).map(({ trial }) => trial);
  const below = state.trials.filter(({ trial }) => !next.entrants.some((entrant) => entrant.trial === trial));
  const arrived = next.entrants.filter((trial) => !next.waiting.includes(trial));
  const lost = next.index === last ? [] : beaten(standings(arrived, next.index), next.entrants.length, eta);
  return [...new Set([...failed, ...lost, ...below.map(({ trial }) => trial)])];
}

/** Best first: those that came further before those that did not, then by error; failures at the end. */
export function ranked(trials: readonly Trial[]): Trial[] {
  const lastError = ({ results }: Trial) => results.at(-1)?.error ?? Number.POSITIVE_INFINITY;
  return [...trials].sort(
    (a, b) =>
      Number(a.failure !== null) - Number(b.failure !== null) ||
      b.results.length - a.results.length ||
      // Two infinities differ by NaN, which falls through.
      lastError(a) - lastError(b) ||
      a.trial - b.trial,
  );
}

function standings(trials: readonly Trial[], rung: number): Standing[] {
  return trials.map(({ trial, results, failure }) => ({
    trial,
    error: failure === null ? (results[rung]?.error ?? null) : null,
  }));
}
