import { useEffect, useRef, useState } from 'react';
import { change, useExplorer } from '../state/store.ts';

export interface Player {
  readonly isPlaying: boolean;
  readonly isLooping: boolean;
  /** Times the usual pace. */
  readonly speed: number;
  play(plays: boolean): void;
  loop(loops: boolean): void;
  setSpeed(speed: number): void;
  /** @param at from 0 to 1 */
  moveTo(at: number): void;
}

/** Seconds from end to end at the usual pace. */
const SECONDS = 8;

/** Walks the state's track position. */
export function usePlayer(): Player {
  const [isPlaying, setPlaying] = useState(false);
  const [isLooping, setLooping] = useState(true);
  const [speed, setSpeed] = useState(1);
  const latest = useRef({ isLooping, speed });
  latest.current = { isLooping, speed };
  useEffect(() => {
    if (!isPlaying) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const { isLooping: loops, speed: pace } = latest.current;
      const next = positionNow() + (Math.max(0, now - before) / 1000 / SECONDS) * pace;
      before = now;
      moveTo(next <= 1 ? next : loops ? next % 1 : 1);
      if (next > 1 && !loops) setPlaying(false);
      else frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  const play = (plays: boolean) => {
    if (plays && positionNow() >= 1) moveTo(0);
    setPlaying(plays);
  };
  return { isPlaying, isLooping, speed, play, loop: setLooping, setSpeed, moveTo };
}

function positionNow(): number {
  return useExplorer.getState().trackPosition.at;
}

function moveTo(at: number): void {
  const { track } = useExplorer.getState().trackPosition;
  change({ trackPosition: { track, at: Math.min(1, Math.max(0, at)) } });
}
