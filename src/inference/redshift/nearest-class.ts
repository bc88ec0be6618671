import { row } from '../../base/index.ts';
import type { LinearBasis } from './linear-basis.ts';

/** Neighbours that vote. */
const NEIGHBOURS = 11;

/**
 * The class that most of the nearest training spectra have, near in latent space by the population's own spread.
 *
 * @param precision inverse covariance of the training latents, packed
 * @returns null when none of them has a class
 */
export function nearestClass(
  { latents, classes }: Pick<LinearBasis, 'latents' | 'classes'>,
  precision: Float64Array,
  latent: Float64Array,
): string | null {
  const known = Array.from(classes.keys()).filter((n) => classes[n] !== null);
  const distance = (n: number) => {
    const other = row(latents, n);
    let sum = 0;
    for (let q = 0, at = 0; q < latent.length; q++) {
      for (let r = q; r < latent.length; r++) {
        sum += (r > q ? 2 : 1) * precision[at++] * (latent[q] - other[q]) * (latent[r] - other[r]);
      }
    }
    return sum;
  };
  const nearest = known
    .map((n) => ({ distance: distance(n), name: classes[n] }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEIGHBOURS);
  const votes = new Map<string, number>();
  for (const { name } of nearest) if (name !== null) votes.set(name, (votes.get(name) ?? 0) + 1);
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
