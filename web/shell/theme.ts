import { useEffect, useSyncExternalStore } from 'react';
import { useExplorer } from '../state/store.ts';

export type ShownTheme = 'light' | 'dark';

const asked = () => window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  const query = asked();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Light or dark, as chosen or as the reader's system has it. */
export function useTheme(): ShownTheme {
  const theme = useExplorer((state) => state.theme);
  const systemIsDark = useSyncExternalStore(subscribe, () => asked().matches);
  return theme === 'system' ? (systemIsDark ? 'dark' : 'light') : theme;
}

/** Puts the theme where the style sheets look for it. */
export function useThemedDocument(): void {
  const theme = useTheme();
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
}
