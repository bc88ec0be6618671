import { useMemo } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import type { ChartLine } from './spectrum-chart.ts';

/** The marked lines. @param redshift null = at rest */
export function useLines(redshift: number | null): readonly ChartLine[] {
  const { lines } = useExhibit().description;
  const species = useExplorer((state) => state.species);
  return useMemo(
    () =>
      lines
        .filter((line) => isMarked(species, line.species))
        .map(({ name, wavelength, weight }) => ({ name, weight, wavelength: wavelength * (1 + (redshift ?? 0)) })),
    [lines, species, redshift],
  );
}

/** The kinds of lines of an exhibit, in their order. */
export function speciesOf(lines: readonly { readonly species: string }[]): readonly string[] {
  return [...new Set(lines.map(({ species }) => species))];
}

export function isMarked(marked: readonly string[], species: string): boolean {
  return marked.includes('all') || marked.includes(species);
}
