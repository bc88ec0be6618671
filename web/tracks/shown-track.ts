import type { RunEntry } from '../../src/explorer/index.ts';
import type { TrackPosition } from '../state/explorer-state.ts';
import type { LatentPoint } from './path.ts';

export interface ShownTrack {
  readonly title: string;
  readonly points: readonly {
    readonly name: string;
    /** Objects whose centroid it is; null on a path through latent space alone. */
    readonly objects: number | null;
    readonly latent: LatentPoint;
  }[];
}

/** The track that is walked: one of the run's, or the path drawn on the map; null when there is none. */
export function shownTrack(
  { tracks }: Pick<RunEntry, 'tracks'>,
  drawn: readonly LatentPoint[],
  track: TrackPosition['track'],
): ShownTrack | null {
  if (track !== 'drawn') return tracks[track] ?? null;
  if (drawn.length < 2) return null;
  const points = drawn.map((latent, at) => ({ name: `P${at + 1}`, objects: null, latent }));
  return { title: 'Path drawn on the map', points };
}
