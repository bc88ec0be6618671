import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { type ExpressionColumns, ExpressionError, rowsWhere } from '../../src/explorer/index.ts';
import type { ExhibitData } from '../data/exhibit-data.ts';
import type { LoadedExhibit } from '../data/load-exhibit.ts';
import { ExhibitContext } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';

/** Gives what is below the loaded exhibit, with the rows that pass the filter. */
export function ExhibitProvider({
  exhibit,
  children,
}: {
  readonly exhibit: LoadedExhibit;
  readonly children: ReactNode;
}) {
  // Typing goes on while a long table is filtered.
  const filter = useDeferredValue(useExplorer((state) => state.filter));
  const data = useMemo<ExhibitData>(
    () => ({ ...exhibit, ...filtered(filter, exhibit.columns, exhibit.description.objects) }),
    [exhibit, filter],
  );
  return <ExhibitContext value={data}>{children}</ExhibitContext>;
}

function filtered(
  filter: string,
  columns: ExpressionColumns,
  rows: number,
): Pick<ExhibitData, 'shown' | 'filterError'> {
  if (filter.trim() === '') return { shown: null, filterError: null };
  try {
    return { shown: rowsWhere(filter, columns, rows), filterError: null };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { shown: null, filterError: error.message };
  }
}
