/** What the map's own controls are set to: passing, so neither in the address nor among what panels share. */
import { create } from 'zustand';

/** What dragging does; `path` adds the points of a track by clicks. */
export type MapMode = 'move' | 'lasso' | 'box' | 'path';

interface MapSettings {
  readonly mode: MapMode;
  /** Entries of the legend whose objects are not drawn, by label. */
  readonly hidden: ReadonlySet<string>;
}

export const useMapSettings = create<MapSettings>(() => ({ mode: 'move', hidden: new Set() }));

export function setMapMode(mode: MapMode): void {
  useMapSettings.setState({ mode });
}

/** Turns a mode on, or off when it is. */
export function toggleMapMode(mode: MapMode): void {
  useMapSettings.setState((state) => ({ mode: state.mode === mode ? 'move' : mode }));
}

export function toggleHidden(label: string): void {
  useMapSettings.setState(({ hidden }) => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    return { hidden: next };
  });
}

export function showAllEntries(): void {
  useMapSettings.setState({ hidden: new Set() });
}
