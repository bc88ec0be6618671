import { type Matrix, row } from '../../base/index.ts';
import { dense, symmetricEigen } from '../../linalg/index.ts';

/** One pick of DEMUD. */
export interface NovelObject {
  /** Row of the residuals. */
  readonly row: number;
  /** Σ over pixels of what is new about it, in units of the noise variance. */
  readonly novelty: number;
  /** Length P: its residual minus what earlier picks explain. */
  readonly novel: Float32Array;
}

/** Directions kept of what was picked so far. */
const COMPONENTS = 10;

/**
 * Discovery through eigenbasis modelling of uninteresting data (Wagstaff et al. 2013) on what a run leaves over: the
 * residual of greatest length is picked, becomes known, and the next pick is the one least explained by all that is
 * known. So a kind of oddity is shown once, not ten times over. What is known is the span of the picks' leading singular
 * vectors; the run itself stands for the first model, so no mean is subtracted.
 *
 * @param residuals M × P, (flux − model) in standard deviations, 0 where not observed
 * @param count picks, at most M
 */
export function demud(residuals: Matrix, count: number): NovelObject[] {
  const { rows: m, columns: p } = residuals;
  const picks: NovelObject[] = [];
  const free = new Set(Array.from({ length: m }, (_, i) => i));
  while (picks.length < Math.min(count, m)) {
    const known = knownDirections(
      residuals,
      picks.map((pick) => pick.row),
    );
    let best: NovelObject | null = null;
    for (const candidate of free) {
      const novel = withoutKnown(row(residuals, candidate), known, p);
      const novelty = novel.reduce((sum, value) => sum + value * value, 0);
      if (best === null || novelty > best.novelty) best = { row: candidate, novelty, novel };
    }
    if (best === null) break;
    picks.push(best);
    free.delete(best.row);
  }
  return picks;
}

/** Leading right singular vectors of the picked rows, by the eigenvectors of their Gram matrix. */
function knownDirections(residuals: Matrix, picked: readonly number[]): Float64Array[] {
  const s = picked.length;
  if (s === 0) return [];
  const gram = dense(s, s);
  for (let i = 0; i < s; i++) {
    for (let j = 0; j < s; j++) gram.data[i * s + j] = dot(row(residuals, picked[i]), row(residuals, picked[j]));
  }
  const { values, vectors } = symmetricEigen(gram);
  const directions: Float64Array[] = [];
  for (let k = 0; k < Math.min(s, COMPONENTS) && values[k] > 1e-9 * values[0]; k++) {
    const direction = new Float64Array(residuals.columns);
    for (let i = 0; i < s; i++) {
      const share = vectors.data[k * s + i] / Math.sqrt(values[k]);
      const own = row(residuals, picked[i]);
      for (let c = 0; c < own.length; c++) direction[c] += share * own[c];
    }
    directions.push(direction);
  }
  return directions;
}

function withoutKnown(residual: Float32Array, known: readonly Float64Array[], pixels: number): Float32Array {
  const novel = Float32Array.from(residual);
  for (const direction of known) {
    const share = dot(residual, direction);
    for (let c = 0; c < pixels; c++) novel[c] -= share * direction[c];
  }
  return novel;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
