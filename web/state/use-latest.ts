import { type RefObject, useLayoutEffect, useRef } from 'react';

/** What was passed at the last rendering, for listeners that outlive it. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
