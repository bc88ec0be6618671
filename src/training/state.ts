import type { RandomState } from '../base/index.ts';
import type { HistoryEntry } from '../models/index.ts';
import type { PlateauState } from './plateau.ts';

/**
 * Where a descent stands, apart from its arrays. Together with those and the settings it determines every later
 * number, so a run that is stopped anywhere and resumed ends in the same weights as one that was not.
 */
export interface DescentState {
  /** Epochs completed. */
  readonly epoch: number;
  /** Minibatches completed of the epoch under way. */
  readonly batch: number;
  /** Optimiser steps in all; Adam's bias correction counts them. */
  readonly step: number;
  /** The generator of the minibatches' normals; the order of an epoch comes from a stream named after it. */
  readonly noise: RandomState;
  /** Sums over the minibatches of the epoch under way: the loss under `loss`, the terms by their names. */
  readonly sums: Readonly<Record<string, number>>;
  readonly plateau: PlateauState;
  readonly history: readonly HistoryEntry[];
  readonly seconds: number;
  readonly finished: boolean;
}
