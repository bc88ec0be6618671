import { create } from 'zustand';
import type { PlacedSpectrum } from '../../src/explorer/index.ts';
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

/** Where each came from, so that it can be placed again at another redshift. */
const files = new WeakMap<PlacedSpectrum, File>();

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

/** Moves a spectrum that was placed to where it lies at another redshift. */
export async function placeAgain(engine: Engine, run: string, before: PlacedSpectrum, redshift: number): Promise<void> {
  const file = files.get(before);
  if (file === undefined) throw new Error(`the file of ${before.id} is not kept`);
  const working: PlacingNote = { file: file.name, kind: 'working', text: `is being placed at z = ${redshift} …` };
  tell([working]);
  const said = await replace(engine, run, before, file, redshift);
  usePlacing.setState(({ notes }) => ({ notes: notes.filter((note) => note !== working) }));
  tell([said]);
}

async function replace(
  engine: Engine,
  run: string,
  before: PlacedSpectrum,
  file: File,
  redshift: number,
): Promise<PlacingNote> {
  try {
    const { placed, skipped } = await engine.place(run, file, redshift);
    // All spectra of the file are moved by the redshift; it was asked for this one.
    const after = placed.find(({ id, source }) => id === before.id && source === before.source);
    if (after === undefined) {
      const text = skipped.map(({ place, reason }) => `${place}: ${reason}`).join('; ');
      return { file: file.name, kind: 'failed', text: `${before.id} cannot be placed at z = ${redshift}: ${text}` };
    }
    files.set(after, file);
    change({ dropped: useExplorer.getState().dropped.map((each) => (each === before ? after : each)) });
    return { file: file.name, kind: 'done', text: `${before.id} placed again, at z = ${redshift}.` };
  } catch (error) {
    return { file: file.name, kind: 'failed', text: problemOf(error) };
  }
}

async function placeOne(engine: Engine, run: string, file: File): Promise<PlacingNote[]> {
  try {
    const { placed, skipped } = await engine.place(run, file);
    for (const each of placed) files.set(each, file);
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
