import { createContext, useContext } from 'react';
import type { Exhibits } from '../../src/explorer/index.ts';
import type { ExhibitData } from './exhibit-data.ts';

export const ExhibitContext = createContext<ExhibitData | null>(null);
export const ExhibitsContext = createContext<Exhibits | null>(null);

/** The exhibit on show; only panels inside the shell, which mounts them when it is loaded, may ask. */
export function useExhibit(): ExhibitData {
  const exhibit = useContext(ExhibitContext);
  if (exhibit === null) throw new Error('useExhibit is called outside of a loaded exhibit');
  return exhibit;
}

/** What there is to see, and how it is served. */
export function useExhibits(): Exhibits {
  const exhibits = useContext(ExhibitsContext);
  if (exhibits === null) throw new Error('useExhibits is called before the list of exhibits is loaded');
  return exhibits;
}
