/** Takes the trials of a search from rung to rung, several at once, and keeps the record after every stretch. */
import { InterruptedError, type LongWorkOptions } from '../../base/index.ts';
import { planRungs } from './halving.ts';
import type { AdvanceRequest } from './messages.ts';
import { type NextRung, nextRung, ranked, type SearchState, type Trial } from './state.ts';
import { removeGivenUp, saveSearch, trialFolder } from './store.node.ts';
import type { TrialOutcome, TrialWorker } from './trial-worker.node.ts';

export interface Climb extends LongWorkOptions {
  readonly out: string;
  readonly datasetPath: string;
  readonly rankBy: string;
  /** Epochs that a trial takes at most. */
  readonly maximumEpochs: number;
  readonly workers: readonly TrialWorker[];
}

/**
 * @returns the state when every rung is decided
 * @throws InterruptedError when the signal fires, after the trials under way have been saved
 */
export async function climb(begun: SearchState, task: Climb): Promise<SearchState> {
  const bookkeeping = new Bookkeeping(begun, task);
  const stop = (): void => {
    for (const worker of task.workers) worker.stop();
  };
  task.signal?.addEventListener('abort', stop);
  try {
    for (let next = nextRung(bookkeeping.state); next !== null; next = nextRung(bookkeeping.state)) {
      await climbOneRung(next, bookkeeping, task);
      if (task.signal?.aborted) throw interrupted(bookkeeping.state);
    }
  } finally {
    task.signal?.removeEventListener('abort', stop);
    for (const worker of task.workers) worker.close();
  }
  return bookkeeping.state;
}

async function climbOneRung(next: NextRung, bookkeeping: Bookkeeping, task: Climb): Promise<void> {
  const queue = [...next.waiting];
  let broken = false;
  const ended = () => broken || task.signal?.aborted === true;
  const work = async (worker: TrialWorker): Promise<void> => {
    for (let trial = queue.shift(); trial !== undefined && !ended(); trial = queue.shift()) {
      const { trial: number } = trial;
      const request = requestFor(trial, next, bookkeeping.state, task);
      try {
        const outcome = await worker.advance(request, (epochs) => bookkeeping.underWay(number, epochs));
        // A process that ends while all are told to stop is no verdict on its trial.
        if (outcome.kind === 'advanced' || !ended()) bookkeeping.record(number, outcome);
      } catch (error) {
        broken = true;
        throw error;
      }
    }
  };
  await Promise.all(task.workers.map(work));
}

function requestFor(
  { trial, settings }: Trial,
  { rung }: NextRung,
  { identity }: SearchState,
  { out, datasetPath, rankBy }: Climb,
): AdvanceRequest {
  const { model, latents, seed } = identity;
  return {
    kind: 'advance',
    ...{ dataset: datasetPath, model, latents, seed, settings, rankBy },
    out: trialFolder(out, trial),
    pauseAfter: rung.epochs,
  };
}

/** The state as it grows, on disk and in the progress bar. */
class Bookkeeping {
  state: SearchState;
  readonly #task: Climb;
  readonly #started = performance.now();
  readonly #secondsBefore: number;
  /** Epochs trained since this process took the search up, by trials that have come in. */
  #done = 0;
  readonly #underWay = new Map<number, number>();

  constructor(state: SearchState, task: Climb) {
    this.state = state;
    this.#task = task;
    this.#secondsBefore = state.seconds;
    removeGivenUp(task.out, state);
    this.#report();
  }

  underWay(trial: number, epochs: number): void {
    this.#underWay.set(trial, Math.max(0, epochs - epochsOf(this.state.trials[trial - 1])));
    this.#report();
  }

  record(trial: number, outcome: TrialOutcome): void {
    this.#underWay.delete(trial);
    if (outcome.kind === 'interrupted') return;
    const before = this.state.trials[trial - 1];
    const after: Trial =
      outcome.kind === 'failed'
        ? { ...before, failure: outcome.message }
        : { ...before, results: [...before.results, outcome.result] };
    this.#done += epochsOf(after) - epochsOf(before);
    const seconds = this.#secondsBefore + (performance.now() - this.#started) / 1000;
    this.state = { ...this.state, seconds, trials: this.state.trials.with(trial - 1, after) };
    saveSearch(this.#task.out, this.state);
    removeGivenUp(this.#task.out, this.state);
    this.#report();
  }

  #report(): void {
    const { maximumEpochs, onProgress } = this.#task;
    if (onProgress === undefined) return;
    const done = this.#done + [...this.#underWay.values()].reduce((total, epochs) => total + epochs, 0);
    onProgress({
      stage: `searching ${this.state.identity.model}`,
      done,
      total: Math.max(done, this.#done + epochsToCome(this.state, maximumEpochs)),
      atMost: true,
      note: noteOn(this.state),
    });
  }
}

function epochsOf({ results }: Trial): number {
  return results.at(-1)?.epochs ?? 0;
}

/** Epochs from here to the end of the last rung, at most. */
function epochsToCome(state: SearchState, maximumEpochs: number): number {
  const next = nextRung(state);
  if (next === null) return 0;
  const rungs = planRungs(state.identity);
  const reach = (index: number) => Math.min(rungs[index].epochs ?? maximumEpochs, maximumEpochs);
  const here = next.waiting.reduce((total, trial) => total + Math.max(0, reach(next.index) - epochsOf(trial)), 0);
  return rungs.reduce(
    (total, { trials }, index) => (index <= next.index ? total : total + trials * (reach(index) - reach(index - 1))),
    here,
  );
}

function noteOn(state: SearchState): string {
  const next = nextRung(state);
  if (next === null) return 'done';
  const { rung, entrants, waiting } = next;
  const rungs = planRungs(state.identity).length;
  const goal = rung.epochs === null ? 'to the end' : `to epoch ${rung.epochs}`;
  const best = ranked(state.trials)[0].results.at(-1)?.error;
  const leading = best === undefined ? '' : `, best error ${best.toPrecision(5)}`;
  return `rung ${next.index + 1} of ${rungs}, ${goal}: ${entrants.length - waiting.length} of ${entrants.length} trials${leading}`;
}

function interrupted({ identity, trials }: SearchState): InterruptedError {
  const begun = trials.filter(({ results }) => results.length > 0).length;
  return new InterruptedError(
    `the search of ${identity.model} was interrupted with ${begun} of ${trials.length} trials under way; all is saved, and the same command goes on from there`,
  );
}
