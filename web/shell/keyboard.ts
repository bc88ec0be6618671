import { useEffect } from 'react';
import { change, redoSelection, undoSelection } from '../state/store.ts';
import { PANEL_NAMES } from './panels.tsx';

/** The keys, as the help lists them. */
export const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['←', '→', '↑', '↓'], 'walk to the neighbour of the chosen object in that direction of the map'],
  [['/'], 'filter'],
  [['l'], 'lasso'],
  [['b'], 'box'],
  [['esc'], 'leave a mode, then clear the selection'],
  [['u', 'ctrl z'], 'undo the last selection'],
  [['shift u'], 'redo it'],
  [['0'], 'whole map'],
  [['1', '…', '5'], 'Spectrum, Generate, Tracks, Tables, All pairs'],
  [['?'], 'this help'],
];

/** Whether keys belong to what has the focus: text is typed there, or arrows move something. */
export function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest('input, select, textarea, dialog, [contenteditable], [role="slider"]') !== null;
}

export const FILTER_FIELD = 'filter';

/** Keys that work on the whole page; the map adds its own. */
export function usePageKeys(onHelp: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || isTaken(event.target)) return;
      const done = event.ctrlKey || event.metaKey ? withControl(event) : plain(event.key, onHelp);
      if (done) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [onHelp]);
}

function withControl({ key, shiftKey }: KeyboardEvent): boolean {
  if (key.toLowerCase() !== 'z') return false;
  if (shiftKey) redoSelection();
  else undoSelection();
  return true;
}

function plain(key: string, onHelp: () => void): boolean {
  if (key === '?') onHelp();
  else if (key === 'u') undoSelection();
  else if (key === 'U') redoSelection();
  else if (key === '/') focusFilter();
  else if (/^[1-5]$/.test(key)) change({ panel: PANEL_NAMES[Number(key) - 1] });
  else return false;
  return true;
}

function focusFilter(): void {
  const field = document.getElementById(FILTER_FIELD);
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}
