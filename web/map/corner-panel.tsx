import { useMemo } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { change, useExplorer } from '../state/store.ts';
import { inBoth } from '../tables/order.ts';
import { colouringOf } from './colouring.ts';
import { CornerCell } from './corner-cell.tsx';
import { isShownPair, pairsOf, sampledRows } from './corner-pairs.ts';
import { useMapColours } from './map-colours.ts';
import { axisName, linearPlane } from './plane.ts';

/** Objects drawn in each small plot; more only darken it. */
const MOST_DRAWN = 4000;
/** More axes than these give plots too small to read; the first hold most of the variance. */
const MOST_AXES = 8;

/** Every pair of axes at once: a drag selects in all of them, a click shows a pair on the map. */
export function CornerPanel() {
  const exhibit = useExhibit();
  const { columns, description, run, shown } = exhibit;
  const plane = useExplorer((state) => state.plane);
  const colour = useExplorer((state) => state.colour);
  const selection = useExplorer((state) => state.selection);
  const colours = useMapColours();
  const kind = plane.kind === 'own' ? 'own' : 'turned';
  const axes = Math.min(run.entry.latents, MOST_AXES);
  const pairs = useMemo(
    () => pairsOf(axes).map((pair) => ({ pair, plane: linearPlane({ run }, { kind, ...pair }) })),
    [axes, run, kind],
  );
  const { colouring } = useMemo(
    () => colouringOf({ columns, description }, colour, colours),
    [columns, description, colour, colours],
  );
  const marks = useMemo(
    () => ({
      drawn: sampledRows(shown, description.objects, MOST_DRAWN),
      selected: selection === null ? null : sampledRows(inBoth(selection, shown), description.objects, MOST_DRAWN),
      colouring,
    }),
    [shown, description, selection, colouring],
  );
  if (axes < 2) return <p className="muted">This run has a single latent: there are no pairs.</p>;
  return (
    <section className="corner" aria-label="All pairs of axes">
      <p className="muted small">
        Drag in a plot to select; click it to put it on the map.
        {marks.drawn.length < (shown?.length ?? description.objects) &&
          ` Of the objects, ${marks.drawn.length.toLocaleString('en')} are drawn; all are selected.`}
        {axes < run.entry.latents && ` The first ${axes} of ${run.entry.latents} axes.`}
      </p>
      <div className="corner-grid" style={{ gridTemplateColumns: `repeat(${axes - 1}, minmax(0, 1fr))` }}>
        {pairs.map(({ pair, plane: pairPlane }) => (
          <CornerCell
            key={`${pair.x} ${pair.y}`}
            style={{ gridColumn: pair.x + 1, gridRow: pair.y }}
            plane={pairPlane}
            titles={[axisName(run.entry, kind, pair.x), axisName(run.entry, kind, pair.y)]}
            isShown={isShownPair(plane, kind, pair)}
            marks={marks}
            onOpen={() => change({ plane: { kind, x: pair.x, y: pair.y } })}
          />
        ))}
      </div>
    </section>
  );
}
