import { type KeyboardEvent, useId } from 'react';
import { useExplorer } from '../state/store.ts';
import { sharesOf } from './path.ts';
import type { ShownTrack } from './shown-track.ts';
import type { Player } from './use-player.ts';

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const STEP = 0.01;

export function PlayerControls({ track, player }: { readonly track: ShownTrack; readonly player: Player }) {
  const id = useId();
  const at = useExplorer((state) => state.trackPosition.at);
  const shares = sharesOf(track.points.map(({ latent }) => latent));
  const keys = (event: KeyboardEvent) => {
    const target = keyTarget(event.key, at, shares);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (target === 'toggle') player.play(!player.isPlaying);
    else player.moveTo(target);
  };
  return (
    <div className="player row">
      <button
        type="button"
        aria-label={player.isPlaying ? 'Pause' : 'Play'}
        className="icon"
        onClick={() => player.play(!player.isPlaying)}
      >
        {player.isPlaying ? '❚❚' : '▶'}
      </button>
      <div className="player-track">
        <input
          type="range"
          aria-label="Position along the track; space plays, arrows step, page up and down go from point to point"
          min={0}
          max={1}
          step="any"
          value={at}
          onInput={(event) => player.moveTo(Number(event.currentTarget.value))}
          onChange={() => {}}
          onKeyDown={keys}
        />
        <div className="player-points" aria-hidden="true">
          {track.points.map(({ name }, k) => (
            <span key={name} style={{ left: `${100 * shares[k]}%` }}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <span className="field">
        <label htmlFor={id}>speed</label>
        <select id={id} value={player.speed} onChange={({ target }) => player.setSpeed(Number(target.value))}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed}×
            </option>
          ))}
        </select>
      </span>
      <button type="button" aria-pressed={player.isLooping} onClick={() => player.loop(!player.isLooping)}>
        loop
      </button>
    </div>
  );
}

function keyTarget(key: string, at: number, shares: readonly number[]): number | 'toggle' | null {
  switch (key) {
    case ' ':
      return 'toggle';
    case 'ArrowRight':
    case 'ArrowUp':
      return at + STEP;
    case 'ArrowLeft':
    case 'ArrowDown':
      return at - STEP;
    case 'PageDown':
      return shares.find((share) => share > at + 1e-6) ?? 1;
    case 'PageUp':
      return shares.findLast((share) => share < at - 1e-6) ?? 0;
    case 'Home':
      return 0;
    case 'End':
      return 1;
    default:
      return null;
  }
}
