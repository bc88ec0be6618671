/** Colours of the style sheets for what is drawn on a canvas, which cannot name custom properties. */
import { useMemo } from 'react';
import { type ShownTheme, useTheme } from '../shell/theme.ts';
import type { CategoryColours } from './colouring.ts';

export interface MapColours extends CategoryColours {
  readonly paper: string;
  readonly ink: string;
  readonly accent: string;
}

/** Eight, so that neighbours in the alphabet differ also in brightness. */
const HUES = ['--blue', '--orange', '--green', '--vermillion', '--sky', '--purple', '--ochre', '--slate'] as const;

export function useMapColours(): MapColours {
  const theme = useTheme();
  return useMemo(() => coloursOf(theme), [theme]);
}

/** @param theme only the page's own, whose attribute may not be set yet */
function coloursOf(theme: ShownTheme): MapColours {
  document.documentElement.dataset.theme = theme;
  const style = getComputedStyle(document.documentElement);
  const named = (name: string) => style.getPropertyValue(name).trim();
  return {
    hues: HUES.map(named),
    other: named('--grey'),
    missing: named('--unknown'),
    paper: named('--paper'),
    ink: named('--ink'),
    accent: named('--accent'),
  };
}
