import { useEffect, useState } from 'react';
import { UserError } from '../../src/base/index.ts';
import { useExhibit, useExhibits } from '../data/use-exhibit.ts';
import type { Engine } from './engine.ts';
import { PageEngine } from './engine-client.ts';

let engine: PageEngine | null = null;

/** The page's engine. Runs must be opened before they are asked; `useOpenEngine` sees to the one on show. */
export function useEngine(): Engine {
  const exhibits = useExhibits();
  engine ??= new PageEngine(exhibits);
  return engine;
}

export type Opening =
  | { readonly step: 'opening' }
  | { readonly step: 'failed'; readonly problem: string }
  | { readonly step: 'open'; readonly engine: Engine };

/** The engine with the run on show and further runs of the exhibit opened. */
export function useOpenEngine(others: readonly string[] = []): Opening {
  const exhibit = useExhibit();
  const made = useEngine();
  const [opening, setOpening] = useState<Opening>({ step: 'opening' });
  const names = [exhibit.run.entry.name, ...others].join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a filter makes a new exhibit of the same description and run
  useEffect(() => {
    let isWanted = true;
    setOpening({ step: 'opening' });
    Promise.all(names.split(' ').map((name) => made.open(exhibit, name))).then(
      () => isWanted && setOpening({ step: 'open', engine: made }),
      (error: unknown) => isWanted && setOpening({ step: 'failed', problem: problemOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [exhibit.description, exhibit.run, names, made]);
  return opening;
}

/** An error as one sentence for people. */
export function problemOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return `This failed unexpectedly: ${error instanceof Error ? error.message : String(error)}. Load the page anew.`;
}
