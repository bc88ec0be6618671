import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../engine/use-engine.ts';

/** What was loaded of some things, by key; things that are still under way are absent. */
export interface Awaited<T> {
  readonly values: ReadonlyMap<string, T>;
  /** Sentences for people. */
  readonly problems: readonly string[];
}

const KEPT = 64;

/**
 * Loads one thing for each key, once, as keys come; those that are no longer wanted are kept for a while.
 *
 * @param load its own answer is what decides, so it need not be the same function every time; null = not yet
 */
export function useAwaited<T>(keys: readonly string[], load: ((key: string) => Promise<T>) | null): Awaited<T> {
  const asked = useRef(new Map<string, Promise<void>>());
  const [values, setValues] = useState<ReadonlyMap<string, T>>(new Map());
  const [failed, setFailed] = useState<ReadonlyMap<string, string>>(new Map());
  const wanted = keys.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `load` gives the same for a key that was loaded
  useEffect(() => {
    if (load === null) return;
    for (const key of wanted === '' ? [] : wanted.split('\n')) {
      if (asked.current.has(key)) continue;
      const done = load(key).then(
        (value) => setValues((before) => new Map([...before, [key, value] as const].slice(-KEPT))),
        (error: unknown) => setFailed((before) => new Map(before).set(key, problemOf(error))),
      );
      asked.current.set(key, done);
    }
    // What was dropped from the kept must be asked for again when it is wanted.
    for (const key of [...asked.current.keys()].slice(0, -KEPT)) asked.current.delete(key);
  }, [wanted, load === null]);
  const problems = keys.flatMap((key) => failed.get(key) ?? []);
  return { values, problems: [...new Set(problems)] };
}
