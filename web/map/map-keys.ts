import { useEffect } from 'react';
import { isTaken } from '../shell/keyboard.ts';
import { select, useExplorer } from '../state/store.ts';
import { useLatest } from '../state/use-latest.ts';
import { setMapMode, toggleMapMode, useMapSettings } from './map-settings.ts';
import type { Direction } from './point-index.ts';

export interface MapKeyHandlers {
  readonly onWalk: (direction: Direction) => void;
  readonly onWhole: () => void;
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Keys of the map, wherever on the page the focus is, unless what has it uses them. */
export function useMapKeys(told: MapKeyHandlers): void {
  const handlers = useLatest(told);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isTaken(event.target)) return;
      if (act(event, handlers.current)) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [handlers]);
}

function act({ key, target }: KeyboardEvent, { onWalk, onWhole }: MapKeyHandlers): boolean {
  const direction = ARROWS[key];
  // Lists that scroll keep their arrows.
  const isOnList = target instanceof HTMLElement && target.closest('[data-own-arrows]') !== null;
  if (direction !== undefined && !isOnList) onWalk(direction);
  else if (key === 'l') toggleMapMode('lasso');
  else if (key === 'b') toggleMapMode('box');
  else if (key === '0') onWhole();
  else if (key === 'Escape') leave();
  else return false;
  return true;
}

/** First out of a mode, then out of the selection. */
function leave(): void {
  if (useMapSettings.getState().mode !== 'move') setMapMode('move');
  else if (useExplorer.getState().selection !== null) select(null);
}
