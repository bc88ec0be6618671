/** Follows the state's exhibit and run, loads them, and says how far that is. */
import { startTransition, useEffect, useState } from 'react';
import { UserError } from '../../src/base/index.ts';
import type { ExhibitDescription, Exhibits, RunEntry } from '../../src/explorer/index.ts';
import { change, useExplorer } from '../state/store.ts';
import {
  type Catalogue,
  joined,
  type LoadedExhibit,
  loadCatalogue,
  loadDescription,
  loadExhibits,
  loadRun,
} from './load-exhibit.ts';

export type Loading =
  | { readonly step: 'loading'; readonly what: string; readonly exhibits: Exhibits | null }
  | {
      readonly step: 'failed';
      readonly problem: string;
      readonly exhibits: Exhibits | null;
      readonly retry: () => void;
    }
  | { readonly step: 'loaded'; readonly exhibits: Exhibits; readonly exhibit: LoadedExhibit };

export function useLoadedExhibit(tell: (note: string) => void): Loading {
  const exhibitName = useExplorer((state) => state.exhibit);
  const runName = useExplorer((state) => state.run);
  const [attempt, setAttempt] = useState(0);
  const [loading, setLoading] = useState<Loading>({ step: 'loading', what: 'the list of datasets', exhibits: null });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks for the same again
  useEffect(() => {
    let isWanted = true;
    const show = (next: Loading) => {
      // The page with a map of many objects is made in pieces, between which the reader is answered.
      if (isWanted) startTransition(() => setLoading(next));
    };
    let exhibits: Exhibits | null = null;
    const load = async () => {
      exhibits = await remembered('exhibits', loadExhibits);
      const name = chosenName(exhibits.exhibits, exhibitName, 'dataset', tell);
      show({ step: 'loading', what: name, exhibits });
      const description = await remembered(`description ${name}`, () => loadDescription(name));
      const entry = chosenRun(description, runName, tell);
      if (!isWanted) return;
      if (name !== exhibitName || entry.name !== runName) {
        change({ exhibit: name, run: entry.name });
        return;
      }
      show({ step: 'loaded', exhibits, exhibit: await loadBoth(exhibits, description, entry) });
    };
    load().catch((error: unknown) => {
      show({ step: 'failed', problem: sentence(error), exhibits, retry: () => setAttempt((count) => count + 1) });
    });
    return () => {
      isWanted = false;
    };
  }, [exhibitName, runName, attempt]);
  return loading;
}

async function loadBoth(exhibits: Exhibits, description: ExhibitDescription, entry: RunEntry): Promise<LoadedExhibit> {
  const [catalogue, run] = await Promise.all([
    remembered<Catalogue>(`catalogue ${description.name}`, () => loadCatalogue(description, exhibits)),
    loadRun(description, entry, exhibits),
  ]);
  return joined(catalogue, run, exhibits);
}

function chosenName(
  known: readonly { readonly name: string }[],
  wanted: string,
  kind: string,
  tell: (note: string) => void,
): string {
  if (known.length === 0) throw new UserError(`There is no ${kind} here: open a run with lightfold explore RUN.`);
  if (known.some(({ name }) => name === wanted)) return wanted;
  if (wanted !== '') tell(`There is no ${kind} "${wanted}" here; "${known[0].name}" is shown.`);
  return known[0].name;
}

function chosenRun(description: ExhibitDescription, wanted: string, tell: (note: string) => void): RunEntry {
  const name = chosenName(description.runs, wanted, 'run', tell);
  return description.runs.find((run) => run.name === name) ?? description.runs[0];
}

const memory = new Map<string, Promise<unknown>>();

/** What was loaded once; failures are not remembered. The key decides the type. */
function remembered<T>(key: string, load: () => Promise<T>): Promise<T> {
  const kept = memory.get(key);
  if (kept !== undefined) return kept as Promise<T>;
  const asked = load();
  memory.set(key, asked);
  asked.catch(() => memory.delete(key));
  return asked;
}

/** An error as one sentence for people. */
export function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return `Something failed that should not: ${error instanceof Error ? error.message : String(error)}. Load the page anew.`;
}
