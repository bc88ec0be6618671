import { makeTable, type Table } from '../../io/index.ts';
import type { SearchSpace } from '../../models/index.ts';
import type { SearchData } from '../../plots/index.ts';
import { planRungs } from './halving.ts';
import { type RungResult, ranked, type SearchState } from './state.ts';

/** A row per trial, best first; the quantities searched have a column each. */
export function leaderboardTable({ trials }: SearchState, { dimensions }: SearchSpace): Table {
  const order = ranked(trials);
  const last = (of: (result: RungResult) => number) =>
    order.map(({ results }) => {
      const result = results.at(-1);
      return result === undefined ? null : of(result);
    });
  return makeTable([
    ['rank', order.map((_, index) => index + 1)],
    ['trial', order.map(({ trial }) => trial)],
    ['rung', order.map(({ results }) => results.length)],
    ['epochs', last(({ epochs }) => epochs)],
    ['best_epoch', last(({ bestEpoch }) => bestEpoch)],
    ['error', last(({ error }) => error)],
    ['valid_loss', last(({ validLoss }) => validLoss)],
    ['latents_in_use', last(({ latentsInUse }) => latentsInUse)],
    ...dimensions.map(({ name, of }) => [name, order.map(({ settings }) => of(settings))] as const),
    ['seconds', last(({ seconds }) => seconds)],
    ['failure', order.map(({ failure }) => failure)],
  ]);
}

/** What the figure shows of a search. */
export function searchData(state: SearchState, space: SearchSpace, model: string): SearchData {
  const { latents, model: name } = state.identity;
  const order = ranked(state.trials);
  return {
    name: `search-${name}-${latents}`,
    model,
    latents,
    errorTitle: space.rankTitle,
    dimensions: space.dimensions.map(({ title, low, high }) => ({ title, low, high })),
    rungs: planRungs(state.identity).map(({ epochs }) => (epochs === null ? 'to the end' : epochsInWords(epochs))),
    trials: order.flatMap(({ results, settings, failure }) => {
      const result = results.at(-1);
      if (result === undefined || failure !== null) return [];
      const values = space.dimensions.map(({ of }) => of(settings));
      return [{ values, error: result.error, rung: results.length - 1, latentsInUse: result.latentsInUse }];
    }),
    failed: order.filter(({ failure }) => failure !== null).length,
  };
}

function epochsInWords(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}
