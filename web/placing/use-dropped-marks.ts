import { useMemo } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import { markOnPlane, type PlaneMark } from './ellipse.ts';

/** A spectrum that the reader brought, where it is on the map's plane, with its ellipse of one standard deviation. */
export interface DroppedMark extends PlaneMark {
  readonly name: string;
}

/** Empty on a UMAP, where no formula puts a new object. */
export function useDroppedMarks(): readonly DroppedMark[] {
  const { axes } = useExhibit().run.entry;
  const dropped = useExplorer((state) => state.dropped);
  const plane = useExplorer((state) => state.plane);
  return useMemo(
    () =>
      dropped.flatMap((placed) => {
        const mark = markOnPlane(placed, axes, plane);
        return mark === null ? [] : [{ ...mark, name: placed.id }];
      }),
    [dropped, axes, plane],
  );
}
