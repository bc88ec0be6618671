/**
 * Successive halving (Jamieson & Talwalkar 2016; the rungs of Li et al. 2020), rung by rung: every trial trains to the
 * first rung, the best 1/η of them go on to the next, which lies η times as far, and the last few train to their end.
 * A rung is decided when all its trials have reached it, so that the outcome depends on the seed alone and not on which
 * process was faster; what is lost is the time that a process waits at the end of a rung for the other to come in.
 */
export interface HalvingRules {
  readonly trials: number;
  /** Epochs of the first rung. */
  readonly firstRung: number;
  /** η: the share 1/η of a rung is promoted. */
  readonly eta: number;
  /** When no more than so many trials are left, they train to their end. */
  readonly finalists: number;
}

export interface Rung {
  /** Epochs that a trial of this rung has been trained for; null = until it stops by itself. */
  readonly epochs: number | null;
  /** How many trials are on it, unless some fail. */
  readonly trials: number;
}

/** 100 trials with η = 3 and 3 finalists: 100 to epoch 1, 33 to epoch 3, 11 to epoch 9, 3 to the end. */
export function planRungs({ trials, firstRung, eta, finalists }: HalvingRules): Rung[] {
  const rungs: Rung[] = [];
  let left = trials;
  for (let epochs = firstRung; left > finalists; epochs *= eta) {
    rungs.push({ epochs, trials: left });
    left = promotions(left, eta);
  }
  return [...rungs, { epochs: null, trials: left }];
}

/** How a trial stands on a rung; null = it failed. */
export interface Standing {
  readonly trial: number;
  readonly error: number | null;
}

/** The trials that go on from a rung on which all have come in, best first: 1/η of them, rounded down, but one at least. */
export function promoted(rung: readonly Standing[], eta: number): number[] {
  return sound(rung)
    .slice(0, promotions(rung.length, eta))
    .map(({ trial }) => trial);
}

/**
 * The trials that cannot be promoted any more, however those still out of the `entrants` come in; their checkpoints
 * may go.
 */
export function beaten(rung: readonly Standing[], entrants: number, eta: number): number[] {
  const failed = rung.filter(({ error }) => error === null);
  return [...sound(rung).slice(promotions(entrants, eta)), ...failed].map(({ trial }) => trial);
}

function promotions(trials: number, eta: number): number {
  return trials === 0 ? 0 : Math.max(1, Math.floor(trials / eta));
}

/** Those that did not fail, best first; of equals the earlier one. */
function sound(rung: readonly Standing[]): { readonly trial: number; readonly error: number }[] {
  return rung
    .flatMap(({ trial, error }) => (error === null ? [] : [{ trial, error }]))
    .sort((a, b) => a.error - b.error || a.trial - b.trial);
}
