import { create } from 'zustand';
import type { Engine } from '../engine/engine.ts';
import { problemOf } from '../engine/use-engine.ts';
import { change, useExplorer } from '../state/store.ts';

export interface PlacingNote {
  readonly file: string;
  readonly kind: 'working' | 'done' | 'skipped' | 'failed';
  /** A sentence for people. */
  readonly text: string;
}

/** What became of files that were dropped, the last first. */
export const usePlacing = create<{ readonly notes: readonly PlacingNote[] }>(() => ({ notes: [] }));

const MOST_NOTES = 20;

export function dismissPlacing(): void {
  usePlacing.setState({ notes: [] });
}

/** Reads and encodes files one after the other, and shows what they hold. */
export async function placeFiles(engine: Engine, run: string, files: readonly File[]): Promise<void> {
  for (const file of files) {
    const working: PlacingNote = { file: file.name, kind: 'working', text: 'is being read and placed …' };
    tell([working]);
    const said = await placeOne(engine, run, file);
    usePlacing.setState(({ notes }) => ({ notes: notes.filter((note) => note !== working) }));
    tell(said);
  }
}

async function placeOne(engine: Engine, run: string, file: File): Promise<PlacingNote[]> {
  try {
    const { placed, skipped } = await engine.place(run, file);
    if (placed.length > 0) {
      change({ dropped: [...placed, ...useExplorer.getState().dropped], panel: 'spectrum' });
    }
    const count = placed.length === 1 ? 'one spectrum' : `${placed.length} spectra`;
    return [
      ...(placed.length === 0 ? [] : [{ file: file.name, kind: 'done' as const, text: `${count} placed on the map.` }]),
      ...skipped.map(({ place, reason }) => ({
        file: file.name,
        kind: 'skipped' as const,
        text: `${place}: ${reason}`,
      })),
    ];
  } catch (error) {
    return [{ file: file.name, kind: 'failed', text: problemOf(error) }];
  }
}

function tell(said: readonly PlacingNote[]): void {
  usePlacing.setState(({ notes }) => ({ notes: [...said, ...notes].slice(0, MOST_NOTES) }));
}
