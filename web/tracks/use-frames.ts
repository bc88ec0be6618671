import { useEffect, useState } from 'react';
import type { SpectrumBand } from '../engine/engine.ts';
import { type Opening, problemOf } from '../engine/use-engine.ts';
import { framesOf } from './path.ts';
import type { ShownTrack } from './shown-track.ts';

export type Frames =
  | { readonly step: 'waiting' }
  | { readonly step: 'failed'; readonly problem: string }
  | { readonly step: 'ready'; readonly track: ShownTrack; readonly frames: readonly SpectrumBand[] };

/** Spectra along a track, decoded once. */
export function useFrames(opening: Opening, run: string, track: ShownTrack | null): Frames {
  const [frames, setFrames] = useState<Frames>({ step: 'waiting' });
  useEffect(() => {
    if (opening.step !== 'open' || track === null) return;
    let isWanted = true;
    setFrames({ step: 'waiting' });
    opening.engine.decodeMany(run, framesOf(track.points.map(({ latent }) => latent))).then(
      (made) => isWanted && setFrames({ step: 'ready', track, frames: made }),
      (error: unknown) => isWanted && setFrames({ step: 'failed', problem: problemOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [opening, run, track]);
  return opening.step === 'failed' ? opening : frames;
}
