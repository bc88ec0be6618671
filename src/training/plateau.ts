import type { Optimisation } from '../models/index.ts';

/**
 * The learning-rate schedule and early stopping of the VAE paper (section 3): when the validation objective has not
 * improved for `reduceAfter` epochs the rate is divided, and when it has not improved for `stopAfter` epochs
 * training ends. State is a plain value so that a checkpoint can hold it.
 */
export type PlateauRules = Pick<Optimisation, 'reduceAfter' | 'reduceBy' | 'stopAfter' | 'minimumImprovement'>;

export interface PlateauState {
  readonly learningRate: number;
  /** Lowest loss so far; null before the first epoch. */
  readonly best: number | null;
  /** Loss at the last epoch that counted as better: slow but steady progress adds up against it. */
  readonly reference: number | null;
  /** The epoch (counted from 1) that reached it; 0 before the first epoch. */
  readonly bestEpoch: number;
  readonly epochsSinceBest: number;
  readonly epochsSinceReduction: number;
}

export interface PlateauVerdict {
  readonly state: PlateauState;
  /** This epoch's loss is the lowest yet, by however little: its parameters are the ones to keep. */
  readonly best: boolean;
  readonly stop: boolean;
}

export function startPlateau(learningRate: number): PlateauState {
  return { learningRate, best: null, reference: null, bestEpoch: 0, epochsSinceBest: 0, epochsSinceReduction: 0 };
}

/** Judges the objective of one more epoch (counted from 1). */
export function judgeEpoch(state: PlateauState, rules: PlateauRules, epoch: number, loss: number): PlateauVerdict {
  const { reference } = state;
  const best = state.best === null || loss < state.best;
  const improved = reference === null || loss < reference - rules.minimumImprovement * Math.abs(reference);
  const epochsSinceBest = improved ? 0 : state.epochsSinceBest + 1;
  const waited = improved ? 0 : state.epochsSinceReduction + 1;
  const reduce = waited >= rules.reduceAfter;
  return {
    state: {
      learningRate: reduce ? state.learningRate / rules.reduceBy : state.learningRate,
      best: best ? loss : state.best,
      reference: improved ? loss : reference,
      bestEpoch: best ? epoch : state.bestEpoch,
      epochsSinceBest,
      epochsSinceReduction: reduce ? 0 : waited,
    },
    best,
    stop: epochsSinceBest >= rules.stopAfter,
  };
}

/** The verdict on an epoch of the warm-up, whose objective is not yet what is descended: it is not waited upon. */
export function withoutWaiting({ state, best }: PlateauVerdict, before: PlateauState): PlateauVerdict {
  const { learningRate } = before;
  return { state: { ...state, learningRate, epochsSinceBest: 0, epochsSinceReduction: 0 }, best, stop: false };
}
