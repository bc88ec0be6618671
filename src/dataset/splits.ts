import { UserError } from '../base/index.ts';
import type { Split } from './dataset.ts';

/** Shares of the objects that go to each split; they sum to 1. */
export interface SplitFractions {
  readonly train: number;
  readonly valid: number;
  readonly test: number;
}

/** A fifth is kept for testing; of the rest, a quarter validates (Portillo et al. 2020, section 3.2). */
export const DEFAULT_FRACTIONS: SplitFractions = { train: 0.6, valid: 0.2, test: 0.2 };

/**
 * Assigns every object to a split by the rank of a hash of seed and id: the same ids and seed give the same
 * splits whatever the order of the files, and the counts are exact (rounded shares; what is left trains).
 *
 * @param ids N distinct identifiers
 * @returns length N
 * @throws UserError when the shares are not a division of 1
 */
export function assignSplits(
  ids: readonly string[],
  seed: number,
  fractions: SplitFractions = DEFAULT_FRACTIONS,
): Split[] {
  checkFractions(fractions);
  const keys = Float64Array.from(ids, (id) => hashOf(id, seed));
  const order = Uint32Array.from(ids, (_, index) => index).sort(
    (a, b) => keys[a] - keys[b] || (ids[a] < ids[b] ? -1 : ids[a] > ids[b] ? 1 : a - b),
  );
  const tests = Math.round(ids.length * fractions.test);
  const valids = Math.min(ids.length - tests, Math.round(ids.length * fractions.valid));
  const split = new Array<Split>(ids.length).fill('train');
  for (let rank = 0; rank < tests + valids; rank++) split[order[rank]] = rank < tests ? 'test' : 'valid';
  return split;
}

function checkFractions({ train, valid, test }: SplitFractions): void {
  const shares = [train, valid, test];
  const sum = train + valid + test;
  if (shares.every((share) => share >= 0) && Math.abs(sum - 1) < 1e-6) return;
  throw new UserError(
    `split shares train ${train}, valid ${valid}, test ${test} must be non-negative and sum to 1; they sum to ${sum}`,
  );
}

/**
 * 53 bits from two 32-bit multiplicative hashes with the finaliser of MurmurHash3, so that ids which differ in
 * one digit (plate-mjd-fiber) land far apart.
 */
function hashOf(id: string, seed: number): number {
  const folded = seed ^ Math.imul(Math.floor(seed / 4294967296), 0x9e3779b9);
  let high = 0x811c9dc5 ^ folded;
  let low = 0x2545f491 ^ Math.imul(folded, 0x85ebca6b);
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
  }
  return (finalise(high ^ (low >>> 15)) & 0x1fffff) * 4294967296 + finalise(low ^ (high >>> 13));
}

function finalise(word: number): number {
  let z = word ^ (word >>> 16);
  z = Math.imul(z, 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
